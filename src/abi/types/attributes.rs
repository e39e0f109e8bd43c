//! Holds: what QueryContextAttributes fills in (sspi.h).

use core::ffi::c_void;

use super::*;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_SubjectAttributes {
    pub AttributeInfo: *mut c_void,
}
pub type SecPkgContext_SubjectAttributes = _SecPkgContext_SubjectAttributes;
pub type PSecPkgContext_SubjectAttributes = *mut SecPkgContext_SubjectAttributes;
layout!(SecPkgContext_SubjectAttributes, 8, 8, AttributeInfo 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_CredInfo {
    pub CredClass: SECPKG_CRED_CLASS,
    pub IsPromptingNeeded: ULONG,
}
pub type SecPkgContext_CredInfo = _SecPkgContext_CredInfo;
pub type PSecPkgContext_CredInfo = *mut SecPkgContext_CredInfo;
layout!(SecPkgContext_CredInfo, 8, 4, CredClass 0, IsPromptingNeeded 4);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_NegoPackageInfo {
    pub PackageMask: ULONG,
}
pub type SecPkgContext_NegoPackageInfo = _SecPkgContext_NegoPackageInfo;
pub type PSecPkgContext_NegoPackageInfo = *mut SecPkgContext_NegoPackageInfo;
layout!(SecPkgContext_NegoPackageInfo, 4, 4, PackageMask 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_NegoStatus {
    pub LastStatus: ULONG,
}
pub type SecPkgContext_NegoStatus = _SecPkgContext_NegoStatus;
pub type PSecPkgContext_NegoStatus = *mut SecPkgContext_NegoStatus;
layout!(SecPkgContext_NegoStatus, 4, 4, LastStatus 0);

/// Sizes of tokens, signatures, blocks and trailers.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_Sizes {
    pub cbMaxToken: ULONG,
    pub cbMaxSignature: ULONG,
    pub cbBlockSize: ULONG,
    pub cbSecurityTrailer: ULONG,
}
pub type SecPkgContext_Sizes = _SecPkgContext_Sizes;
pub type PSecPkgContext_Sizes = *mut SecPkgContext_Sizes;
layout!(
    SecPkgContext_Sizes, 16, 4, cbMaxToken 0, cbMaxSignature 4, cbBlockSize 8,
    cbSecurityTrailer 12
);

/// Sizes of a stream package.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_StreamSizes {
    pub cbHeader: ULONG,
    pub cbTrailer: ULONG,
    pub cbMaximumMessage: ULONG,
    pub cBuffers: ULONG,
    pub cbBlockSize: ULONG,
}
pub type SecPkgContext_StreamSizes = _SecPkgContext_StreamSizes;
pub type SecPkgContext_DatagramSizes = SecPkgContext_StreamSizes;
pub type PSecPkgContext_StreamSizes = *mut SecPkgContext_StreamSizes;
pub type PSecPkgContext_DatagramSizes = *mut SecPkgContext_DatagramSizes;
layout!(
    SecPkgContext_StreamSizes, 20, 4, cbHeader 0, cbTrailer 4, cbMaximumMessage 8, cBuffers 12,
    cbBlockSize 16
);

/// The name of the peer.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_NamesW {
    pub sUserName: *mut SEC_WCHAR,
}
pub type SecPkgContext_NamesW = _SecPkgContext_NamesW;
pub type PSecPkgContext_NamesW = *mut SecPkgContext_NamesW;
layout!(SecPkgContext_NamesW, 8, 8, sUserName 0);

/// Whether the client has sent its last token.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_LastClientTokenStatus {
    pub LastClientTokenStatus: SECPKG_ATTR_LCT_STATUS,
}
pub type SecPkgContext_LastClientTokenStatus = _SecPkgContext_LastClientTokenStatus;
pub type PSecPkgContext_LastClientTokenStatus = *mut SecPkgContext_LastClientTokenStatus;
layout!(SecPkgContext_LastClientTokenStatus, 4, 4, LastClientTokenStatus 0);

/// The name of the peer.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_NamesA {
    pub sUserName: *mut SEC_CHAR,
}
pub type SecPkgContext_NamesA = _SecPkgContext_NamesA;
pub type PSecPkgContext_NamesA = *mut SecPkgContext_NamesA;
layout!(SecPkgContext_NamesA, 8, 8, sUserName 0);

