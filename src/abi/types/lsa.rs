//! Holds: strings, logon sessions and the Negotiate package's own calls (ntsecapi.h).

use super::*;

pub type LSA_OPERATIONAL_MODE = ULONG;
pub type PLSA_OPERATIONAL_MODE = *mut LSA_OPERATIONAL_MODE;
pub type PUNICODE_STRING = *mut UNICODE_STRING;
pub type PSTRING = *mut STRING;

/// Counted UTF-16; the lengths are bytes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _LSA_UNICODE_STRING {
    pub Length: USHORT,
    pub MaximumLength: USHORT,
    pub Buffer: PWSTR,
}
pub type LSA_UNICODE_STRING = _LSA_UNICODE_STRING;
pub type UNICODE_STRING = LSA_UNICODE_STRING;
pub type PLSA_UNICODE_STRING = *mut LSA_UNICODE_STRING;
layout!(LSA_UNICODE_STRING, 16, 8, Length 0, MaximumLength 2, Buffer 8);

/// Counted narrow characters.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _LSA_STRING {
    pub Length: USHORT,
    pub MaximumLength: USHORT,
    pub Buffer: PCHAR,
}
pub type LSA_STRING = _LSA_STRING;
pub type STRING = LSA_STRING;
pub type PLSA_STRING = *mut LSA_STRING;
layout!(LSA_STRING, 16, 8, Length 0, MaximumLength 2, Buffer 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _LSA_OBJECT_ATTRIBUTES {
    pub Length: ULONG,
    pub RootDirectory: HANDLE,
    pub ObjectName: PLSA_UNICODE_STRING,
    pub Attributes: ULONG,
    pub SecurityDescriptor: PVOID,
    pub SecurityQualityOfService: PVOID,
}
pub type LSA_OBJECT_ATTRIBUTES = _LSA_OBJECT_ATTRIBUTES;
pub type PLSA_OBJECT_ATTRIBUTES = *mut LSA_OBJECT_ATTRIBUTES;
layout!(
    LSA_OBJECT_ATTRIBUTES, 48, 8, Length 0, RootDirectory 8, ObjectName 16, Attributes 24,
    SecurityDescriptor 32, SecurityQualityOfService 40
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _LSA_LAST_INTER_LOGON_INFO {
    pub LastSuccessfulLogon: LARGE_INTEGER,
    pub LastFailedLogon: LARGE_INTEGER,
    pub FailedAttemptCountSinceLastSuccessfulLogon: ULONG,
}
pub type LSA_LAST_INTER_LOGON_INFO = _LSA_LAST_INTER_LOGON_INFO;
pub type PLSA_LAST_INTER_LOGON_INFO = *mut LSA_LAST_INTER_LOGON_INFO;
layout!(
    LSA_LAST_INTER_LOGON_INFO, 24, 8, LastSuccessfulLogon 0, LastFailedLogon 8,
    FailedAttemptCountSinceLastSuccessfulLogon 16
);

/// What is known of a logon session.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SECURITY_LOGON_SESSION_DATA {
    pub Size: ULONG,
    pub LogonId: LUID,
    pub UserName: LSA_UNICODE_STRING,
    pub LogonDomain: LSA_UNICODE_STRING,
    pub AuthenticationPackage: LSA_UNICODE_STRING,
    pub LogonType: ULONG,
    pub Session: ULONG,
    pub Sid: PSID,
    pub LogonTime: LARGE_INTEGER,
    pub LogonServer: LSA_UNICODE_STRING,
    pub DnsDomainName: LSA_UNICODE_STRING,
    pub Upn: LSA_UNICODE_STRING,
    pub UserFlags: ULONG,
    pub LastLogonInfo: LSA_LAST_INTER_LOGON_INFO,
    pub LogonScript: LSA_UNICODE_STRING,
    pub ProfilePath: LSA_UNICODE_STRING,
    pub HomeDirectory: LSA_UNICODE_STRING,
    pub HomeDirectoryDrive: LSA_UNICODE_STRING,
    pub LogoffTime: LARGE_INTEGER,
    pub KickOffTime: LARGE_INTEGER,
    pub PasswordLastSet: LARGE_INTEGER,
    pub PasswordCanChange: LARGE_INTEGER,
    pub PasswordMustChange: LARGE_INTEGER,
}
pub type SECURITY_LOGON_SESSION_DATA = _SECURITY_LOGON_SESSION_DATA;
pub type PSECURITY_LOGON_SESSION_DATA = *mut SECURITY_LOGON_SESSION_DATA;
layout!(
    SECURITY_LOGON_SESSION_DATA, 272, 8, Size 0, LogonId 4, UserName 16, LogonDomain 32,
    AuthenticationPackage 48, LogonType 64, Session 68, Sid 72, LogonTime 80, LogonServer 88,
    DnsDomainName 104, Upn 120, UserFlags 136, LastLogonInfo 144, LogonScript 168,
    ProfilePath 184, HomeDirectory 200, HomeDirectoryDrive 216, LogoffTime 232, KickOffTime 240,
    PasswordLastSet 248, PasswordCanChange 256, PasswordMustChange 264
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _NEGOTIATE_PACKAGE_PREFIX {
    pub PackageId: ULONG_PTR,
    pub PackageDataA: PVOID,
    pub PackageDataW: PVOID,
    pub PrefixLen: ULONG_PTR,
    pub Prefix: [UCHAR; 32],
}
pub type NEGOTIATE_PACKAGE_PREFIX = _NEGOTIATE_PACKAGE_PREFIX;
pub type PNEGOTIATE_PACKAGE_PREFIX = *mut NEGOTIATE_PACKAGE_PREFIX;
layout!(
    NEGOTIATE_PACKAGE_PREFIX, 64, 8, PackageId 0, PackageDataA 8, PackageDataW 16, PrefixLen 24,
    Prefix 32
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _NEGOTIATE_PACKAGE_PREFIXES {
    pub MessageType: ULONG,
    pub PrefixCount: ULONG,
    pub Offset: ULONG,
    pub Pad: ULONG,
}
pub type NEGOTIATE_PACKAGE_PREFIXES = _NEGOTIATE_PACKAGE_PREFIXES;
pub type PNEGOTIATE_PACKAGE_PREFIXES = *mut NEGOTIATE_PACKAGE_PREFIXES;
layout!(NEGOTIATE_PACKAGE_PREFIXES, 16, 4, MessageType 0, PrefixCount 4, Offset 8, Pad 12);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _NEGOTIATE_CALLER_NAME_REQUEST {
    pub MessageType: ULONG,
    pub LogonId: LUID,
}
pub type NEGOTIATE_CALLER_NAME_REQUEST = _NEGOTIATE_CALLER_NAME_REQUEST;
pub type PNEGOTIATE_CALLER_NAME_REQUEST = *mut NEGOTIATE_CALLER_NAME_REQUEST;
layout!(NEGOTIATE_CALLER_NAME_REQUEST, 12, 4, MessageType 0, LogonId 4);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _NEGOTIATE_CALLER_NAME_RESPONSE {
    pub MessageType: ULONG,
    pub CallerName: PWSTR,
}
pub type NEGOTIATE_CALLER_NAME_RESPONSE = _NEGOTIATE_CALLER_NAME_RESPONSE;
pub type PNEGOTIATE_CALLER_NAME_RESPONSE = *mut NEGOTIATE_CALLER_NAME_RESPONSE;
layout!(NEGOTIATE_CALLER_NAME_RESPONSE, 16, 8, MessageType 0, CallerName 8);

/// Names and SID of a logon session's user.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SECURITY_USER_DATA {
    pub UserName: SECURITY_STRING,
    pub LogonDomainName: SECURITY_STRING,
    pub LogonServer: SECURITY_STRING,
    pub pSid: PSID,
}
pub type SECURITY_USER_DATA = _SECURITY_USER_DATA;
pub type SecurityUserData = SECURITY_USER_DATA;
pub type PSECURITY_USER_DATA = *mut SECURITY_USER_DATA;
pub type PSecurityUserData = *mut SecurityUserData;
layout!(SECURITY_USER_DATA, 56, 8, UserName 0, LogonDomainName 16, LogonServer 32, pSid 48);
