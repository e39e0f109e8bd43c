//! Holds: the forms in which a caller hands over an identity (sspi.h).

use super::*;

/// An identity of any form.
pub type PSEC_WINNT_AUTH_IDENTITY_OPAQUE = PVOID;

/// An identity in one piece of memory, with packed credentials.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_WINNT_AUTH_IDENTITY_EX2 {
    pub Version: ULONG,
    pub cbHeaderLength: USHORT,
    pub cbStructureLength: ULONG,
    pub UserOffset: ULONG,
    pub UserLength: USHORT,
    pub DomainOffset: ULONG,
    pub DomainLength: USHORT,
    pub PackedCredentialsOffset: ULONG,
    pub PackedCredentialsLength: USHORT,
    pub Flags: ULONG,
    pub PackageListOffset: ULONG,
    pub PackageListLength: USHORT,
}
pub type SEC_WINNT_AUTH_IDENTITY_EX2 = _SEC_WINNT_AUTH_IDENTITY_EX2;
pub type PSEC_WINNT_AUTH_IDENTITY_EX2 = *mut SEC_WINNT_AUTH_IDENTITY_EX2;
layout!(
    SEC_WINNT_AUTH_IDENTITY_EX2, 48, 4, Version 0, cbHeaderLength 4, cbStructureLength 8,
    UserOffset 12, UserLength 16, DomainOffset 20, DomainLength 24, PackedCredentialsOffset 28,
    PackedCredentialsLength 32, Flags 36, PackageListOffset 40, PackageListLength 44
);

/// User, domain and password, in UTF-16.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_WINNT_AUTH_IDENTITY_W {
    pub User: *mut USHORT,
    pub UserLength: ULONG,
    pub Domain: *mut USHORT,
    pub DomainLength: ULONG,
    pub Password: *mut USHORT,
    pub PasswordLength: ULONG,
    pub Flags: ULONG,
}
pub type SEC_WINNT_AUTH_IDENTITY_W = _SEC_WINNT_AUTH_IDENTITY_W;
pub type PSEC_WINNT_AUTH_IDENTITY_W = *mut SEC_WINNT_AUTH_IDENTITY_W;
layout!(
    SEC_WINNT_AUTH_IDENTITY_W, 48, 8, User 0, UserLength 8, Domain 16, DomainLength 24,
    Password 32, PasswordLength 40, Flags 44
);

/// User, domain and password, in the narrow encoding.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_WINNT_AUTH_IDENTITY_A {
    pub User: *mut UCHAR,
    pub UserLength: ULONG,
    pub Domain: *mut UCHAR,
    pub DomainLength: ULONG,
    pub Password: *mut UCHAR,
    pub PasswordLength: ULONG,
    pub Flags: ULONG,
}
pub type SEC_WINNT_AUTH_IDENTITY_A = _SEC_WINNT_AUTH_IDENTITY_A;
pub type PSEC_WINNT_AUTH_IDENTITY_A = *mut SEC_WINNT_AUTH_IDENTITY_A;
layout!(
    SEC_WINNT_AUTH_IDENTITY_A, 48, 8, User 0, UserLength 8, Domain 16, DomainLength 24,
    Password 32, PasswordLength 40, Flags 44
);

/// The same with a version and a list of packages.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_WINNT_AUTH_IDENTITY_EXW {
    pub Version: ULONG,
    pub Length: ULONG,
    pub User: *mut USHORT,
    pub UserLength: ULONG,
    pub Domain: *mut USHORT,
    pub DomainLength: ULONG,
    pub Password: *mut USHORT,
    pub PasswordLength: ULONG,
    pub Flags: ULONG,
    pub PackageList: *mut USHORT,
    pub PackageListLength: ULONG,
}
pub type SEC_WINNT_AUTH_IDENTITY_EXW = _SEC_WINNT_AUTH_IDENTITY_EXW;
pub type PSEC_WINNT_AUTH_IDENTITY_EXW = *mut SEC_WINNT_AUTH_IDENTITY_EXW;
layout!(
    SEC_WINNT_AUTH_IDENTITY_EXW, 72, 8, Version 0, Length 4, User 8, UserLength 16, Domain 24,
    DomainLength 32, Password 40, PasswordLength 48, Flags 52, PackageList 56,
    PackageListLength 64
);

