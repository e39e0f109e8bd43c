//! Holds: bindings of realms to KDCs, KDC proxies, delegation, key tables and policies
//! (ntsecapi.h).

use super::*;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_QUERY_KDC_PROXY_CACHE_REQUEST {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub Flags: ULONG,
    pub LogonId: LUID,
}
pub type KERB_QUERY_KDC_PROXY_CACHE_REQUEST = _KERB_QUERY_KDC_PROXY_CACHE_REQUEST;
pub type PKERB_QUERY_KDC_PROXY_CACHE_REQUEST = *mut KERB_QUERY_KDC_PROXY_CACHE_REQUEST;
layout!(KERB_QUERY_KDC_PROXY_CACHE_REQUEST, 16, 4, MessageType 0, Flags 4, LogonId 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KDC_PROXY_CACHE_ENTRY_DATA {
    pub SinceLastUsed: ULONG64,
    pub DomainName: UNICODE_STRING,
    pub ProxyServerName: UNICODE_STRING,
    pub ProxyServerVdir: UNICODE_STRING,
    pub ProxyServerPort: USHORT,
    pub LogonId: LUID,
    pub CredUserName: UNICODE_STRING,
    pub CredDomainName: UNICODE_STRING,
    pub GlobalCache: BOOLEAN,
}
pub type KDC_PROXY_CACHE_ENTRY_DATA = _KDC_PROXY_CACHE_ENTRY_DATA;
pub type PKDC_PROXY_CACHE_ENTRY_DATA = *mut KDC_PROXY_CACHE_ENTRY_DATA;
layout!(
    KDC_PROXY_CACHE_ENTRY_DATA, 112, 8, SinceLastUsed 0, DomainName 8, ProxyServerName 24,
    ProxyServerVdir 40, ProxyServerPort 56, LogonId 60, CredUserName 72, CredDomainName 88,
    GlobalCache 104
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_QUERY_KDC_PROXY_CACHE_RESPONSE {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub CountOfEntries: ULONG,
    pub Entries: PKDC_PROXY_CACHE_ENTRY_DATA,
}
pub type KERB_QUERY_KDC_PROXY_CACHE_RESPONSE = _KERB_QUERY_KDC_PROXY_CACHE_RESPONSE;
pub type PKERB_QUERY_KDC_PROXY_CACHE_RESPONSE = *mut KERB_QUERY_KDC_PROXY_CACHE_RESPONSE;
layout!(KERB_QUERY_KDC_PROXY_CACHE_RESPONSE, 16, 8, MessageType 0, CountOfEntries 4, Entries 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_PURGE_KDC_PROXY_CACHE_REQUEST {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub Flags: ULONG,
    pub LogonId: LUID,
}
pub type KERB_PURGE_KDC_PROXY_CACHE_REQUEST = _KERB_PURGE_KDC_PROXY_CACHE_REQUEST;
pub type PKERB_PURGE_KDC_PROXY_CACHE_REQUEST = *mut KERB_PURGE_KDC_PROXY_CACHE_REQUEST;
layout!(KERB_PURGE_KDC_PROXY_CACHE_REQUEST, 16, 4, MessageType 0, Flags 4, LogonId 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_PURGE_KDC_PROXY_CACHE_RESPONSE {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub CountOfPurged: ULONG,
}
pub type KERB_PURGE_KDC_PROXY_CACHE_RESPONSE = _KERB_PURGE_KDC_PROXY_CACHE_RESPONSE;
pub type PKERB_PURGE_KDC_PROXY_CACHE_RESPONSE = *mut KERB_PURGE_KDC_PROXY_CACHE_RESPONSE;
layout!(KERB_PURGE_KDC_PROXY_CACHE_RESPONSE, 8, 4, MessageType 0, CountOfPurged 4);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_S4U2PROXY_CACHE_ENTRY_INFO {
    pub ServerName: UNICODE_STRING,
    pub Flags: ULONG,
    pub LastStatus: NTSTATUS,
    pub Expiry: LARGE_INTEGER,
}
pub type KERB_S4U2PROXY_CACHE_ENTRY_INFO = _KERB_S4U2PROXY_CACHE_ENTRY_INFO;
pub type PKERB_S4U2PROXY_CACHE_ENTRY_INFO = *mut KERB_S4U2PROXY_CACHE_ENTRY_INFO;
layout!(KERB_S4U2PROXY_CACHE_ENTRY_INFO, 32, 8, ServerName 0, Flags 16, LastStatus 20, Expiry 24);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_S4U2PROXY_CRED {
    pub UserName: UNICODE_STRING,
    pub DomainName: UNICODE_STRING,
    pub Flags: ULONG,
    pub LastStatus: NTSTATUS,
    pub Expiry: LARGE_INTEGER,
    pub CountOfEntries: ULONG,
    pub Entries: PKERB_S4U2PROXY_CACHE_ENTRY_INFO,
}
pub type KERB_S4U2PROXY_CRED = _KERB_S4U2PROXY_CRED;
pub type PKERB_S4U2PROXY_CRED = *mut KERB_S4U2PROXY_CRED;
layout!(
    KERB_S4U2PROXY_CRED, 64, 8, UserName 0, DomainName 16, Flags 32, LastStatus 36, Expiry 40,
    CountOfEntries 48, Entries 56
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_QUERY_S4U2PROXY_CACHE_REQUEST {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub Flags: ULONG,
    pub LogonId: LUID,
}
pub type KERB_QUERY_S4U2PROXY_CACHE_REQUEST = _KERB_QUERY_S4U2PROXY_CACHE_REQUEST;
pub type PKERB_QUERY_S4U2PROXY_CACHE_REQUEST = *mut KERB_QUERY_S4U2PROXY_CACHE_REQUEST;
layout!(KERB_QUERY_S4U2PROXY_CACHE_REQUEST, 16, 4, MessageType 0, Flags 4, LogonId 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_QUERY_S4U2PROXY_CACHE_RESPONSE {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub CountOfCreds: ULONG,
    pub Creds: PKERB_S4U2PROXY_CRED,
}
pub type KERB_QUERY_S4U2PROXY_CACHE_RESPONSE = _KERB_QUERY_S4U2PROXY_CACHE_RESPONSE;
pub type PKERB_QUERY_S4U2PROXY_CACHE_RESPONSE = *mut KERB_QUERY_S4U2PROXY_CACHE_RESPONSE;
layout!(KERB_QUERY_S4U2PROXY_CACHE_RESPONSE, 16, 8, MessageType 0, CountOfCreds 4, Creds 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_RETRIEVE_KEY_TAB_REQUEST {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub Flags: ULONG,
    pub UserName: UNICODE_STRING,
    pub DomainName: UNICODE_STRING,
    pub Password: UNICODE_STRING,
}
pub type KERB_RETRIEVE_KEY_TAB_REQUEST = _KERB_RETRIEVE_KEY_TAB_REQUEST;
pub type PKERB_RETRIEVE_KEY_TAB_REQUEST = *mut KERB_RETRIEVE_KEY_TAB_REQUEST;
layout!(
    KERB_RETRIEVE_KEY_TAB_REQUEST, 56, 8, MessageType 0, Flags 4, UserName 8, DomainName 24,
    Password 40
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_RETRIEVE_KEY_TAB_RESPONSE {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub KeyTabLength: ULONG,
    pub KeyTab: PUCHAR,
}
pub type KERB_RETRIEVE_KEY_TAB_RESPONSE = _KERB_RETRIEVE_KEY_TAB_RESPONSE;
pub type PKERB_RETRIEVE_KEY_TAB_RESPONSE = *mut KERB_RETRIEVE_KEY_TAB_RESPONSE;
layout!(KERB_RETRIEVE_KEY_TAB_RESPONSE, 16, 8, MessageType 0, KeyTabLength 4, KeyTab 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_DECRYPT_REQUEST {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub LogonId: LUID,
    pub Flags: ULONG,
    pub CryptoType: LONG,
    pub KeyUsage: LONG,
    pub Key: KERB_CRYPTO_KEY,
    pub EncryptedDataSize: ULONG,
    pub InitialVectorSize: ULONG,
    pub InitialVector: PUCHAR,
    pub EncryptedData: PUCHAR,
}
pub type KERB_DECRYPT_REQUEST = _KERB_DECRYPT_REQUEST;
pub type PKERB_DECRYPT_REQUEST = *mut KERB_DECRYPT_REQUEST;
layout!(
    KERB_DECRYPT_REQUEST, 64, 8, MessageType 0, LogonId 4, Flags 12, CryptoType 16, KeyUsage 20,
    Key 24, EncryptedDataSize 40, InitialVectorSize 44, InitialVector 48, EncryptedData 56
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_DECRYPT_RESPONSE {
    pub DecryptedData: [UCHAR; 1],
}
pub type KERB_DECRYPT_RESPONSE = _KERB_DECRYPT_RESPONSE;
pub type PKERB_DECRYPT_RESPONSE = *mut KERB_DECRYPT_RESPONSE;
layout!(KERB_DECRYPT_RESPONSE, 1, 1, DecryptedData 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_ADD_BINDING_CACHE_ENTRY_REQUEST {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub RealmName: UNICODE_STRING,
    pub KdcAddress: UNICODE_STRING,
    pub AddressType: ULONG,
}
pub type KERB_ADD_BINDING_CACHE_ENTRY_REQUEST = _KERB_ADD_BINDING_CACHE_ENTRY_REQUEST;
pub type PKERB_ADD_BINDING_CACHE_ENTRY_REQUEST = *mut KERB_ADD_BINDING_CACHE_ENTRY_REQUEST;
layout!(
    KERB_ADD_BINDING_CACHE_ENTRY_REQUEST, 48, 8, MessageType 0, RealmName 8, KdcAddress 24,
    AddressType 40
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_REFRESH_SCCRED_REQUEST {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub CredentialBlob: UNICODE_STRING,
    pub LogonId: LUID,
    pub Flags: ULONG,
}
pub type KERB_REFRESH_SCCRED_REQUEST = _KERB_REFRESH_SCCRED_REQUEST;
pub type PKERB_REFRESH_SCCRED_REQUEST = *mut KERB_REFRESH_SCCRED_REQUEST;
layout!(KERB_REFRESH_SCCRED_REQUEST, 40, 8, MessageType 0, CredentialBlob 8, LogonId 24, Flags 32);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_ADD_CREDENTIALS_REQUEST {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub UserName: UNICODE_STRING,
    pub DomainName: UNICODE_STRING,
    pub Password: UNICODE_STRING,
    pub LogonId: LUID,
    pub Flags: ULONG,
}
pub type KERB_ADD_CREDENTIALS_REQUEST = _KERB_ADD_CREDENTIALS_REQUEST;
pub type PKERB_ADD_CREDENTIALS_REQUEST = *mut KERB_ADD_CREDENTIALS_REQUEST;
layout!(
    KERB_ADD_CREDENTIALS_REQUEST, 72, 8, MessageType 0, UserName 8, DomainName 24, Password 40,
    LogonId 56, Flags 64
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_ADD_CREDENTIALS_REQUEST_EX {
    pub Credentials: KERB_ADD_CREDENTIALS_REQUEST,
    pub PrincipalNameCount: ULONG,
    pub PrincipalNames: [UNICODE_STRING; 1],
}
pub type KERB_ADD_CREDENTIALS_REQUEST_EX = _KERB_ADD_CREDENTIALS_REQUEST_EX;
pub type PKERB_ADD_CREDENTIALS_REQUEST_EX = *mut KERB_ADD_CREDENTIALS_REQUEST_EX;
layout!(
    KERB_ADD_CREDENTIALS_REQUEST_EX, 96, 8, Credentials 0, PrincipalNameCount 72,
    PrincipalNames 80
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_TRANSFER_CRED_REQUEST {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub OriginLogonId: LUID,
    pub DestinationLogonId: LUID,
    pub Flags: ULONG,
}
pub type KERB_TRANSFER_CRED_REQUEST = _KERB_TRANSFER_CRED_REQUEST;
pub type PKERB_TRANSFER_CRED_REQUEST = *mut KERB_TRANSFER_CRED_REQUEST;
layout!(
    KERB_TRANSFER_CRED_REQUEST, 24, 4, MessageType 0, OriginLogonId 4, DestinationLogonId 12,
    Flags 20
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_CLEANUP_MACHINE_PKINIT_CREDS_REQUEST {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub LogonId: LUID,
}
pub type KERB_CLEANUP_MACHINE_PKINIT_CREDS_REQUEST = _KERB_CLEANUP_MACHINE_PKINIT_CREDS_REQUEST;
pub type PKERB_CLEANUP_MACHINE_PKINIT_CREDS_REQUEST =
    *mut KERB_CLEANUP_MACHINE_PKINIT_CREDS_REQUEST;
layout!(KERB_CLEANUP_MACHINE_PKINIT_CREDS_REQUEST, 12, 4, MessageType 0, LogonId 4);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_BINDING_CACHE_ENTRY_DATA {
    pub DiscoveryTime: ULONG64,
    pub RealmName: UNICODE_STRING,
    pub KdcAddress: UNICODE_STRING,
    pub AddressType: ULONG,
    pub Flags: ULONG,
    pub DcFlags: ULONG,
    pub CacheFlags: ULONG,
    pub KdcName: UNICODE_STRING,
}
pub type KERB_BINDING_CACHE_ENTRY_DATA = _KERB_BINDING_CACHE_ENTRY_DATA;
pub type PKERB_BINDING_CACHE_ENTRY_DATA = *mut KERB_BINDING_CACHE_ENTRY_DATA;
layout!(
    KERB_BINDING_CACHE_ENTRY_DATA, 72, 8, DiscoveryTime 0, RealmName 8, KdcAddress 24,
    AddressType 40, Flags 44, DcFlags 48, CacheFlags 52, KdcName 56
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_QUERY_BINDING_CACHE_RESPONSE {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub CountOfEntries: ULONG,
    pub Entries: PKERB_BINDING_CACHE_ENTRY_DATA,
}
pub type KERB_QUERY_BINDING_CACHE_RESPONSE = _KERB_QUERY_BINDING_CACHE_RESPONSE;
pub type PKERB_QUERY_BINDING_CACHE_RESPONSE = *mut KERB_QUERY_BINDING_CACHE_RESPONSE;
layout!(KERB_QUERY_BINDING_CACHE_RESPONSE, 16, 8, MessageType 0, CountOfEntries 4, Entries 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_ADD_BINDING_CACHE_ENTRY_EX_REQUEST {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub RealmName: UNICODE_STRING,
    pub KdcAddress: UNICODE_STRING,
    pub AddressType: ULONG,
    pub DcFlags: ULONG,
}
pub type KERB_ADD_BINDING_CACHE_ENTRY_EX_REQUEST = _KERB_ADD_BINDING_CACHE_ENTRY_EX_REQUEST;
pub type PKERB_ADD_BINDING_CACHE_ENTRY_EX_REQUEST = *mut KERB_ADD_BINDING_CACHE_ENTRY_EX_REQUEST;
layout!(
    KERB_ADD_BINDING_CACHE_ENTRY_EX_REQUEST, 48, 8, MessageType 0, RealmName 8, KdcAddress 24,
    AddressType 40, DcFlags 44
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_QUERY_BINDING_CACHE_REQUEST {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
}
pub type KERB_QUERY_BINDING_CACHE_REQUEST = _KERB_QUERY_BINDING_CACHE_REQUEST;
pub type PKERB_QUERY_BINDING_CACHE_REQUEST = *mut KERB_QUERY_BINDING_CACHE_REQUEST;
layout!(KERB_QUERY_BINDING_CACHE_REQUEST, 4, 4, MessageType 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_PURGE_BINDING_CACHE_REQUEST {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
}
pub type KERB_PURGE_BINDING_CACHE_REQUEST = _KERB_PURGE_BINDING_CACHE_REQUEST;
pub type PKERB_PURGE_BINDING_CACHE_REQUEST = *mut KERB_PURGE_BINDING_CACHE_REQUEST;
layout!(KERB_PURGE_BINDING_CACHE_REQUEST, 4, 4, MessageType 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_QUERY_DOMAIN_EXTENDED_POLICIES_REQUEST {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub Flags: ULONG,
    pub DomainName: UNICODE_STRING,
}
pub type KERB_QUERY_DOMAIN_EXTENDED_POLICIES_REQUEST = _KERB_QUERY_DOMAIN_EXTENDED_POLICIES_REQUEST;
pub type PKERB_QUERY_DOMAIN_EXTENDED_POLICIES_REQUEST =
    *mut KERB_QUERY_DOMAIN_EXTENDED_POLICIES_REQUEST;
layout!(KERB_QUERY_DOMAIN_EXTENDED_POLICIES_REQUEST, 24, 8, MessageType 0, Flags 4, DomainName 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_QUERY_DOMAIN_EXTENDED_POLICIES_RESPONSE {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub Flags: ULONG,
    pub ExtendedPolicies: ULONG,
    pub DsFlags: ULONG,
}
pub type KERB_QUERY_DOMAIN_EXTENDED_POLICIES_RESPONSE =
    _KERB_QUERY_DOMAIN_EXTENDED_POLICIES_RESPONSE;
pub type PKERB_QUERY_DOMAIN_EXTENDED_POLICIES_RESPONSE =
    *mut KERB_QUERY_DOMAIN_EXTENDED_POLICIES_RESPONSE;
layout!(
    KERB_QUERY_DOMAIN_EXTENDED_POLICIES_RESPONSE, 16, 4, MessageType 0, Flags 4,
    ExtendedPolicies 8, DsFlags 12
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_CLOUD_KERBEROS_DEBUG_DATA {
    pub _bitfield: ULONG,
}
pub type KERB_CLOUD_KERBEROS_DEBUG_DATA = _KERB_CLOUD_KERBEROS_DEBUG_DATA;
pub type PKERB_CLOUD_KERBEROS_DEBUG_DATA = *mut KERB_CLOUD_KERBEROS_DEBUG_DATA;
layout!(KERB_CLOUD_KERBEROS_DEBUG_DATA, 4, 4, _bitfield 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_CLOUD_KERBEROS_DEBUG_DATA_V0 {
    pub _bitfield: ULONG,
}
pub type KERB_CLOUD_KERBEROS_DEBUG_DATA_V0 = _KERB_CLOUD_KERBEROS_DEBUG_DATA_V0;
pub type PKERB_CLOUD_KERBEROS_DEBUG_DATA_V0 = *mut KERB_CLOUD_KERBEROS_DEBUG_DATA_V0;
layout!(KERB_CLOUD_KERBEROS_DEBUG_DATA_V0, 4, 4, _bitfield 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_CLOUD_KERBEROS_DEBUG_REQUEST {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub LogonId: LUID,
}
pub type KERB_CLOUD_KERBEROS_DEBUG_REQUEST = _KERB_CLOUD_KERBEROS_DEBUG_REQUEST;
pub type PKERB_CLOUD_KERBEROS_DEBUG_REQUEST = *mut KERB_CLOUD_KERBEROS_DEBUG_REQUEST;
layout!(KERB_CLOUD_KERBEROS_DEBUG_REQUEST, 12, 4, MessageType 0, LogonId 4);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_CLOUD_KERBEROS_DEBUG_RESPONSE {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub Version: ULONG,
    pub Length: ULONG,
    pub Data: [ULONG; 1],
}
pub type KERB_CLOUD_KERBEROS_DEBUG_RESPONSE = _KERB_CLOUD_KERBEROS_DEBUG_RESPONSE;
pub type PKERB_CLOUD_KERBEROS_DEBUG_RESPONSE = *mut KERB_CLOUD_KERBEROS_DEBUG_RESPONSE;
layout!(KERB_CLOUD_KERBEROS_DEBUG_RESPONSE, 16, 4, MessageType 0, Version 4, Length 8, Data 12);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_REFRESH_POLICY_REQUEST {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub Flags: ULONG,
}
pub type KERB_REFRESH_POLICY_REQUEST = _KERB_REFRESH_POLICY_REQUEST;
pub type PKERB_REFRESH_POLICY_REQUEST = *mut KERB_REFRESH_POLICY_REQUEST;
layout!(KERB_REFRESH_POLICY_REQUEST, 8, 4, MessageType 0, Flags 4);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_REFRESH_POLICY_RESPONSE {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub Flags: ULONG,
}
pub type KERB_REFRESH_POLICY_RESPONSE = _KERB_REFRESH_POLICY_RESPONSE;
pub type PKERB_REFRESH_POLICY_RESPONSE = *mut KERB_REFRESH_POLICY_RESPONSE;
layout!(KERB_REFRESH_POLICY_RESPONSE, 8, 4, MessageType 0, Flags 4);