/// From when to when the context may be used.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_Lifespan {
    pub tsStart: TimeStamp,
    pub tsExpiry: TimeStamp,
}
pub type SecPkgContext_Lifespan = _SecPkgContext_Lifespan;
pub type PSecPkgContext_Lifespan = *mut SecPkgContext_Lifespan;
layout!(SecPkgContext_Lifespan, 16, 8, tsStart 0, tsExpiry 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_DceInfo {
    pub AuthzSvc: ULONG,
    pub pPac: *mut c_void,
}
pub type SecPkgContext_DceInfo = _SecPkgContext_DceInfo;
pub type PSecPkgContext_DceInfo = *mut SecPkgContext_DceInfo;
layout!(SecPkgContext_DceInfo, 16, 8, AuthzSvc 0, pPac 8);

/// Algorithms and key size of the context.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_KeyInfoA {
    pub sSignatureAlgorithmName: *mut SEC_CHAR,
    pub sEncryptAlgorithmName: *mut SEC_CHAR,
    pub KeySize: ULONG,
    pub SignatureAlgorithm: ULONG,
    pub EncryptAlgorithm: ULONG,
}
pub type SecPkgContext_KeyInfoA = _SecPkgContext_KeyInfoA;
pub type PSecPkgContext_KeyInfoA = *mut SecPkgContext_KeyInfoA;
layout!(
    SecPkgContext_KeyInfoA, 32, 8, sSignatureAlgorithmName 0, sEncryptAlgorithmName 8, KeySize 16,
    SignatureAlgorithm 20, EncryptAlgorithm 24
);

/// Algorithms and key size of the context.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_KeyInfoW {
    pub sSignatureAlgorithmName: *mut SEC_WCHAR,
    pub sEncryptAlgorithmName: *mut SEC_WCHAR,
    pub KeySize: ULONG,
    pub SignatureAlgorithm: ULONG,
    pub EncryptAlgorithm: ULONG,
}
pub type SecPkgContext_KeyInfoW = _SecPkgContext_KeyInfoW;
pub type PSecPkgContext_KeyInfoW = *mut SecPkgContext_KeyInfoW;
layout!(
    SecPkgContext_KeyInfoW, 32, 8, sSignatureAlgorithmName 0, sEncryptAlgorithmName 8, KeySize 16,
    SignatureAlgorithm 20, EncryptAlgorithm 24
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_AuthorityA {
    pub sAuthorityName: *mut SEC_CHAR,
}
pub type SecPkgContext_AuthorityA = _SecPkgContext_AuthorityA;
pub type PSecPkgContext_AuthorityA = *mut SecPkgContext_AuthorityA;
layout!(SecPkgContext_AuthorityA, 8, 8, sAuthorityName 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_AuthorityW {
    pub sAuthorityName: *mut SEC_WCHAR,
}
pub type SecPkgContext_AuthorityW = _SecPkgContext_AuthorityW;
pub type PSecPkgContext_AuthorityW = *mut SecPkgContext_AuthorityW;
layout!(SecPkgContext_AuthorityW, 8, 8, sAuthorityName 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_ProtoInfoA {
    pub sProtocolName: *mut SEC_CHAR,
    pub majorVersion: ULONG,
    pub minorVersion: ULONG,
}
pub type SecPkgContext_ProtoInfoA = _SecPkgContext_ProtoInfoA;
pub type PSecPkgContext_ProtoInfoA = *mut SecPkgContext_ProtoInfoA;
layout!(SecPkgContext_ProtoInfoA, 16, 8, sProtocolName 0, majorVersion 8, minorVersion 12);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_ProtoInfoW {
    pub sProtocolName: *mut SEC_WCHAR,
    pub majorVersion: ULONG,
    pub minorVersion: ULONG,
}
pub type SecPkgContext_ProtoInfoW = _SecPkgContext_ProtoInfoW;
pub type PSecPkgContext_ProtoInfoW = *mut SecPkgContext_ProtoInfoW;
layout!(SecPkgContext_ProtoInfoW, 16, 8, sProtocolName 0, majorVersion 8, minorVersion 12);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_PasswordExpiry {
    pub tsPasswordExpires: TimeStamp,
}
pub type SecPkgContext_PasswordExpiry = _SecPkgContext_PasswordExpiry;
pub type PSecPkgContext_PasswordExpiry = *mut SecPkgContext_PasswordExpiry;
layout!(SecPkgContext_PasswordExpiry, 8, 8, tsPasswordExpires 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_LogoffTime {
    pub tsLogoffTime: TimeStamp,
}
pub type SecPkgContext_LogoffTime = _SecPkgContext_LogoffTime;
pub type PSecPkgContext_LogoffTime = *mut SecPkgContext_LogoffTime;
layout!(SecPkgContext_LogoffTime, 8, 8, tsLogoffTime 0);

/// The session key. A secret.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_SessionKey {
    pub SessionKeyLength: ULONG,
    pub SessionKey: *mut UCHAR,
}
pub type SecPkgContext_SessionKey = _SecPkgContext_SessionKey;
pub type PSecPkgContext_SessionKey = *mut SecPkgContext_SessionKey;
layout!(SecPkgContext_SessionKey, 16, 8, SessionKeyLength 0, SessionKey 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_NegoKeys {
    pub KeyType: ULONG,
    pub KeyLength: USHORT,
    pub KeyValue: *mut UCHAR,
    pub VerifyKeyType: ULONG,
    pub VerifyKeyLength: USHORT,
    pub VerifyKeyValue: *mut UCHAR,
}
pub type SecPkgContext_NegoKeys = _SecPkgContext_NegoKeys;
pub type PSecPkgContext_NegoKeys = *mut SecPkgContext_NegoKeys;
layout!(
    SecPkgContext_NegoKeys, 32, 8, KeyType 0, KeyLength 4, KeyValue 8, VerifyKeyType 16,
    VerifyKeyLength 20, VerifyKeyValue 24
);

/// The package that the context uses.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_PackageInfoW {
    pub PackageInfo: PSecPkgInfoW,
}
pub type SecPkgContext_PackageInfoW = _SecPkgContext_PackageInfoW;
pub type PSecPkgContext_PackageInfoW = *mut SecPkgContext_PackageInfoW;
layout!(SecPkgContext_PackageInfoW, 8, 8, PackageInfo 0);

/// The package that the context uses.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_PackageInfoA {
    pub PackageInfo: PSecPkgInfoA,
}
pub type SecPkgContext_PackageInfoA = _SecPkgContext_PackageInfoA;
pub type PSecPkgContext_PackageInfoA = *mut SecPkgContext_PackageInfoA;
layout!(SecPkgContext_PackageInfoA, 8, 8, PackageInfo 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_UserFlags {
    pub UserFlags: ULONG,
}
pub type SecPkgContext_UserFlags = _SecPkgContext_UserFlags;
pub type PSecPkgContext_UserFlags = *mut SecPkgContext_UserFlags;
layout!(SecPkgContext_UserFlags, 4, 4, UserFlags 0);

/// The flags of the context.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_Flags {
    pub Flags: ULONG,
}
pub type SecPkgContext_Flags = _SecPkgContext_Flags;
pub type PSecPkgContext_Flags = *mut SecPkgContext_Flags;
layout!(SecPkgContext_Flags, 4, 4, Flags 0);

/// The package that was negotiated, and how far.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_NegotiationInfoA {
    pub PackageInfo: PSecPkgInfoA,
    pub NegotiationState: ULONG,
}
pub type SecPkgContext_NegotiationInfoA = _SecPkgContext_NegotiationInfoA;
pub type PSecPkgContext_NegotiationInfoA = *mut SecPkgContext_NegotiationInfoA;
layout!(SecPkgContext_NegotiationInfoA, 16, 8, PackageInfo 0, NegotiationState 8);

/// The package that was negotiated, and how far.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_NegotiationInfoW {
    pub PackageInfo: PSecPkgInfoW,
    pub NegotiationState: ULONG,
}
pub type SecPkgContext_NegotiationInfoW = _SecPkgContext_NegotiationInfoW;
pub type PSecPkgContext_NegotiationInfoW = *mut SecPkgContext_NegotiationInfoW;
layout!(SecPkgContext_NegotiationInfoW, 16, 8, PackageInfo 0, NegotiationState 8);