/// The same with a version and a list of packages.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_WINNT_AUTH_IDENTITY_EXA {
    pub Version: ULONG,
    pub Length: ULONG,
    pub User: *mut UCHAR,
    pub UserLength: ULONG,
    pub Domain: *mut UCHAR,
    pub DomainLength: ULONG,
    pub Password: *mut UCHAR,
    pub PasswordLength: ULONG,
    pub Flags: ULONG,
    pub PackageList: *mut UCHAR,
    pub PackageListLength: ULONG,
}
pub type SEC_WINNT_AUTH_IDENTITY_EXA = _SEC_WINNT_AUTH_IDENTITY_EXA;
pub type PSEC_WINNT_AUTH_IDENTITY_EXA = *mut SEC_WINNT_AUTH_IDENTITY_EXA;
layout!(
    SEC_WINNT_AUTH_IDENTITY_EXA, 72, 8, Version 0, Length 4, User 8, UserLength 16, Domain 24,
    DomainLength 32, Password 40, PasswordLength 48, Flags 52, PackageList 56,
    PackageListLength 64
);

/// All forms of an identity over each other; `Flags` and version tell which it is.
#[repr(C)]
#[derive(Clone, Copy)]
pub union _SEC_WINNT_AUTH_IDENTITY_INFO {
    pub AuthIdExw: SEC_WINNT_AUTH_IDENTITY_EXW,
    pub AuthIdExa: SEC_WINNT_AUTH_IDENTITY_EXA,
    pub AuthId_a: SEC_WINNT_AUTH_IDENTITY_A,
    pub AuthId_w: SEC_WINNT_AUTH_IDENTITY_W,
    pub AuthIdEx2: SEC_WINNT_AUTH_IDENTITY_EX2,
}
pub type SEC_WINNT_AUTH_IDENTITY_INFO = _SEC_WINNT_AUTH_IDENTITY_INFO;
pub type PSEC_WINNT_AUTH_IDENTITY_INFO = *mut SEC_WINNT_AUTH_IDENTITY_INFO;
layout!(
    SEC_WINNT_AUTH_IDENTITY_INFO, 72, 8, AuthIdExw 0, AuthIdExa 0, AuthId_a 0, AuthId_w 0,
    AuthIdEx2 0
);

/// Offset and length of bytes further on.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_WINNT_AUTH_BYTE_VECTOR {
    pub ByteArrayOffset: ULONG,
    pub ByteArrayLength: USHORT,
}
pub type SEC_WINNT_AUTH_BYTE_VECTOR = _SEC_WINNT_AUTH_BYTE_VECTOR;
pub type PSEC_WINNT_AUTH_BYTE_VECTOR = *mut SEC_WINNT_AUTH_BYTE_VECTOR;
layout!(SEC_WINNT_AUTH_BYTE_VECTOR, 8, 4, ByteArrayOffset 0, ByteArrayLength 4);

/// The kind of a packed credential, and where it is.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_WINNT_AUTH_DATA {
    pub CredType: GUID,
    pub CredData: SEC_WINNT_AUTH_BYTE_VECTOR,
}
pub type SEC_WINNT_AUTH_DATA = _SEC_WINNT_AUTH_DATA;
pub type PSEC_WINNT_AUTH_DATA = *mut SEC_WINNT_AUTH_DATA;
layout!(SEC_WINNT_AUTH_DATA, 24, 4, CredType 0, CredData 16);

/// A packed credential.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_WINNT_AUTH_PACKED_CREDENTIALS {
    pub cbHeaderLength: USHORT,
    pub cbStructureLength: USHORT,
    pub AuthData: SEC_WINNT_AUTH_DATA,
}
pub type SEC_WINNT_AUTH_PACKED_CREDENTIALS = _SEC_WINNT_AUTH_PACKED_CREDENTIALS;
pub type PSEC_WINNT_AUTH_PACKED_CREDENTIALS = *mut SEC_WINNT_AUTH_PACKED_CREDENTIALS;
layout!(
    SEC_WINNT_AUTH_PACKED_CREDENTIALS, 28, 4, cbHeaderLength 0, cbStructureLength 2, AuthData 4
);

