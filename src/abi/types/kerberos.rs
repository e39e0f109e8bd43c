//! Holds: the ticket cache and key calls of the Kerberos package (ntsecapi.h).

use super::*;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_QUERY_TKT_CACHE_REQUEST {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub LogonId: LUID,
}
pub type KERB_QUERY_TKT_CACHE_REQUEST = _KERB_QUERY_TKT_CACHE_REQUEST;
pub type PKERB_QUERY_TKT_CACHE_REQUEST = *mut KERB_QUERY_TKT_CACHE_REQUEST;
layout!(KERB_QUERY_TKT_CACHE_REQUEST, 12, 4, MessageType 0, LogonId 4);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_TICKET_CACHE_INFO {
    pub ServerName: UNICODE_STRING,
    pub RealmName: UNICODE_STRING,
    pub StartTime: LARGE_INTEGER,
    pub EndTime: LARGE_INTEGER,
    pub RenewTime: LARGE_INTEGER,
    pub EncryptionType: LONG,
    pub TicketFlags: ULONG,
}
pub type KERB_TICKET_CACHE_INFO = _KERB_TICKET_CACHE_INFO;
pub type PKERB_TICKET_CACHE_INFO = *mut KERB_TICKET_CACHE_INFO;
layout!(
    KERB_TICKET_CACHE_INFO, 64, 8, ServerName 0, RealmName 16, StartTime 32, EndTime 40,
    RenewTime 48, EncryptionType 56, TicketFlags 60
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_TICKET_CACHE_INFO_EX {
    pub ClientName: UNICODE_STRING,
    pub ClientRealm: UNICODE_STRING,
    pub ServerName: UNICODE_STRING,
    pub ServerRealm: UNICODE_STRING,
    pub StartTime: LARGE_INTEGER,
    pub EndTime: LARGE_INTEGER,
    pub RenewTime: LARGE_INTEGER,
    pub EncryptionType: LONG,
    pub TicketFlags: ULONG,
}
pub type KERB_TICKET_CACHE_INFO_EX = _KERB_TICKET_CACHE_INFO_EX;
pub type PKERB_TICKET_CACHE_INFO_EX = *mut KERB_TICKET_CACHE_INFO_EX;
layout!(
    KERB_TICKET_CACHE_INFO_EX, 96, 8, ClientName 0, ClientRealm 16, ServerName 32, ServerRealm 48,
    StartTime 64, EndTime 72, RenewTime 80, EncryptionType 88, TicketFlags 92
);

/// A cached ticket with key type and branch.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_TICKET_CACHE_INFO_EX2 {
    pub ClientName: UNICODE_STRING,
    pub ClientRealm: UNICODE_STRING,
    pub ServerName: UNICODE_STRING,
    pub ServerRealm: UNICODE_STRING,
    pub StartTime: LARGE_INTEGER,
    pub EndTime: LARGE_INTEGER,
    pub RenewTime: LARGE_INTEGER,
    pub EncryptionType: LONG,
    pub TicketFlags: ULONG,
    pub SessionKeyType: ULONG,
    pub BranchId: ULONG,
}
pub type KERB_TICKET_CACHE_INFO_EX2 = _KERB_TICKET_CACHE_INFO_EX2;
pub type PKERB_TICKET_CACHE_INFO_EX2 = *mut KERB_TICKET_CACHE_INFO_EX2;
layout!(
    KERB_TICKET_CACHE_INFO_EX2, 104, 8, ClientName 0, ClientRealm 16, ServerName 32,
    ServerRealm 48, StartTime 64, EndTime 72, RenewTime 80, EncryptionType 88, TicketFlags 92,
    SessionKeyType 96, BranchId 100
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_TICKET_CACHE_INFO_EX3 {
    pub ClientName: UNICODE_STRING,
    pub ClientRealm: UNICODE_STRING,
    pub ServerName: UNICODE_STRING,
    pub ServerRealm: UNICODE_STRING,
    pub StartTime: LARGE_INTEGER,
    pub EndTime: LARGE_INTEGER,
    pub RenewTime: LARGE_INTEGER,
    pub EncryptionType: LONG,
    pub TicketFlags: ULONG,
    pub SessionKeyType: ULONG,
    pub BranchId: ULONG,
    pub CacheFlags: ULONG,
    pub KdcCalled: UNICODE_STRING,
}
pub type KERB_TICKET_CACHE_INFO_EX3 = _KERB_TICKET_CACHE_INFO_EX3;
pub type PKERB_TICKET_CACHE_INFO_EX3 = *mut KERB_TICKET_CACHE_INFO_EX3;
layout!(
    KERB_TICKET_CACHE_INFO_EX3, 128, 8, ClientName 0, ClientRealm 16, ServerName 32,
    ServerRealm 48, StartTime 64, EndTime 72, RenewTime 80, EncryptionType 88, TicketFlags 92,
    SessionKeyType 96, BranchId 100, CacheFlags 104, KdcCalled 112
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_QUERY_TKT_CACHE_RESPONSE {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub CountOfTickets: ULONG,
    pub Tickets: [KERB_TICKET_CACHE_INFO; 1],
}
pub type KERB_QUERY_TKT_CACHE_RESPONSE = _KERB_QUERY_TKT_CACHE_RESPONSE;
pub type PKERB_QUERY_TKT_CACHE_RESPONSE = *mut KERB_QUERY_TKT_CACHE_RESPONSE;
layout!(KERB_QUERY_TKT_CACHE_RESPONSE, 72, 8, MessageType 0, CountOfTickets 4, Tickets 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_QUERY_TKT_CACHE_EX_RESPONSE {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub CountOfTickets: ULONG,
    pub Tickets: [KERB_TICKET_CACHE_INFO_EX; 1],
}
pub type KERB_QUERY_TKT_CACHE_EX_RESPONSE = _KERB_QUERY_TKT_CACHE_EX_RESPONSE;
pub type PKERB_QUERY_TKT_CACHE_EX_RESPONSE = *mut KERB_QUERY_TKT_CACHE_EX_RESPONSE;
layout!(KERB_QUERY_TKT_CACHE_EX_RESPONSE, 104, 8, MessageType 0, CountOfTickets 4, Tickets 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_QUERY_TKT_CACHE_EX2_RESPONSE {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub CountOfTickets: ULONG,
    pub Tickets: [KERB_TICKET_CACHE_INFO_EX2; 1],
}
pub type KERB_QUERY_TKT_CACHE_EX2_RESPONSE = _KERB_QUERY_TKT_CACHE_EX2_RESPONSE;
pub type PKERB_QUERY_TKT_CACHE_EX2_RESPONSE = *mut KERB_QUERY_TKT_CACHE_EX2_RESPONSE;
layout!(KERB_QUERY_TKT_CACHE_EX2_RESPONSE, 112, 8, MessageType 0, CountOfTickets 4, Tickets 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_QUERY_TKT_CACHE_EX3_RESPONSE {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub CountOfTickets: ULONG,
    pub Tickets: [KERB_TICKET_CACHE_INFO_EX3; 1],
}
pub type KERB_QUERY_TKT_CACHE_EX3_RESPONSE = _KERB_QUERY_TKT_CACHE_EX3_RESPONSE;
pub type PKERB_QUERY_TKT_CACHE_EX3_RESPONSE = *mut KERB_QUERY_TKT_CACHE_EX3_RESPONSE;
layout!(KERB_QUERY_TKT_CACHE_EX3_RESPONSE, 136, 8, MessageType 0, CountOfTickets 4, Tickets 8);

/// A ticket with its session key. A secret.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_EXTERNAL_TICKET {
    pub ServiceName: PKERB_EXTERNAL_NAME,
    pub TargetName: PKERB_EXTERNAL_NAME,
    pub ClientName: PKERB_EXTERNAL_NAME,
    pub DomainName: UNICODE_STRING,
    pub TargetDomainName: UNICODE_STRING,
    pub AltTargetDomainName: UNICODE_STRING,
    pub SessionKey: KERB_CRYPTO_KEY,
    pub TicketFlags: ULONG,
    pub Flags: ULONG,
    pub KeyExpirationTime: LARGE_INTEGER,
    pub StartTime: LARGE_INTEGER,
    pub EndTime: LARGE_INTEGER,
    pub RenewUntil: LARGE_INTEGER,
    pub TimeSkew: LARGE_INTEGER,
    pub EncodedTicketSize: ULONG,
    pub EncodedTicket: PUCHAR,
}
pub type KERB_EXTERNAL_TICKET = _KERB_EXTERNAL_TICKET;
pub type PKERB_EXTERNAL_TICKET = *mut KERB_EXTERNAL_TICKET;
layout!(
    KERB_EXTERNAL_TICKET, 152, 8, ServiceName 0, TargetName 8, ClientName 16, DomainName 24,
    TargetDomainName 40, AltTargetDomainName 56, SessionKey 72, TicketFlags 88, Flags 92,
    KeyExpirationTime 96, StartTime 104, EndTime 112, RenewUntil 120, TimeSkew 128,
    EncodedTicketSize 136, EncodedTicket 144
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_RETRIEVE_TKT_REQUEST {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub LogonId: LUID,
    pub TargetName: UNICODE_STRING,
    pub TicketFlags: ULONG,
    pub CacheOptions: ULONG,
    pub EncryptionType: LONG,
    pub CredentialsHandle: SecHandle,
}
pub type KERB_RETRIEVE_TKT_REQUEST = _KERB_RETRIEVE_TKT_REQUEST;
pub type PKERB_RETRIEVE_TKT_REQUEST = *mut KERB_RETRIEVE_TKT_REQUEST;
layout!(
    KERB_RETRIEVE_TKT_REQUEST, 64, 8, MessageType 0, LogonId 4, TargetName 16, TicketFlags 32,
    CacheOptions 36, EncryptionType 40, CredentialsHandle 48
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_RETRIEVE_TKT_RESPONSE {
    pub Ticket: KERB_EXTERNAL_TICKET,
}
pub type KERB_RETRIEVE_TKT_RESPONSE = _KERB_RETRIEVE_TKT_RESPONSE;
pub type PKERB_RETRIEVE_TKT_RESPONSE = *mut KERB_RETRIEVE_TKT_RESPONSE;
layout!(KERB_RETRIEVE_TKT_RESPONSE, 152, 8, Ticket 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_PURGE_TKT_CACHE_REQUEST {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub LogonId: LUID,
    pub ServerName: UNICODE_STRING,
    pub RealmName: UNICODE_STRING,
}
pub type KERB_PURGE_TKT_CACHE_REQUEST = _KERB_PURGE_TKT_CACHE_REQUEST;
pub type PKERB_PURGE_TKT_CACHE_REQUEST = *mut KERB_PURGE_TKT_CACHE_REQUEST;
layout!(KERB_PURGE_TKT_CACHE_REQUEST, 48, 8, MessageType 0, LogonId 4, ServerName 16, RealmName 32);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_PURGE_TKT_CACHE_EX_REQUEST {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub LogonId: LUID,
    pub Flags: ULONG,
    pub TicketTemplate: KERB_TICKET_CACHE_INFO_EX,
}
pub type KERB_PURGE_TKT_CACHE_EX_REQUEST = _KERB_PURGE_TKT_CACHE_EX_REQUEST;
pub type PKERB_PURGE_TKT_CACHE_EX_REQUEST = *mut KERB_PURGE_TKT_CACHE_EX_REQUEST;
layout!(
    KERB_PURGE_TKT_CACHE_EX_REQUEST, 112, 8, MessageType 0, LogonId 4, Flags 12,
    TicketTemplate 16
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _KERB_SUBMIT_TKT_REQUEST {
    pub MessageType: KERB_PROTOCOL_MESSAGE_TYPE,
    pub LogonId: LUID,
    pub Flags: ULONG,
    pub Key: KERB_CRYPTO_KEY32,
    pub KerbCredSize: ULONG,
    pub KerbCredOffset: ULONG,
}
pub type KERB_SUBMIT_TKT_REQUEST = _KERB_SUBMIT_TKT_REQUEST;
pub type PKERB_SUBMIT_TKT_REQUEST = *mut KERB_SUBMIT_TKT_REQUEST;
layout!(
    KERB_SUBMIT_TKT_REQUEST, 36, 4, MessageType 0, LogonId 4, Flags 12, Key 16, KerbCredSize 28,
    KerbCredOffset 32
);