/// Names of client and server as the package writes them.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_NativeNamesW {
    pub sClientName: *mut SEC_WCHAR,
    pub sServerName: *mut SEC_WCHAR,
}
pub type SecPkgContext_NativeNamesW = _SecPkgContext_NativeNamesW;
pub type PSecPkgContext_NativeNamesW = *mut SecPkgContext_NativeNamesW;
layout!(SecPkgContext_NativeNamesW, 16, 8, sClientName 0, sServerName 8);

/// Names of client and server as the package writes them.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_NativeNamesA {
    pub sClientName: *mut SEC_CHAR,
    pub sServerName: *mut SEC_CHAR,
}
pub type SecPkgContext_NativeNamesA = _SecPkgContext_NativeNamesA;
pub type PSecPkgContext_NativeNamesA = *mut SecPkgContext_NativeNamesA;
layout!(SecPkgContext_NativeNamesA, 16, 8, sClientName 0, sServerName 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_CredentialNameW {
    pub CredentialType: ULONG,
    pub sCredentialName: *mut SEC_WCHAR,
}
pub type SecPkgContext_CredentialNameW = _SecPkgContext_CredentialNameW;
pub type PSecPkgContext_CredentialNameW = *mut SecPkgContext_CredentialNameW;
layout!(SecPkgContext_CredentialNameW, 16, 8, CredentialType 0, sCredentialName 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_CredentialNameA {
    pub CredentialType: ULONG,
    pub sCredentialName: *mut SEC_CHAR,
}
pub type SecPkgContext_CredentialNameA = _SecPkgContext_CredentialNameA;
pub type PSecPkgContext_CredentialNameA = *mut SecPkgContext_CredentialNameA;
layout!(SecPkgContext_CredentialNameA, 16, 8, CredentialType 0, sCredentialName 8);

/// The token that the context stands for.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_AccessToken {
    pub AccessToken: *mut c_void,
}
pub type SecPkgContext_AccessToken = _SecPkgContext_AccessToken;
pub type PSecPkgContext_AccessToken = *mut SecPkgContext_AccessToken;
layout!(SecPkgContext_AccessToken, 8, 8, AccessToken 0);

/// Target information of the protocol.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_TargetInformation {
    pub MarshalledTargetInfoLength: ULONG,
    pub MarshalledTargetInfo: *mut UCHAR,
}
pub type SecPkgContext_TargetInformation = _SecPkgContext_TargetInformation;
pub type PSecPkgContext_TargetInformation = *mut SecPkgContext_TargetInformation;
layout!(
    SecPkgContext_TargetInformation, 16, 8, MarshalledTargetInfoLength 0, MarshalledTargetInfo 8
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_AuthzID {
    pub AuthzIDLength: ULONG,
    pub AuthzID: *mut CHAR,
}
pub type SecPkgContext_AuthzID = _SecPkgContext_AuthzID;
pub type PSecPkgContext_AuthzID = *mut SecPkgContext_AuthzID;
layout!(SecPkgContext_AuthzID, 16, 8, AuthzIDLength 0, AuthzID 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_Target {
    pub TargetLength: ULONG,
    pub Target: *mut CHAR,
}
pub type SecPkgContext_Target = _SecPkgContext_Target;
pub type PSecPkgContext_Target = *mut SecPkgContext_Target;
layout!(SecPkgContext_Target, 16, 8, TargetLength 0, Target 8);

/// The service name that the client gave.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_ClientSpecifiedTarget {
    pub sTargetName: *mut SEC_WCHAR,
}
pub type SecPkgContext_ClientSpecifiedTarget = _SecPkgContext_ClientSpecifiedTarget;
pub type PSecPkgContext_ClientSpecifiedTarget = *mut SecPkgContext_ClientSpecifiedTarget;
layout!(SecPkgContext_ClientSpecifiedTarget, 8, 8, sTargetName 0);

/// Channel bindings of a TLS context.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_Bindings {
    pub BindingsLength: ULONG,
    pub Bindings: *mut SEC_CHANNEL_BINDINGS,
}
pub type SecPkgContext_Bindings = _SecPkgContext_Bindings;
pub type PSecPkgContext_Bindings = *mut SecPkgContext_Bindings;
layout!(SecPkgContext_Bindings, 16, 8, BindingsLength 0, Bindings 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_ApplicationProtocol {
    pub ProtoNegoStatus: SEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS,
    pub ProtoNegoExt: SEC_APPLICATION_PROTOCOL_NEGOTIATION_EXT,
    pub ProtocolIdSize: UCHAR,
    pub ProtocolId: [UCHAR; 255],
}
pub type SecPkgContext_ApplicationProtocol = _SecPkgContext_ApplicationProtocol;
pub type PSecPkgContext_ApplicationProtocol = *mut SecPkgContext_ApplicationProtocol;
layout!(
    SecPkgContext_ApplicationProtocol, 264, 4, ProtoNegoStatus 0, ProtoNegoExt 4,
    ProtocolIdSize 8, ProtocolId 9
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_NegotiatedTlsExtensions {
    pub ExtensionsCount: ULONG,
    pub Extensions: *mut USHORT,
}
pub type SecPkgContext_NegotiatedTlsExtensions = _SecPkgContext_NegotiatedTlsExtensions;
pub type PSecPkgContext_NegotiatedTlsExtensions = *mut SecPkgContext_NegotiatedTlsExtensions;
layout!(SecPkgContext_NegotiatedTlsExtensions, 16, 8, ExtensionsCount 0, Extensions 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SECPKG_APP_MODE_INFO {
    pub UserFunction: ULONG,
    pub Argument1: ULONG_PTR,
    pub Argument2: ULONG_PTR,
    pub UserData: SecBuffer,
    pub ReturnToLsa: BOOLEAN,
}
pub type SECPKG_APP_MODE_INFO = _SECPKG_APP_MODE_INFO;
pub type PSECPKG_APP_MODE_INFO = *mut SECPKG_APP_MODE_INFO;
layout!(
    SECPKG_APP_MODE_INFO, 48, 8, UserFunction 0, Argument1 8, Argument2 16, UserData 24,
    ReturnToLsa 40
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgContext_SaslContext {
    pub SaslContext: PVOID,
}
pub type SecPkgContext_SaslContext = _SecPkgContext_SaslContext;
pub type PSecPkgContext_SaslContext = *mut SecPkgContext_SaslContext;
layout!(SecPkgContext_SaslContext, 8, 8, SaslContext 0);
