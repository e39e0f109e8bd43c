//! Holds: handles, buffers, package descriptions and channel bindings (sspi.h).

use core::ffi::c_void;

use super::*;

/// A handle: two numbers that mean something to this library only.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecHandle {
    pub dwLower: ULONG_PTR,
    pub dwUpper: ULONG_PTR,
}
pub type SecHandle = _SecHandle;
pub type CredHandle = SecHandle;
pub type CtxtHandle = SecHandle;
pub type PSecHandle = *mut SecHandle;
pub type PCredHandle = *mut CredHandle;
pub type PCtxtHandle = *mut CtxtHandle;
layout!(SecHandle, 16, 8, dwLower 0, dwUpper 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SECURITY_STRING {
    pub Length: USHORT,
    pub MaximumLength: USHORT,
    pub Buffer: *mut USHORT,
}
pub type SECURITY_STRING = _SECURITY_STRING;
pub type PSECURITY_STRING = *mut SECURITY_STRING;
layout!(SECURITY_STRING, 16, 8, Length 0, MaximumLength 2, Buffer 8);

/// What a security package is and can do.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgInfoW {
    pub fCapabilities: ULONG,
    pub wVersion: USHORT,
    pub wRPCID: USHORT,
    pub cbMaxToken: ULONG,
    pub Name: *mut SEC_WCHAR,
    pub Comment: *mut SEC_WCHAR,
}
pub type SecPkgInfoW = _SecPkgInfoW;
pub type PSecPkgInfoW = *mut SecPkgInfoW;
layout!(
    SecPkgInfoW, 32, 8, fCapabilities 0, wVersion 4, wRPCID 6, cbMaxToken 8, Name 16, Comment 24
);

/// What a security package is and can do.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgInfoA {
    pub fCapabilities: ULONG,
    pub wVersion: USHORT,
    pub wRPCID: USHORT,
    pub cbMaxToken: ULONG,
    pub Name: *mut SEC_CHAR,
    pub Comment: *mut SEC_CHAR,
}
pub type SecPkgInfoA = _SecPkgInfoA;
pub type PSecPkgInfoA = *mut SecPkgInfoA;
layout!(
    SecPkgInfoA, 32, 8, fCapabilities 0, wVersion 4, wRPCID 6, cbMaxToken 8, Name 16, Comment 24
);

/// One buffer; its type says what is in it, its upper bits how it may be used.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecBuffer {
    pub cbBuffer: ULONG,
    pub BufferType: ULONG,
    pub pvBuffer: *mut c_void,
}
pub type SecBuffer = _SecBuffer;
pub type PSecBuffer = *mut SecBuffer;
layout!(SecBuffer, 16, 8, cbBuffer 0, BufferType 4, pvBuffer 8);

