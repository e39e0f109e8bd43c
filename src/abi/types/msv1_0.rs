//! Holds: what the NTLM package exchanges through the LSA functions (ntsecapi.h).

use super::*;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _DOMAIN_PASSWORD_INFORMATION {
    pub MinPasswordLength: USHORT,
    pub PasswordHistoryLength: USHORT,
    pub PasswordProperties: ULONG,
    pub MaxPasswordAge: LARGE_INTEGER,
    pub MinPasswordAge: LARGE_INTEGER,
}
pub type DOMAIN_PASSWORD_INFORMATION = _DOMAIN_PASSWORD_INFORMATION;
pub type PDOMAIN_PASSWORD_INFORMATION = *mut DOMAIN_PASSWORD_INFORMATION;
layout!(
    DOMAIN_PASSWORD_INFORMATION, 24, 8, MinPasswordLength 0, PasswordHistoryLength 2,
    PasswordProperties 4, MaxPasswordAge 8, MinPasswordAge 16
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _MSV1_0_INTERACTIVE_LOGON {
    pub MessageType: MSV1_0_LOGON_SUBMIT_TYPE,
    pub LogonDomainName: UNICODE_STRING,
    pub UserName: UNICODE_STRING,
    pub Password: UNICODE_STRING,
}
pub type MSV1_0_INTERACTIVE_LOGON = _MSV1_0_INTERACTIVE_LOGON;
pub type PMSV1_0_INTERACTIVE_LOGON = *mut MSV1_0_INTERACTIVE_LOGON;
layout!(
    MSV1_0_INTERACTIVE_LOGON, 56, 8, MessageType 0, LogonDomainName 8, UserName 24, Password 40
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _MSV1_0_INTERACTIVE_PROFILE {
    pub MessageType: MSV1_0_PROFILE_BUFFER_TYPE,
    pub LogonCount: USHORT,
    pub BadPasswordCount: USHORT,
    pub LogonTime: LARGE_INTEGER,
    pub LogoffTime: LARGE_INTEGER,
    pub KickOffTime: LARGE_INTEGER,
    pub PasswordLastSet: LARGE_INTEGER,
    pub PasswordCanChange: LARGE_INTEGER,
    pub PasswordMustChange: LARGE_INTEGER,
    pub LogonScript: UNICODE_STRING,
    pub HomeDirectory: UNICODE_STRING,
    pub FullName: UNICODE_STRING,
    pub ProfilePath: UNICODE_STRING,
    pub HomeDirectoryDrive: UNICODE_STRING,
    pub LogonServer: UNICODE_STRING,
    pub UserFlags: ULONG,
}
pub type MSV1_0_INTERACTIVE_PROFILE = _MSV1_0_INTERACTIVE_PROFILE;
pub type PMSV1_0_INTERACTIVE_PROFILE = *mut MSV1_0_INTERACTIVE_PROFILE;
layout!(
    MSV1_0_INTERACTIVE_PROFILE, 160, 8, MessageType 0, LogonCount 4, BadPasswordCount 6,
    LogonTime 8, LogoffTime 16, KickOffTime 24, PasswordLastSet 32, PasswordCanChange 40,
    PasswordMustChange 48, LogonScript 56, HomeDirectory 72, FullName 88, ProfilePath 104,
    HomeDirectoryDrive 120, LogonServer 136, UserFlags 152
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _MSV1_0_LM20_LOGON {
    pub MessageType: MSV1_0_LOGON_SUBMIT_TYPE,
    pub LogonDomainName: UNICODE_STRING,
    pub UserName: UNICODE_STRING,
    pub Workstation: UNICODE_STRING,
    pub ChallengeToClient: [UCHAR; 8],
    pub CaseSensitiveChallengeResponse: STRING,
    pub CaseInsensitiveChallengeResponse: STRING,
    pub ParameterControl: ULONG,
}
pub type MSV1_0_LM20_LOGON = _MSV1_0_LM20_LOGON;
pub type PMSV1_0_LM20_LOGON = *mut MSV1_0_LM20_LOGON;
layout!(
    MSV1_0_LM20_LOGON, 104, 8, MessageType 0, LogonDomainName 8, UserName 24, Workstation 40,
    ChallengeToClient 56, CaseSensitiveChallengeResponse 64, CaseInsensitiveChallengeResponse 80,
    ParameterControl 96
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _MSV1_0_SUBAUTH_LOGON {
    pub MessageType: MSV1_0_LOGON_SUBMIT_TYPE,
    pub LogonDomainName: UNICODE_STRING,
    pub UserName: UNICODE_STRING,
    pub Workstation: UNICODE_STRING,
    pub ChallengeToClient: [UCHAR; 8],
    pub AuthenticationInfo1: STRING,
    pub AuthenticationInfo2: STRING,
    pub ParameterControl: ULONG,
    pub SubAuthPackageId: ULONG,
}
pub type MSV1_0_SUBAUTH_LOGON = _MSV1_0_SUBAUTH_LOGON;
pub type PMSV1_0_SUBAUTH_LOGON = *mut MSV1_0_SUBAUTH_LOGON;
layout!(
    MSV1_0_SUBAUTH_LOGON, 104, 8, MessageType 0, LogonDomainName 8, UserName 24, Workstation 40,
    ChallengeToClient 56, AuthenticationInfo1 64, AuthenticationInfo2 80, ParameterControl 96,
    SubAuthPackageId 100
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _MSV1_0_S4U_LOGON {
    pub MessageType: MSV1_0_LOGON_SUBMIT_TYPE,
    pub Flags: ULONG,
    pub UserPrincipalName: UNICODE_STRING,
    pub DomainName: UNICODE_STRING,
}
pub type MSV1_0_S4U_LOGON = _MSV1_0_S4U_LOGON;
pub type PMSV1_0_S4U_LOGON = *mut MSV1_0_S4U_LOGON;
layout!(MSV1_0_S4U_LOGON, 40, 8, MessageType 0, Flags 4, UserPrincipalName 8, DomainName 24);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _MSV1_0_LM20_LOGON_PROFILE {
    pub MessageType: MSV1_0_PROFILE_BUFFER_TYPE,
    pub KickOffTime: LARGE_INTEGER,
    pub LogoffTime: LARGE_INTEGER,
    pub UserFlags: ULONG,
    pub UserSessionKey: [UCHAR; 16],
    pub LogonDomainName: UNICODE_STRING,
    pub LanmanSessionKey: [UCHAR; 8],
    pub LogonServer: UNICODE_STRING,
    pub UserParameters: UNICODE_STRING,
}
pub type MSV1_0_LM20_LOGON_PROFILE = _MSV1_0_LM20_LOGON_PROFILE;
pub type PMSV1_0_LM20_LOGON_PROFILE = *mut MSV1_0_LM20_LOGON_PROFILE;
layout!(
    MSV1_0_LM20_LOGON_PROFILE, 104, 8, MessageType 0, KickOffTime 8, LogoffTime 16, UserFlags 24,
    UserSessionKey 28, LogonDomainName 48, LanmanSessionKey 64, LogonServer 72, UserParameters 88
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _MSV1_0_CREDENTIAL_KEY {
    pub Data: [UCHAR; 20],
}
pub type MSV1_0_CREDENTIAL_KEY = _MSV1_0_CREDENTIAL_KEY;
pub type PMSV1_0_CREDENTIAL_KEY = *mut MSV1_0_CREDENTIAL_KEY;
layout!(MSV1_0_CREDENTIAL_KEY, 20, 1, Data 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _MSV1_0_SUPPLEMENTAL_CREDENTIAL {
    pub Version: ULONG,
    pub Flags: ULONG,
    pub LmPassword: [UCHAR; 16],
    pub NtPassword: [UCHAR; 16],
}
pub type MSV1_0_SUPPLEMENTAL_CREDENTIAL = _MSV1_0_SUPPLEMENTAL_CREDENTIAL;
pub type PMSV1_0_SUPPLEMENTAL_CREDENTIAL = *mut MSV1_0_SUPPLEMENTAL_CREDENTIAL;
layout!(MSV1_0_SUPPLEMENTAL_CREDENTIAL, 40, 4, Version 0, Flags 4, LmPassword 8, NtPassword 24);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _MSV1_0_SUPPLEMENTAL_CREDENTIAL_V2 {
    pub Version: ULONG,
    pub Flags: ULONG,
    pub NtPassword: [UCHAR; 16],
    pub CredentialKey: MSV1_0_CREDENTIAL_KEY,
}
pub type MSV1_0_SUPPLEMENTAL_CREDENTIAL_V2 = _MSV1_0_SUPPLEMENTAL_CREDENTIAL_V2;
pub type PMSV1_0_SUPPLEMENTAL_CREDENTIAL_V2 = *mut MSV1_0_SUPPLEMENTAL_CREDENTIAL_V2;
layout!(
    MSV1_0_SUPPLEMENTAL_CREDENTIAL_V2, 44, 4, Version 0, Flags 4, NtPassword 8, CredentialKey 24
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _MSV1_0_SUPPLEMENTAL_CREDENTIAL_V3 {
    pub Version: ULONG,
    pub Flags: ULONG,
    pub CredentialKeyType: MSV1_0_CREDENTIAL_KEY_TYPE,
    pub NtPassword: [UCHAR; 16],
    pub CredentialKey: MSV1_0_CREDENTIAL_KEY,
    pub ShaPassword: [UCHAR; 20],
}
pub type MSV1_0_SUPPLEMENTAL_CREDENTIAL_V3 = _MSV1_0_SUPPLEMENTAL_CREDENTIAL_V3;
pub type PMSV1_0_SUPPLEMENTAL_CREDENTIAL_V3 = *mut MSV1_0_SUPPLEMENTAL_CREDENTIAL_V3;
layout!(
    MSV1_0_SUPPLEMENTAL_CREDENTIAL_V3, 68, 4, Version 0, Flags 4, CredentialKeyType 8,
    NtPassword 12, CredentialKey 28, ShaPassword 48
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _MSV1_0_IUM_SUPPLEMENTAL_CREDENTIAL {
    pub Version: ULONG,
    pub EncryptedCredsSize: ULONG,
    pub EncryptedCreds: [UCHAR; 1],
}
pub type MSV1_0_IUM_SUPPLEMENTAL_CREDENTIAL = _MSV1_0_IUM_SUPPLEMENTAL_CREDENTIAL;
pub type PMSV1_0_IUM_SUPPLEMENTAL_CREDENTIAL = *mut MSV1_0_IUM_SUPPLEMENTAL_CREDENTIAL;
layout!(
    MSV1_0_IUM_SUPPLEMENTAL_CREDENTIAL, 12, 4, Version 0, EncryptedCredsSize 4, EncryptedCreds 8
);

/// Credentials of a remote guard session; packed, unlike its neighbours.
#[repr(C, packed)]
#[derive(Clone, Copy)]
pub struct _MSV1_0_REMOTE_SUPPLEMENTAL_CREDENTIAL {
    pub Version: ULONG,
    pub Flags: ULONG,
    pub CredentialKey: MSV1_0_CREDENTIAL_KEY,
    pub CredentialKeyType: MSV1_0_CREDENTIAL_KEY_TYPE,
    pub EncryptedCredsSize: ULONG,
    pub EncryptedCreds: [UCHAR; 1],
}
pub type MSV1_0_REMOTE_SUPPLEMENTAL_CREDENTIAL = _MSV1_0_REMOTE_SUPPLEMENTAL_CREDENTIAL;
pub type PMSV1_0_REMOTE_SUPPLEMENTAL_CREDENTIAL = *mut MSV1_0_REMOTE_SUPPLEMENTAL_CREDENTIAL;
layout!(
    MSV1_0_REMOTE_SUPPLEMENTAL_CREDENTIAL, 37, 1, Version 0, Flags 4, CredentialKey 8,
    CredentialKeyType 28, EncryptedCredsSize 32, EncryptedCreds 36
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _MSV1_0_NTLM3_RESPONSE {
    pub Response: [UCHAR; 16],
    pub RespType: UCHAR,
    pub HiRespType: UCHAR,
    pub Flags: USHORT,
    pub MsgWord: ULONG,
    pub TimeStamp: ULONGLONG,
    pub ChallengeFromClient: [UCHAR; 8],
    pub AvPairsOff: ULONG,
    pub Buffer: [UCHAR; 1],
}
pub type MSV1_0_NTLM3_RESPONSE = _MSV1_0_NTLM3_RESPONSE;
pub type PMSV1_0_NTLM3_RESPONSE = *mut MSV1_0_NTLM3_RESPONSE;
layout!(
    MSV1_0_NTLM3_RESPONSE, 48, 8, Response 0, RespType 16, HiRespType 17, Flags 18, MsgWord 20,
    TimeStamp 24, ChallengeFromClient 32, AvPairsOff 40, Buffer 44
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _MSV1_0_AV_PAIR {
    pub AvId: USHORT,
    pub AvLen: USHORT,
}
pub type MSV1_0_AV_PAIR = _MSV1_0_AV_PAIR;
pub type PMSV1_0_AV_PAIR = *mut MSV1_0_AV_PAIR;
layout!(MSV1_0_AV_PAIR, 4, 2, AvId 0, AvLen 2);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _MSV1_0_CHANGEPASSWORD_REQUEST {
    pub MessageType: MSV1_0_PROTOCOL_MESSAGE_TYPE,
    pub DomainName: UNICODE_STRING,
    pub AccountName: UNICODE_STRING,
    pub OldPassword: UNICODE_STRING,
    pub NewPassword: UNICODE_STRING,
    pub Impersonating: BOOLEAN,
}
pub type MSV1_0_CHANGEPASSWORD_REQUEST = _MSV1_0_CHANGEPASSWORD_REQUEST;
pub type PMSV1_0_CHANGEPASSWORD_REQUEST = *mut MSV1_0_CHANGEPASSWORD_REQUEST;
layout!(
    MSV1_0_CHANGEPASSWORD_REQUEST, 80, 8, MessageType 0, DomainName 8, AccountName 24,
    OldPassword 40, NewPassword 56, Impersonating 72
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _MSV1_0_CHANGEPASSWORD_RESPONSE {
    pub MessageType: MSV1_0_PROTOCOL_MESSAGE_TYPE,
    pub PasswordInfoValid: BOOLEAN,
    pub DomainPasswordInfo: DOMAIN_PASSWORD_INFORMATION,
}
pub type MSV1_0_CHANGEPASSWORD_RESPONSE = _MSV1_0_CHANGEPASSWORD_RESPONSE;
pub type PMSV1_0_CHANGEPASSWORD_RESPONSE = *mut MSV1_0_CHANGEPASSWORD_RESPONSE;
layout!(
    MSV1_0_CHANGEPASSWORD_RESPONSE, 32, 8, MessageType 0, PasswordInfoValid 4,
    DomainPasswordInfo 8
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _MSV1_0_PASSTHROUGH_REQUEST {
    pub MessageType: MSV1_0_PROTOCOL_MESSAGE_TYPE,
    pub DomainName: UNICODE_STRING,
    pub PackageName: UNICODE_STRING,
    pub DataLength: ULONG,
    pub LogonData: PUCHAR,
    pub Pad: ULONG,
}
pub type MSV1_0_PASSTHROUGH_REQUEST = _MSV1_0_PASSTHROUGH_REQUEST;
pub type PMSV1_0_PASSTHROUGH_REQUEST = *mut MSV1_0_PASSTHROUGH_REQUEST;
layout!(
    MSV1_0_PASSTHROUGH_REQUEST, 64, 8, MessageType 0, DomainName 8, PackageName 24, DataLength 40,
    LogonData 48, Pad 56
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _MSV1_0_PASSTHROUGH_RESPONSE {
    pub MessageType: MSV1_0_PROTOCOL_MESSAGE_TYPE,
    pub Pad: ULONG,
    pub DataLength: ULONG,
    pub ValidationData: PUCHAR,
}
pub type MSV1_0_PASSTHROUGH_RESPONSE = _MSV1_0_PASSTHROUGH_RESPONSE;
pub type PMSV1_0_PASSTHROUGH_RESPONSE = *mut MSV1_0_PASSTHROUGH_RESPONSE;
layout!(MSV1_0_PASSTHROUGH_RESPONSE, 24, 8, MessageType 0, Pad 4, DataLength 8, ValidationData 16);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _MSV1_0_SUBAUTH_REQUEST {
    pub MessageType: MSV1_0_PROTOCOL_MESSAGE_TYPE,
    pub SubAuthPackageId: ULONG,
    pub SubAuthInfoLength: ULONG,
    pub SubAuthSubmitBuffer: PUCHAR,
}
pub type MSV1_0_SUBAUTH_REQUEST = _MSV1_0_SUBAUTH_REQUEST;
pub type PMSV1_0_SUBAUTH_REQUEST = *mut MSV1_0_SUBAUTH_REQUEST;
layout!(
    MSV1_0_SUBAUTH_REQUEST, 24, 8, MessageType 0, SubAuthPackageId 4, SubAuthInfoLength 8,
    SubAuthSubmitBuffer 16
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _MSV1_0_SUBAUTH_RESPONSE {
    pub MessageType: MSV1_0_PROTOCOL_MESSAGE_TYPE,
    pub SubAuthInfoLength: ULONG,
    pub SubAuthReturnBuffer: PUCHAR,
}
pub type MSV1_0_SUBAUTH_RESPONSE = _MSV1_0_SUBAUTH_RESPONSE;
pub type PMSV1_0_SUBAUTH_RESPONSE = *mut MSV1_0_SUBAUTH_RESPONSE;
layout!(MSV1_0_SUBAUTH_RESPONSE, 16, 8, MessageType 0, SubAuthInfoLength 4, SubAuthReturnBuffer 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _CYPHER_BLOCK {
    pub data: [CHAR; 8],
}
pub type CYPHER_BLOCK = _CYPHER_BLOCK;
pub type PCYPHER_BLOCK = *mut CYPHER_BLOCK;
layout!(CYPHER_BLOCK, 8, 1, data 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _USER_SESSION_KEY {
    pub data: [CYPHER_BLOCK; 2],
}
pub type USER_SESSION_KEY = _USER_SESSION_KEY;
pub type PUSER_SESSION_KEY = *mut USER_SESSION_KEY;
layout!(USER_SESSION_KEY, 16, 1, data 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _MSV1_0_VALIDATION_INFO {
    pub LogoffTime: LARGE_INTEGER,
    pub KickoffTime: LARGE_INTEGER,
    pub LogonServer: LSA_UNICODE_STRING,
    pub LogonDomainName: LSA_UNICODE_STRING,
    pub SessionKey: USER_SESSION_KEY,
    pub Authoritative: BOOLEAN,
    pub UserFlags: ULONG,
    pub WhichFields: ULONG,
    pub UserId: ULONG,
}
pub type MSV1_0_VALIDATION_INFO = _MSV1_0_VALIDATION_INFO;
pub type PMSV1_0_VALIDATION_INFO = *mut MSV1_0_VALIDATION_INFO;
layout!(
    MSV1_0_VALIDATION_INFO, 80, 8, LogoffTime 0, KickoffTime 8, LogonServer 16,
    LogonDomainName 32, SessionKey 48, Authoritative 64, UserFlags 68, WhichFields 72, UserId 76
);
