//! `KRB-ERROR` (RFC 4120 5.9) and what its `e-data` may be.

use super::asn1::{
    Int32, KerberosString, LenientString, OctetString, Optional, UInt32, lists, messages, sequence,
};
use super::types::PrincipalName;
use super::{WireError, numbers};
use crate::spi::kerberos::KerberosTime;

/// `KRB-ERROR` (RFC 4120 5.9.1). Nothing in it is protected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KrbError {
    /// `ctime`.
    pub ctime: Option<KerberosTime>,
    /// `cusec`.
    pub cusec: Option<u32>,
    /// `stime`.
    pub stime: KerberosTime,
    /// `susec`.
    pub susec: u32,
    /// `error-code`: [`numbers::error_code`].
    pub error_code: i32,
    /// `crealm`.
    pub crealm: Option<String>,
    /// `cname`.
    pub cname: Option<PrincipalName>,
    /// `realm`.
    pub realm: String,
    /// `sname`.
    pub sname: PrincipalName,
    /// `e-text`.
    pub e_text: Option<String>,
    /// `e-data`: METHOD-DATA, TYPED-DATA or KERB-ERROR-DATA.
    pub e_data: Option<Vec<u8>>,
}

sequence! { KrbError [APPLICATION 30] {
    [0] pvno = 5,
    [1] msg_type = 30,
    [2] ctime: Optional<KerberosTime>,
    [3] cusec: Optional<UInt32>,
    [4] stime: KerberosTime,
    [5] susec: UInt32,
    [6] error_code: Int32,
    [7] crealm: Optional<KerberosString>,
    [8] cname: Optional<PrincipalName>,
    [9] realm: KerberosString,
    [10] sname: PrincipalName,
    [11] e_text: Optional<LenientString>,
    [12] e_data: Optional<OctetString>,
}}

/// An element of `TYPED-DATA` (RFC 4120 5.9.1), which is a list of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedData {
    /// `data-type`.
    pub data_type: i32,
    /// `data-value`.
    pub data_value: Option<Vec<u8>>,
}

sequence! { TypedData {
    [0] data_type: Int32,
    [1] data_value: Optional<OctetString>,
}}

/// `KERB-ERROR-DATA` ([MS-KILE] 2.2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KerbErrorData {
    /// `data-type`: [`numbers::error_data`].
    pub data_type: i32,
    /// `data-value`.
    pub data_value: Option<Vec<u8>>,
}

sequence! { KerbErrorData {
    [1] data_type: Int32,
    [2] data_value: Optional<OctetString>,
    extensible
}}

impl KerbErrorData {
    /// What an acceptor answers when the clocks are apart, so that a client of Windows tries
    /// again with the corrected time ([MS-KILE] 2.2.2: KERB_AP_ERR_TYPE_SKEW_RECOVERY).
    pub const fn skew_recovery() -> Self {
        Self { data_type: numbers::error_data::SKEW_RECOVERY, data_value: None }
    }
}

/// `KERB_EXT_ERROR` ([MS-KILE] 2.2.2), the value of a KERB-ERROR-DATA of type 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KerbExtError {
    /// An NTSTATUS.
    pub status: u32,
    /// Reserved.
    pub reserved: u32,
    /// Flags.
    pub flags: u32,
}

impl KerbExtError {
    /// Reads it; what follows the twelve bytes is passed over.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        let numbers: &[[u8; 4]] = bytes.as_chunks().0;
        let [status, reserved, flags, ..] = numbers else {
            return Err(WireError::new("KERB_EXT_ERROR", "too short"));
        };
        let number = |bytes: &[u8; 4]| u32::from_le_bytes(*bytes);
        Ok(Self { status: number(status), reserved: number(reserved), flags: number(flags) })
    }

    /// Writes it.
    pub fn to_bytes(self) -> Vec<u8> {
        [self.status, self.reserved, self.flags].into_iter().flat_map(u32::to_le_bytes).collect()
    }
}

messages! { KrbError: "KRB-ERROR", KerbErrorData: "KERB-ERROR-DATA" }
lists! { TypedData: "TYPED-DATA" }