/// A list of buffers.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecBufferDesc {
    pub ulVersion: ULONG,
    pub cBuffers: ULONG,
    pub pBuffers: PSecBuffer,
}
pub type SecBufferDesc = _SecBufferDesc;
pub type PSecBufferDesc = *mut SecBufferDesc;
layout!(SecBufferDesc, 16, 8, ulVersion 0, cBuffers 4, pBuffers 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_NEGOTIATION_INFO {
    pub Size: ULONG,
    pub NameLength: ULONG,
    pub Name: *mut SEC_WCHAR,
    pub Reserved: *mut c_void,
}
pub type SEC_NEGOTIATION_INFO = _SEC_NEGOTIATION_INFO;
pub type PSEC_NEGOTIATION_INFO = *mut SEC_NEGOTIATION_INFO;
layout!(SEC_NEGOTIATION_INFO, 24, 8, Size 0, NameLength 4, Name 8, Reserved 16);

/// What the channel under the authentication is bound by; offsets count from its first byte.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_CHANNEL_BINDINGS {
    pub dwInitiatorAddrType: ULONG,
    pub cbInitiatorLength: ULONG,
    pub dwInitiatorOffset: ULONG,
    pub dwAcceptorAddrType: ULONG,
    pub cbAcceptorLength: ULONG,
    pub dwAcceptorOffset: ULONG,
    pub cbApplicationDataLength: ULONG,
    pub dwApplicationDataOffset: ULONG,
}
pub type SEC_CHANNEL_BINDINGS = _SEC_CHANNEL_BINDINGS;
pub type PSEC_CHANNEL_BINDINGS = *mut SEC_CHANNEL_BINDINGS;
layout!(
    SEC_CHANNEL_BINDINGS, 32, 4, dwInitiatorAddrType 0, cbInitiatorLength 4, dwInitiatorOffset 8,
    dwAcceptorAddrType 12, cbAcceptorLength 16, dwAcceptorOffset 20, cbApplicationDataLength 24,
    dwApplicationDataOffset 28
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_APPLICATION_PROTOCOL_LIST {
    pub ProtoNegoExt: SEC_APPLICATION_PROTOCOL_NEGOTIATION_EXT,
    pub ProtocolListSize: USHORT,
    pub ProtocolList: [UCHAR; 1],
}
pub type SEC_APPLICATION_PROTOCOL_LIST = _SEC_APPLICATION_PROTOCOL_LIST;
pub type PSEC_APPLICATION_PROTOCOL_LIST = *mut SEC_APPLICATION_PROTOCOL_LIST;
layout!(SEC_APPLICATION_PROTOCOL_LIST, 8, 4, ProtoNegoExt 0, ProtocolListSize 4, ProtocolList 6);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_APPLICATION_PROTOCOLS {
    pub ProtocolListsSize: ULONG,
    pub ProtocolLists: [SEC_APPLICATION_PROTOCOL_LIST; 1],
}
pub type SEC_APPLICATION_PROTOCOLS = _SEC_APPLICATION_PROTOCOLS;
pub type PSEC_APPLICATION_PROTOCOLS = *mut SEC_APPLICATION_PROTOCOLS;
layout!(SEC_APPLICATION_PROTOCOLS, 12, 4, ProtocolListsSize 0, ProtocolLists 4);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_SRTP_PROTECTION_PROFILES {
    pub ProfilesSize: USHORT,
    pub ProfilesList: [USHORT; 1],
}
pub type SEC_SRTP_PROTECTION_PROFILES = _SEC_SRTP_PROTECTION_PROFILES;
pub type PSEC_SRTP_PROTECTION_PROFILES = *mut SEC_SRTP_PROTECTION_PROFILES;
layout!(SEC_SRTP_PROTECTION_PROFILES, 4, 2, ProfilesSize 0, ProfilesList 2);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_SRTP_MASTER_KEY_IDENTIFIER {
    pub MasterKeyIdentifierSize: UCHAR,
    pub MasterKeyIdentifier: [UCHAR; 1],
}
pub type SEC_SRTP_MASTER_KEY_IDENTIFIER = _SEC_SRTP_MASTER_KEY_IDENTIFIER;
pub type PSEC_SRTP_MASTER_KEY_IDENTIFIER = *mut SEC_SRTP_MASTER_KEY_IDENTIFIER;
layout!(SEC_SRTP_MASTER_KEY_IDENTIFIER, 2, 1, MasterKeyIdentifierSize 0, MasterKeyIdentifier 1);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_TOKEN_BINDING {
    pub MajorVersion: UCHAR,
    pub MinorVersion: UCHAR,
    pub KeyParametersSize: USHORT,
    pub KeyParameters: [UCHAR; 1],
}
pub type SEC_TOKEN_BINDING = _SEC_TOKEN_BINDING;
pub type PSEC_TOKEN_BINDING = *mut SEC_TOKEN_BINDING;
layout!(
    SEC_TOKEN_BINDING, 6, 2, MajorVersion 0, MinorVersion 1, KeyParametersSize 2, KeyParameters 4
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_PRESHAREDKEY {
    pub KeySize: USHORT,
    pub Key: [UCHAR; 1],
}
pub type SEC_PRESHAREDKEY = _SEC_PRESHAREDKEY;
pub type PSEC_PRESHAREDKEY = *mut SEC_PRESHAREDKEY;
layout!(SEC_PRESHAREDKEY, 4, 2, KeySize 0, Key 2);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_PRESHAREDKEY_IDENTITY {
    pub KeyIdentitySize: USHORT,
    pub KeyIdentity: [UCHAR; 1],
}
pub type SEC_PRESHAREDKEY_IDENTITY = _SEC_PRESHAREDKEY_IDENTITY;
pub type PSEC_PRESHAREDKEY_IDENTITY = *mut SEC_PRESHAREDKEY_IDENTITY;
layout!(SEC_PRESHAREDKEY_IDENTITY, 4, 2, KeyIdentitySize 0, KeyIdentity 2);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_DTLS_MTU {
    pub PathMTU: USHORT,
}
pub type SEC_DTLS_MTU = _SEC_DTLS_MTU;
pub type PSEC_DTLS_MTU = *mut SEC_DTLS_MTU;
layout!(SEC_DTLS_MTU, 2, 2, PathMTU 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_FLAGS {
    pub Flags: ULONGLONG,
}
pub type SEC_FLAGS = _SEC_FLAGS;
pub type PSEC_FLAGS = *mut SEC_FLAGS;
layout!(SEC_FLAGS, 8, 8, Flags 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_TRAFFIC_SECRETS {
    pub SymmetricAlgId: [WCHAR; 64],
    pub ChainingMode: [WCHAR; 64],
    pub HashAlgId: [WCHAR; 64],
    pub KeySize: USHORT,
    pub IvSize: USHORT,
    pub MsgSequenceStart: USHORT,
    pub MsgSequenceEnd: USHORT,
    pub TrafficSecretType: SEC_TRAFFIC_SECRET_TYPE,
    pub TrafficSecretSize: USHORT,
    pub TrafficSecret: [UCHAR; 1],
}
pub type SEC_TRAFFIC_SECRETS = _SEC_TRAFFIC_SECRETS;
pub type PSEC_TRAFFIC_SECRETS = *mut SEC_TRAFFIC_SECRETS;
layout!(
    SEC_TRAFFIC_SECRETS, 400, 4, SymmetricAlgId 0, ChainingMode 128, HashAlgId 256, KeySize 384,
    IvSize 386, MsgSequenceStart 388, MsgSequenceEnd 390, TrafficSecretType 392,
    TrafficSecretSize 396, TrafficSecret 398
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SECURITY_PACKAGE_OPTIONS {
    pub Size: ULONG,
    pub Type: ULONG,
    pub Flags: ULONG,
    pub SignatureSize: ULONG,
    pub Signature: *mut c_void,
}
pub type SECURITY_PACKAGE_OPTIONS = _SECURITY_PACKAGE_OPTIONS;
pub type PSECURITY_PACKAGE_OPTIONS = *mut SECURITY_PACKAGE_OPTIONS;
layout!(SECURITY_PACKAGE_OPTIONS, 24, 8, Size 0, Type 4, Flags 8, SignatureSize 12, Signature 16);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_CERTIFICATE_REQUEST_CONTEXT {
    pub cbCertificateRequestContext: UCHAR,
    pub rgCertificateRequestContext: [UCHAR; 1],
}
pub type SEC_CERTIFICATE_REQUEST_CONTEXT = _SEC_CERTIFICATE_REQUEST_CONTEXT;
pub type PSEC_CERTIFICATE_REQUEST_CONTEXT = *mut SEC_CERTIFICATE_REQUEST_CONTEXT;
layout!(
    SEC_CERTIFICATE_REQUEST_CONTEXT, 2, 1, cbCertificateRequestContext 0,
    rgCertificateRequestContext 1
);

/// Channel bindings with flags, as `SspiSetChannelBindingFlags` makes them.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_CHANNEL_BINDINGS_EX {
    pub magicNumber: ULONG,
    pub flags: ULONG,
    pub cbHeaderLength: ULONG,
    pub cbStructureLength: ULONG,
    pub dwInitiatorAddrType: ULONG,
    pub cbInitiatorLength: ULONG,
    pub dwInitiatorOffset: ULONG,
    pub dwAcceptorAddrType: ULONG,
    pub cbAcceptorLength: ULONG,
    pub dwAcceptorOffset: ULONG,
    pub cbApplicationDataLength: ULONG,
    pub dwApplicationDataOffset: ULONG,
}
pub type SEC_CHANNEL_BINDINGS_EX = _SEC_CHANNEL_BINDINGS_EX;
pub type PSEC_CHANNEL_BINDINGS_EX = *mut SEC_CHANNEL_BINDINGS_EX;
layout!(
    SEC_CHANNEL_BINDINGS_EX, 48, 4, magicNumber 0, flags 4, cbHeaderLength 8,
    cbStructureLength 12, dwInitiatorAddrType 16, cbInitiatorLength 20, dwInitiatorOffset 24,
    dwAcceptorAddrType 28, cbAcceptorLength 32, dwAcceptorOffset 36, cbApplicationDataLength 40,
    dwApplicationDataOffset 44
);

/// What became of the channel bindings.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_CHANNEL_BINDINGS_RESULT {
    pub flags: ULONG,
}
pub type SEC_CHANNEL_BINDINGS_RESULT = _SEC_CHANNEL_BINDINGS_RESULT;
pub type PSEC_CHANNEL_BINDINGS_RESULT = *mut SEC_CHANNEL_BINDINGS_RESULT;
layout!(SEC_CHANNEL_BINDINGS_RESULT, 4, 4, flags 0);