/// A packed password.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_WINNT_AUTH_DATA_PASSWORD {
    pub UnicodePassword: SEC_WINNT_AUTH_BYTE_VECTOR,
}
pub type SEC_WINNT_AUTH_DATA_PASSWORD = _SEC_WINNT_AUTH_DATA_PASSWORD;
pub type PSEC_WINNT_AUTH_DATA_PASSWORD = SEC_WINNT_AUTH_DATA_PASSWORD;
layout!(SEC_WINNT_AUTH_DATA_PASSWORD, 8, 4, UnicodePassword 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_WINNT_AUTH_CERTIFICATE_DATA {
    pub cbHeaderLength: USHORT,
    pub cbStructureLength: USHORT,
    pub Certificate: SEC_WINNT_AUTH_BYTE_VECTOR,
}
pub type SEC_WINNT_AUTH_CERTIFICATE_DATA = _SEC_WINNT_AUTH_CERTIFICATE_DATA;
pub type PSEC_WINNT_AUTH_CERTIFICATE_DATA = *mut SEC_WINNT_AUTH_CERTIFICATE_DATA;
layout!(
    SEC_WINNT_AUTH_CERTIFICATE_DATA, 12, 4, cbHeaderLength 0, cbStructureLength 2, Certificate 4
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_WINNT_AUTH_NGC_DATA {
    pub LogonId: LUID,
    pub Flags: ULONG,
    pub CspInfo: SEC_WINNT_AUTH_BYTE_VECTOR,
    pub UserIdKeyAuthTicket: SEC_WINNT_AUTH_BYTE_VECTOR,
    pub DecryptionKeyName: SEC_WINNT_AUTH_BYTE_VECTOR,
    pub DecryptionKeyAuthTicket: SEC_WINNT_AUTH_BYTE_VECTOR,
}
pub type SEC_WINNT_AUTH_NGC_DATA = _SEC_WINNT_AUTH_NGC_DATA;
pub type PSEC_WINNT_AUTH_NGC_DATA = *mut SEC_WINNT_AUTH_NGC_DATA;
layout!(
    SEC_WINNT_AUTH_NGC_DATA, 44, 4, LogonId 0, Flags 8, CspInfo 12, UserIdKeyAuthTicket 20,
    DecryptionKeyName 28, DecryptionKeyAuthTicket 36
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_WINNT_AUTH_DATA_TYPE_SMARTCARD_CONTEXTS_DATA {
    pub pcc: PVOID,
    pub hProv: PVOID,
    pub pwszECDHKeyName: LPWSTR,
}
pub type SEC_WINNT_AUTH_DATA_TYPE_SMARTCARD_CONTEXTS_DATA =
    _SEC_WINNT_AUTH_DATA_TYPE_SMARTCARD_CONTEXTS_DATA;
pub type PSEC_WINNT_AUTH_DATA_TYPE_SMARTCARD_CONTEXTS_DATA =
    *mut SEC_WINNT_AUTH_DATA_TYPE_SMARTCARD_CONTEXTS_DATA;
layout!(
    SEC_WINNT_AUTH_DATA_TYPE_SMARTCARD_CONTEXTS_DATA, 24, 8, pcc 0, hProv 8, pwszECDHKeyName 16
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_WINNT_AUTH_FIDO_DATA {
    pub cbHeaderLength: USHORT,
    pub cbStructureLength: USHORT,
    pub Secret: SEC_WINNT_AUTH_BYTE_VECTOR,
    pub NewSecret: SEC_WINNT_AUTH_BYTE_VECTOR,
    pub EncryptedNewSecret: SEC_WINNT_AUTH_BYTE_VECTOR,
    pub NetworkLogonBuffer: SEC_WINNT_AUTH_BYTE_VECTOR,
    pub ulSignatureCount: ULONG64,
}
pub type SEC_WINNT_AUTH_FIDO_DATA = _SEC_WINNT_AUTH_FIDO_DATA;
pub type PSEC_WINNT_AUTH_FIDO_DATA = *mut SEC_WINNT_AUTH_FIDO_DATA;
layout!(
    SEC_WINNT_AUTH_FIDO_DATA, 48, 8, cbHeaderLength 0, cbStructureLength 2, Secret 4,
    NewSecret 12, EncryptedNewSecret 20, NetworkLogonBuffer 28, ulSignatureCount 40
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_WINNT_CREDUI_CONTEXT_VECTOR {
    pub CredUIContextArrayOffset: ULONG,
    pub CredUIContextCount: USHORT,
}
pub type SEC_WINNT_CREDUI_CONTEXT_VECTOR = _SEC_WINNT_CREDUI_CONTEXT_VECTOR;
pub type PSEC_WINNT_CREDUI_CONTEXT_VECTOR = *mut SEC_WINNT_CREDUI_CONTEXT_VECTOR;
layout!(SEC_WINNT_CREDUI_CONTEXT_VECTOR, 8, 4, CredUIContextArrayOffset 0, CredUIContextCount 4);

/// Offset and count of 16-bit units further on.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_WINNT_AUTH_SHORT_VECTOR {
    pub ShortArrayOffset: ULONG,
    pub ShortArrayCount: USHORT,
}
pub type SEC_WINNT_AUTH_SHORT_VECTOR = _SEC_WINNT_AUTH_SHORT_VECTOR;
pub type PSEC_WINNT_AUTH_SHORT_VECTOR = *mut SEC_WINNT_AUTH_SHORT_VECTOR;
layout!(SEC_WINNT_AUTH_SHORT_VECTOR, 8, 4, ShortArrayOffset 0, ShortArrayCount 4);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _CREDUIWIN_MARSHALED_CONTEXT {
    pub StructureType: GUID,
    pub cbHeaderLength: USHORT,
    pub LogonId: LUID,
    pub MarshaledDataType: GUID,
    pub MarshaledDataOffset: ULONG,
    pub MarshaledDataLength: USHORT,
}
pub type CREDUIWIN_MARSHALED_CONTEXT = _CREDUIWIN_MARSHALED_CONTEXT;
pub type PCREDUIWIN_MARSHALED_CONTEXT = *mut CREDUIWIN_MARSHALED_CONTEXT;
layout!(
    CREDUIWIN_MARSHALED_CONTEXT, 52, 4, StructureType 0, cbHeaderLength 16, LogonId 20,
    MarshaledDataType 28, MarshaledDataOffset 44, MarshaledDataLength 48
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_WINNT_CREDUI_CONTEXT {
    pub cbHeaderLength: USHORT,
    pub CredUIContextHandle: HANDLE,
    pub UIInfo: PVOID,
    pub dwAuthError: ULONG,
    pub pInputAuthIdentity: PSEC_WINNT_AUTH_IDENTITY_OPAQUE,
    pub TargetName: PUNICODE_STRING,
}
pub type SEC_WINNT_CREDUI_CONTEXT = _SEC_WINNT_CREDUI_CONTEXT;
pub type PSEC_WINNT_CREDUI_CONTEXT = *mut SEC_WINNT_CREDUI_CONTEXT;
layout!(
    SEC_WINNT_CREDUI_CONTEXT, 48, 8, cbHeaderLength 0, CredUIContextHandle 8, UIInfo 16,
    dwAuthError 24, pInputAuthIdentity 32, TargetName 40
);

/// A packed credential with a list of packages.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SEC_WINNT_AUTH_PACKED_CREDENTIALS_EX {
    pub cbHeaderLength: USHORT,
    pub Flags: ULONG,
    pub PackedCredentials: SEC_WINNT_AUTH_BYTE_VECTOR,
    pub PackageList: SEC_WINNT_AUTH_SHORT_VECTOR,
}
pub type SEC_WINNT_AUTH_PACKED_CREDENTIALS_EX = _SEC_WINNT_AUTH_PACKED_CREDENTIALS_EX;
pub type PSEC_WINNT_AUTH_PACKED_CREDENTIALS_EX = *mut SEC_WINNT_AUTH_PACKED_CREDENTIALS_EX;
layout!(
    SEC_WINNT_AUTH_PACKED_CREDENTIALS_EX, 24, 4, cbHeaderLength 0, Flags 4, PackedCredentials 8,
    PackageList 16
);
