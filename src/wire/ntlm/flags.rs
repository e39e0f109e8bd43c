//! `NegotiateFlags` ([MS-NLMP] 2.2.2.5).

use bitflags::bitflags;

bitflags! {
    /// What the two sides offer and agree on. Bits without a name are kept.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
    pub struct NegotiateFlags: u32 {
        /// `NTLMSSP_NEGOTIATE_UNICODE`
        const UNICODE = 0x0000_0001;
        /// `NTLM_NEGOTIATE_OEM`
        const OEM = 0x0000_0002;
        /// `NTLMSSP_REQUEST_TARGET`
        const REQUEST_TARGET = 0x0000_0004;
        /// `NTLMSSP_NEGOTIATE_SIGN`
        const SIGN = 0x0000_0010;
        /// `NTLMSSP_NEGOTIATE_SEAL`
        const SEAL = 0x0000_0020;
        /// `NTLMSSP_NEGOTIATE_DATAGRAM`
        const DATAGRAM = 0x0000_0040;
        /// `NTLMSSP_NEGOTIATE_LM_KEY`
        const LM_KEY = 0x0000_0080;
        /// `NTLMSSP_NEGOTIATE_NTLM`
        const NTLM = 0x0000_0200;
        /// The client is anonymous.
        const ANONYMOUS = 0x0000_0800;
        /// `NTLMSSP_NEGOTIATE_OEM_DOMAIN_SUPPLIED`
        const OEM_DOMAIN_SUPPLIED = 0x0000_1000;
        /// `NTLMSSP_NEGOTIATE_OEM_WORKSTATION_SUPPLIED`
        const OEM_WORKSTATION_SUPPLIED = 0x0000_2000;
        /// `NTLMSSP_NEGOTIATE_LOCAL_CALL`: never offered and never believed.
        const LOCAL_CALL = 0x0000_4000;
        /// `NTLMSSP_NEGOTIATE_ALWAYS_SIGN`
        const ALWAYS_SIGN = 0x0000_8000;
        /// `NTLMSSP_TARGET_TYPE_DOMAIN`
        const TARGET_TYPE_DOMAIN = 0x0001_0000;
        /// `NTLMSSP_TARGET_TYPE_SERVER`
        const TARGET_TYPE_SERVER = 0x0002_0000;
        /// `NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY`
        const EXTENDED_SESSION_SECURITY = 0x0008_0000;
        /// `NTLMSSP_NEGOTIATE_IDENTIFY`
        const IDENTIFY = 0x0010_0000;
        /// `NTLMSSP_REQUEST_NON_NT_SESSION_KEY`
        const REQUEST_NON_NT_SESSION_KEY = 0x0040_0000;
        /// `NTLMSSP_NEGOTIATE_TARGET_INFO`
        const TARGET_INFO = 0x0080_0000;
        /// `NTLMSSP_NEGOTIATE_VERSION`
        const VERSION = 0x0200_0000;
        /// `NTLMSSP_NEGOTIATE_128`
        const BITS_128 = 0x2000_0000;
        /// `NTLMSSP_NEGOTIATE_KEY_EXCH`
        const KEY_EXCH = 0x4000_0000;
        /// `NTLMSSP_NEGOTIATE_56`
        const BITS_56 = 0x8000_0000;

        const _ = !0;
    }
}
