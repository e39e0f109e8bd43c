//! Holds: credentials and credential targets (wincred.h).

use super::*;

/// What is known of the server that credentials are for.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _CREDENTIAL_TARGET_INFORMATIONA {
    pub TargetName: LPSTR,
    pub NetbiosServerName: LPSTR,
    pub DnsServerName: LPSTR,
    pub NetbiosDomainName: LPSTR,
    pub DnsDomainName: LPSTR,
    pub DnsTreeName: LPSTR,
    pub PackageName: LPSTR,
    pub Flags: ULONG,
    pub CredTypeCount: DWORD,
    pub CredTypes: LPDWORD,
}
pub type CREDENTIAL_TARGET_INFORMATIONA = _CREDENTIAL_TARGET_INFORMATIONA;
pub type CREDENTIAL_TARGET_INFORMATION = CREDENTIAL_TARGET_INFORMATIONA;
pub type PCREDENTIAL_TARGET_INFORMATIONA = *mut CREDENTIAL_TARGET_INFORMATIONA;
pub type PCREDENTIAL_TARGET_INFORMATION = *mut CREDENTIAL_TARGET_INFORMATION;
layout!(
    CREDENTIAL_TARGET_INFORMATIONA, 72, 8, TargetName 0, NetbiosServerName 8, DnsServerName 16,
    NetbiosDomainName 24, DnsDomainName 32, DnsTreeName 40, PackageName 48, Flags 56,
    CredTypeCount 60, CredTypes 64
);

/// What is known of the server that credentials are for.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _CREDENTIAL_TARGET_INFORMATIONW {
    pub TargetName: LPWSTR,
    pub NetbiosServerName: LPWSTR,
    pub DnsServerName: LPWSTR,
    pub NetbiosDomainName: LPWSTR,
    pub DnsDomainName: LPWSTR,
    pub DnsTreeName: LPWSTR,
    pub PackageName: LPWSTR,
    pub Flags: ULONG,
    pub CredTypeCount: DWORD,
    pub CredTypes: LPDWORD,
}
pub type CREDENTIAL_TARGET_INFORMATIONW = _CREDENTIAL_TARGET_INFORMATIONW;
pub type PCREDENTIAL_TARGET_INFORMATIONW = *mut CREDENTIAL_TARGET_INFORMATIONW;
layout!(
    CREDENTIAL_TARGET_INFORMATIONW, 72, 8, TargetName 0, NetbiosServerName 8, DnsServerName 16,
    NetbiosDomainName 24, DnsDomainName 32, DnsTreeName 40, PackageName 48, Flags 56,
    CredTypeCount 60, CredTypes 64
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _USERNAME_TARGET_CREDENTIAL_INFO {
    pub UserName: LPWSTR,
}
pub type USERNAME_TARGET_CREDENTIAL_INFO = _USERNAME_TARGET_CREDENTIAL_INFO;
pub type PUSERNAME_TARGET_CREDENTIAL_INFO = *mut USERNAME_TARGET_CREDENTIAL_INFO;
layout!(USERNAME_TARGET_CREDENTIAL_INFO, 8, 8, UserName 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _CERT_CREDENTIAL_INFO {
    pub cbSize: ULONG,
    pub rgbHashOfCert: [UCHAR; 20],
}
pub type CERT_CREDENTIAL_INFO = _CERT_CREDENTIAL_INFO;
pub type PCERT_CREDENTIAL_INFO = *mut CERT_CREDENTIAL_INFO;
layout!(CERT_CREDENTIAL_INFO, 24, 4, cbSize 0, rgbHashOfCert 4);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _CREDENTIALA {
    pub Flags: DWORD,
    pub Type: DWORD,
    pub TargetName: LPSTR,
    pub Comment: LPSTR,
    pub LastWritten: FILETIME,
    pub CredentialBlobSize: DWORD,
    pub CredentialBlob: LPBYTE,
    pub Persist: DWORD,
    pub AttributeCount: DWORD,
    pub Attributes: PCREDENTIAL_ATTRIBUTEA,
    pub TargetAlias: LPSTR,
    pub UserName: LPSTR,
}
pub type CREDENTIALA = _CREDENTIALA;
pub type CREDENTIAL = CREDENTIALA;
pub type PCREDENTIALA = *mut CREDENTIALA;
pub type PCREDENTIAL = *mut CREDENTIAL;
layout!(
    CREDENTIALA, 80, 8, Flags 0, Type 4, TargetName 8, Comment 16, LastWritten 24,
    CredentialBlobSize 32, CredentialBlob 40, Persist 48, AttributeCount 52, Attributes 56,
    TargetAlias 64, UserName 72
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _CREDENTIALW {
    pub Flags: DWORD,
    pub Type: DWORD,
    pub TargetName: LPWSTR,
    pub Comment: LPWSTR,
    pub LastWritten: FILETIME,
    pub CredentialBlobSize: DWORD,
    pub CredentialBlob: LPBYTE,
    pub Persist: DWORD,
    pub AttributeCount: DWORD,
    pub Attributes: PCREDENTIAL_ATTRIBUTEW,
    pub TargetAlias: LPWSTR,
    pub UserName: LPWSTR,
}
pub type CREDENTIALW = _CREDENTIALW;
pub type PCREDENTIALW = *mut CREDENTIALW;
layout!(
    CREDENTIALW, 80, 8, Flags 0, Type 4, TargetName 8, Comment 16, LastWritten 24,
    CredentialBlobSize 32, CredentialBlob 40, Persist 48, AttributeCount 52, Attributes 56,
    TargetAlias 64, UserName 72
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _CREDENTIAL_ATTRIBUTEA {
    pub Keyword: LPSTR,
    pub Flags: DWORD,
    pub ValueSize: DWORD,
    pub Value: LPBYTE,
}
pub type CREDENTIAL_ATTRIBUTEA = _CREDENTIAL_ATTRIBUTEA;
pub type CREDENTIAL_ATTRIBUTE = CREDENTIAL_ATTRIBUTEA;
pub type PCREDENTIAL_ATTRIBUTEA = *mut CREDENTIAL_ATTRIBUTEA;
pub type PCREDENTIAL_ATTRIBUTE = *mut CREDENTIAL_ATTRIBUTE;
layout!(CREDENTIAL_ATTRIBUTEA, 24, 8, Keyword 0, Flags 8, ValueSize 12, Value 16);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _CREDENTIAL_ATTRIBUTEW {
    pub Keyword: LPWSTR,
    pub Flags: DWORD,
    pub ValueSize: DWORD,
    pub Value: LPBYTE,
}
pub type CREDENTIAL_ATTRIBUTEW = _CREDENTIAL_ATTRIBUTEW;
pub type PCREDENTIAL_ATTRIBUTEW = *mut CREDENTIAL_ATTRIBUTEW;
layout!(CREDENTIAL_ATTRIBUTEW, 24, 8, Keyword 0, Flags 8, ValueSize 12, Value 16);
