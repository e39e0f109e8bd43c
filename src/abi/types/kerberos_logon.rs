//! Holds: logons, profiles, names, keys and passwords of the Kerberos package (ntsecapi.h).

use super::*;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_INTERACTIVE_LOGON {
    pub MessageType: KERB_LOGON_SUBMIT_TYPE,
    pub LogonDomainName: UNICODE_STRING,
    pub UserName: UNICODE_STRING,
    pub Password: UNICODE_STRING,
}
pub type KERB_INTERACTIVE_LOGON = _KERB_INTERACTIVE_LOGON;
pub type PKERB_INTERACTIVE_LOGON = *mut KERB_INTERACTIVE_LOGON;
layout!(KERB_INTERACTIVE_LOGON, 56, 8, MessageType 0, LogonDomainName 8, UserName 24, Password 40);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_INTERACTIVE_UNLOCK_LOGON {
    pub Logon: KERB_INTERACTIVE_LOGON,
    pub LogonId: LUID,
}
pub type KERB_INTERACTIVE_UNLOCK_LOGON = _KERB_INTERACTIVE_UNLOCK_LOGON;
pub type PKERB_INTERACTIVE_UNLOCK_LOGON = *mut KERB_INTERACTIVE_UNLOCK_LOGON;
layout!(KERB_INTERACTIVE_UNLOCK_LOGON, 64, 8, Logon 0, LogonId 56);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_SMART_CARD_LOGON {
    pub MessageType: KERB_LOGON_SUBMIT_TYPE,
    pub Pin: UNICODE_STRING,
    pub CspDataLength: ULONG,
    pub CspData: PUCHAR,
}
pub type KERB_SMART_CARD_LOGON = _KERB_SMART_CARD_LOGON;
pub type PKERB_SMART_CARD_LOGON = *mut KERB_SMART_CARD_LOGON;
layout!(KERB_SMART_CARD_LOGON, 40, 8, MessageType 0, Pin 8, CspDataLength 24, CspData 32);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_SMART_CARD_UNLOCK_LOGON {
    pub Logon: KERB_SMART_CARD_LOGON,
    pub LogonId: LUID,
}
pub type KERB_SMART_CARD_UNLOCK_LOGON = _KERB_SMART_CARD_UNLOCK_LOGON;
pub type PKERB_SMART_CARD_UNLOCK_LOGON = *mut KERB_SMART_CARD_UNLOCK_LOGON;
layout!(KERB_SMART_CARD_UNLOCK_LOGON, 48, 8, Logon 0, LogonId 40);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_TICKET_LOGON {
    pub MessageType: KERB_LOGON_SUBMIT_TYPE,
    pub Flags: ULONG,
    pub ServiceTicketLength: ULONG,
    pub TicketGrantingTicketLength: ULONG,
    pub ServiceTicket: PUCHAR,
    pub TicketGrantingTicket: PUCHAR,
}
pub type KERB_TICKET_LOGON = _KERB_TICKET_LOGON;
pub type PKERB_TICKET_LOGON = *mut KERB_TICKET_LOGON;
layout!(
    KERB_TICKET_LOGON, 32, 8, MessageType 0, Flags 4, ServiceTicketLength 8,
    TicketGrantingTicketLength 12, ServiceTicket 16, TicketGrantingTicket 24
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_TICKET_UNLOCK_LOGON {
    pub Logon: KERB_TICKET_LOGON,
    pub LogonId: LUID,
}
pub type KERB_TICKET_UNLOCK_LOGON = _KERB_TICKET_UNLOCK_LOGON;
pub type PKERB_TICKET_UNLOCK_LOGON = *mut KERB_TICKET_UNLOCK_LOGON;
layout!(KERB_TICKET_UNLOCK_LOGON, 40, 8, Logon 0, LogonId 32);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_S4U_LOGON {
    pub MessageType: KERB_LOGON_SUBMIT_TYPE,
    pub Flags: ULONG,
    pub ClientUpn: UNICODE_STRING,
    pub ClientRealm: UNICODE_STRING,
}
pub type KERB_S4U_LOGON = _KERB_S4U_LOGON;
pub type PKERB_S4U_LOGON = *mut KERB_S4U_LOGON;
layout!(KERB_S4U_LOGON, 40, 8, MessageType 0, Flags 4, ClientUpn 8, ClientRealm 24);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_INTERACTIVE_PROFILE {
    pub MessageType: KERB_PROFILE_BUFFER_TYPE,
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
pub type KERB_INTERACTIVE_PROFILE = _KERB_INTERACTIVE_PROFILE;
pub type PKERB_INTERACTIVE_PROFILE = *mut KERB_INTERACTIVE_PROFILE;
layout!(
    KERB_INTERACTIVE_PROFILE, 160, 8, MessageType 0, LogonCount 4, BadPasswordCount 6,
    LogonTime 8, LogoffTime 16, KickOffTime 24, PasswordLastSet 32, PasswordCanChange 40,
    PasswordMustChange 48, LogonScript 56, HomeDirectory 72, FullName 88, ProfilePath 104,
    HomeDirectoryDrive 120, LogonServer 136, UserFlags 152
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_SMART_CARD_PROFILE {
    pub Profile: KERB_INTERACTIVE_PROFILE,
    pub CertificateSize: ULONG,
    pub CertificateData: PUCHAR,
}
pub type KERB_SMART_CARD_PROFILE = _KERB_SMART_CARD_PROFILE;
pub type PKERB_SMART_CARD_PROFILE = *mut KERB_SMART_CARD_PROFILE;
layout!(KERB_SMART_CARD_PROFILE, 176, 8, Profile 0, CertificateSize 160, CertificateData 168);

/// A key and its encryption type.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct KERB_CRYPTO_KEY {
    pub KeyType: LONG,
    pub Length: ULONG,
    pub Value: PUCHAR,
}
pub type PKERB_CRYPTO_KEY = *mut KERB_CRYPTO_KEY;
layout!(KERB_CRYPTO_KEY, 16, 8, KeyType 0, Length 4, Value 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct KERB_CRYPTO_KEY32 {
    pub KeyType: LONG,
    pub Length: ULONG,
    pub Offset: ULONG,
}
pub type PKERB_CRYPTO_KEY32 = *mut KERB_CRYPTO_KEY32;
layout!(KERB_CRYPTO_KEY32, 12, 4, KeyType 0, Length 4, Offset 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_TICKET_PROFILE {
    pub Profile: KERB_INTERACTIVE_PROFILE,
    pub SessionKey: KERB_CRYPTO_KEY,
}
pub type KERB_TICKET_PROFILE = _KERB_TICKET_PROFILE;
pub type PKERB_TICKET_PROFILE = *mut KERB_TICKET_PROFILE;
layout!(KERB_TICKET_PROFILE, 176, 8, Profile 0, SessionKey 160);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_AUTH_DATA {
    pub Type: ULONG,
    pub Length: ULONG,
    pub Data: PUCHAR,
}
pub type KERB_AUTH_DATA = _KERB_AUTH_DATA;
pub type PKERB_AUTH_DATA = *mut KERB_AUTH_DATA;
layout!(KERB_AUTH_DATA, 16, 8, Type 0, Length 4, Data 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_NET_ADDRESS {
    pub Family: ULONG,
    pub Length: ULONG,
    pub Address: PCHAR,
}
pub type KERB_NET_ADDRESS = _KERB_NET_ADDRESS;
pub type PKERB_NET_ADDRESS = *mut KERB_NET_ADDRESS;
layout!(KERB_NET_ADDRESS, 16, 8, Family 0, Length 4, Address 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_NET_ADDRESSES {
    pub Number: ULONG,
    pub Addresses: [KERB_NET_ADDRESS; 1],
}
pub type KERB_NET_ADDRESSES = _KERB_NET_ADDRESSES;
pub type PKERB_NET_ADDRESSES = *mut KERB_NET_ADDRESSES;
layout!(KERB_NET_ADDRESSES, 24, 8, Number 0, Addresses 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_EXTERNAL_NAME {
    pub NameType: SHORT,
    pub NameCount: USHORT,
    pub Names: [UNICODE_STRING; 1],
}
pub type KERB_EXTERNAL_NAME = _KERB_EXTERNAL_NAME;
pub type PKERB_EXTERNAL_NAME = *mut KERB_EXTERNAL_NAME;
layout!(KERB_EXTERNAL_NAME, 24, 8, NameType 0, NameCount 2, Names 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_CHANGEPASSWORD_REQUEST {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub DomainName: UNICODE_STRING,
    pub AccountName: UNICODE_STRING,
    pub OldPassword: UNICODE_STRING,
    pub NewPassword: UNICODE_STRING,
    pub Impersonating: BOOLEAN,
}
pub type KERB_CHANGEPASSWORD_REQUEST = _KERB_CHANGEPASSWORD_REQUEST;
pub type PKERB_CHANGEPASSWORD_REQUEST = *mut KERB_CHANGEPASSWORD_REQUEST;
layout!(
    KERB_CHANGEPASSWORD_REQUEST, 80, 8, MessageType 0, DomainName 8, AccountName 24,
    OldPassword 40, NewPassword 56, Impersonating 72
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_SETPASSWORD_REQUEST {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub LogonId: LUID,
    pub CredentialsHandle: SecHandle,
    pub Flags: ULONG,
    pub DomainName: UNICODE_STRING,
    pub AccountName: UNICODE_STRING,
    pub Password: UNICODE_STRING,
}
pub type KERB_SETPASSWORD_REQUEST = _KERB_SETPASSWORD_REQUEST;
pub type PKERB_SETPASSWORD_REQUEST = *mut KERB_SETPASSWORD_REQUEST;
layout!(
    KERB_SETPASSWORD_REQUEST, 88, 8, MessageType 0, LogonId 4, CredentialsHandle 16, Flags 32,
    DomainName 40, AccountName 56, Password 72
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_SETPASSWORD_EX_REQUEST {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub LogonId: LUID,
    pub CredentialsHandle: SecHandle,
    pub Flags: ULONG,
    pub AccountRealm: UNICODE_STRING,
    pub AccountName: UNICODE_STRING,
    pub Password: UNICODE_STRING,
    pub ClientRealm: UNICODE_STRING,
    pub ClientName: UNICODE_STRING,
    pub Impersonating: BOOLEAN,
    pub KdcAddress: UNICODE_STRING,
    pub KdcAddressType: ULONG,
}
pub type KERB_SETPASSWORD_EX_REQUEST = _KERB_SETPASSWORD_EX_REQUEST;
pub type PKERB_SETPASSWORD_EX_REQUEST = *mut KERB_SETPASSWORD_EX_REQUEST;
layout!(
    KERB_SETPASSWORD_EX_REQUEST, 152, 8, MessageType 0, LogonId 4, CredentialsHandle 16, Flags 32,
    AccountRealm 40, AccountName 56, Password 72, ClientRealm 88, ClientName 104,
    Impersonating 120, KdcAddress 128, KdcAddressType 144
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_CERTIFICATE_HASHINFO {
    pub StoreNameLength: USHORT,
    pub HashLength: USHORT,
}
pub type KERB_CERTIFICATE_HASHINFO = _KERB_CERTIFICATE_HASHINFO;
pub type PKERB_CERTIFICATE_HASHINFO = *mut KERB_CERTIFICATE_HASHINFO;
layout!(KERB_CERTIFICATE_HASHINFO, 4, 2, StoreNameLength 0, HashLength 2);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_CERTIFICATE_INFO {
    pub CertInfoSize: ULONG,
    pub InfoType: ULONG,
}
pub type KERB_CERTIFICATE_INFO = _KERB_CERTIFICATE_INFO;
pub type PKERB_CERTIFICATE_INFO = *mut KERB_CERTIFICATE_INFO;
layout!(KERB_CERTIFICATE_INFO, 8, 4, CertInfoSize 0, InfoType 4);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_CERTIFICATE_LOGON {
    pub MessageType: KERB_LOGON_SUBMIT_TYPE,
    pub DomainName: UNICODE_STRING,
    pub UserName: UNICODE_STRING,
    pub Pin: UNICODE_STRING,
    pub Flags: ULONG,
    pub CspDataLength: ULONG,
    pub CspData: PUCHAR,
}
pub type KERB_CERTIFICATE_LOGON = _KERB_CERTIFICATE_LOGON;
pub type PKERB_CERTIFICATE_LOGON = *mut KERB_CERTIFICATE_LOGON;
layout!(
    KERB_CERTIFICATE_LOGON, 72, 8, MessageType 0, DomainName 8, UserName 24, Pin 40, Flags 56,
    CspDataLength 60, CspData 64
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_CERTIFICATE_UNLOCK_LOGON {
    pub Logon: KERB_CERTIFICATE_LOGON,
    pub LogonId: LUID,
}
pub type KERB_CERTIFICATE_UNLOCK_LOGON = _KERB_CERTIFICATE_UNLOCK_LOGON;
pub type PKERB_CERTIFICATE_UNLOCK_LOGON = *mut KERB_CERTIFICATE_UNLOCK_LOGON;
layout!(KERB_CERTIFICATE_UNLOCK_LOGON, 80, 8, Logon 0, LogonId 72);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_CERTIFICATE_S4U_LOGON {
    pub MessageType: KERB_LOGON_SUBMIT_TYPE,
    pub Flags: ULONG,
    pub UserPrincipalName: UNICODE_STRING,
    pub DomainName: UNICODE_STRING,
    pub CertificateLength: ULONG,
    pub Certificate: PUCHAR,
}
pub type KERB_CERTIFICATE_S4U_LOGON = _KERB_CERTIFICATE_S4U_LOGON;
pub type PKERB_CERTIFICATE_S4U_LOGON = *mut KERB_CERTIFICATE_S4U_LOGON;
layout!(
    KERB_CERTIFICATE_S4U_LOGON, 56, 8, MessageType 0, Flags 4, UserPrincipalName 8, DomainName 24,
    CertificateLength 40, Certificate 48
);
