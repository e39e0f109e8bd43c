//! Holds: the few types of winnt.h that security structures are made of.

use super::*;

pub type PACL = *mut ACL;

/// A locally unique identifier: names logon sessions.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _LUID {
    pub LowPart: DWORD,
    pub HighPart: LONG,
}
pub type LUID = _LUID;
pub type PLUID = *mut LUID;
layout!(LUID, 8, 4, LowPart 0, HighPart 4);

/// 100-nanosecond steps since 1601-01-01 UTC, in two halves.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _FILETIME {
    pub dwLowDateTime: DWORD,
    pub dwHighDateTime: DWORD,
}
pub type FILETIME = _FILETIME;
pub type PFILETIME = *mut FILETIME;
pub type LPFILETIME = *mut FILETIME;
layout!(FILETIME, 8, 4, dwLowDateTime 0, dwHighDateTime 4);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SYSTEMTIME {
    pub wYear: WORD,
    pub wMonth: WORD,
    pub wDayOfWeek: WORD,
    pub wDay: WORD,
    pub wHour: WORD,
    pub wMinute: WORD,
    pub wSecond: WORD,
    pub wMilliseconds: WORD,
}
pub type SYSTEMTIME = _SYSTEMTIME;
pub type PSYSTEMTIME = *mut SYSTEMTIME;
pub type LPSYSTEMTIME = *mut SYSTEMTIME;
layout!(
    SYSTEMTIME, 16, 2, wYear 0, wMonth 2, wDayOfWeek 4, wDay 6, wHour 8, wMinute 10, wSecond 12,
    wMilliseconds 14
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _TOKEN_SOURCE {
    pub SourceName: [CHAR; 8],
    pub SourceIdentifier: LUID,
}
pub type TOKEN_SOURCE = _TOKEN_SOURCE;
pub type PTOKEN_SOURCE = *mut TOKEN_SOURCE;
layout!(TOKEN_SOURCE, 16, 4, SourceName 0, SourceIdentifier 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _TOKEN_GROUPS {
    pub GroupCount: DWORD,
    pub Groups: [SID_AND_ATTRIBUTES; 1],
}
pub type TOKEN_GROUPS = _TOKEN_GROUPS;
pub type PTOKEN_GROUPS = *mut TOKEN_GROUPS;
layout!(TOKEN_GROUPS, 24, 8, GroupCount 0, Groups 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _QUOTA_LIMITS {
    pub PagedPoolLimit: SIZE_T,
    pub NonPagedPoolLimit: SIZE_T,
    pub MinimumWorkingSetSize: SIZE_T,
    pub MaximumWorkingSetSize: SIZE_T,
    pub PagefileLimit: SIZE_T,
    pub TimeLimit: LARGE_INTEGER,
}
pub type QUOTA_LIMITS = _QUOTA_LIMITS;
pub type PQUOTA_LIMITS = *mut QUOTA_LIMITS;
layout!(
    QUOTA_LIMITS, 48, 8, PagedPoolLimit 0, NonPagedPoolLimit 8, MinimumWorkingSetSize 16,
    MaximumWorkingSetSize 24, PagefileLimit 32, TimeLimit 40
);

/// A security identifier with its first sub-authority.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SID {
    pub Revision: BYTE,
    pub SubAuthorityCount: BYTE,
    pub IdentifierAuthority: SID_IDENTIFIER_AUTHORITY,
    pub SubAuthority: [DWORD; 1],
}
pub type SID = _SID;
pub type PISID = *mut SID;
layout!(SID, 12, 4, Revision 0, SubAuthorityCount 1, IdentifierAuthority 2, SubAuthority 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SID_AND_ATTRIBUTES {
    pub Sid: PSID,
    pub Attributes: DWORD,
}
pub type SID_AND_ATTRIBUTES = _SID_AND_ATTRIBUTES;
pub type PSID_AND_ATTRIBUTES = *mut SID_AND_ATTRIBUTES;
layout!(SID_AND_ATTRIBUTES, 16, 8, Sid 0, Attributes 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SID_IDENTIFIER_AUTHORITY {
    pub Value: [BYTE; 6],
}
pub type SID_IDENTIFIER_AUTHORITY = _SID_IDENTIFIER_AUTHORITY;
pub type PSID_IDENTIFIER_AUTHORITY = *mut SID_IDENTIFIER_AUTHORITY;
layout!(SID_IDENTIFIER_AUTHORITY, 6, 1, Value 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _LUID_AND_ATTRIBUTES {
    pub Luid: LUID,
    pub Attributes: DWORD,
}
pub type LUID_AND_ATTRIBUTES = _LUID_AND_ATTRIBUTES;
pub type PLUID_AND_ATTRIBUTES = *mut LUID_AND_ATTRIBUTES;
layout!(LUID_AND_ATTRIBUTES, 12, 4, Luid 0, Attributes 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SECURITY_ATTRIBUTES {
    pub nLength: DWORD,
    pub lpSecurityDescriptor: LPVOID,
    pub bInheritHandle: BOOL,
}
pub type SECURITY_ATTRIBUTES = _SECURITY_ATTRIBUTES;
pub type PSECURITY_ATTRIBUTES = *mut SECURITY_ATTRIBUTES;
pub type LPSECURITY_ATTRIBUTES = *mut SECURITY_ATTRIBUTES;
pub type SEC_ATTRS = *mut SECURITY_ATTRIBUTES;
layout!(SECURITY_ATTRIBUTES, 24, 8, nLength 0, lpSecurityDescriptor 8, bInheritHandle 16);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SECURITY_QUALITY_OF_SERVICE {
    pub Length: DWORD,
    pub ImpersonationLevel: SECURITY_IMPERSONATION_LEVEL,
    pub ContextTrackingMode: SECURITY_CONTEXT_TRACKING_MODE,
    pub EffectiveOnly: BOOLEAN,
}
pub type SECURITY_QUALITY_OF_SERVICE = _SECURITY_QUALITY_OF_SERVICE;
pub type PSECURITY_QUALITY_OF_SERVICE = *mut SECURITY_QUALITY_OF_SERVICE;
layout!(
    SECURITY_QUALITY_OF_SERVICE, 12, 4, Length 0, ImpersonationLevel 4, ContextTrackingMode 8,
    EffectiveOnly 9
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _TOKEN_USER {
    pub User: SID_AND_ATTRIBUTES,
}
pub type TOKEN_USER = _TOKEN_USER;
pub type PTOKEN_USER = *mut TOKEN_USER;
layout!(TOKEN_USER, 16, 8, User 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _TOKEN_PRIMARY_GROUP {
    pub PrimaryGroup: PSID,
}
pub type TOKEN_PRIMARY_GROUP = _TOKEN_PRIMARY_GROUP;
pub type PTOKEN_PRIMARY_GROUP = *mut TOKEN_PRIMARY_GROUP;
layout!(TOKEN_PRIMARY_GROUP, 8, 8, PrimaryGroup 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _TOKEN_PRIVILEGES {
    pub PrivilegeCount: DWORD,
    pub Privileges: [LUID_AND_ATTRIBUTES; 1],
}
pub type TOKEN_PRIVILEGES = _TOKEN_PRIVILEGES;
pub type PTOKEN_PRIVILEGES = *mut TOKEN_PRIVILEGES;
layout!(TOKEN_PRIVILEGES, 16, 4, PrivilegeCount 0, Privileges 4);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _TOKEN_OWNER {
    pub Owner: PSID,
}
pub type TOKEN_OWNER = _TOKEN_OWNER;
pub type PTOKEN_OWNER = *mut TOKEN_OWNER;
layout!(TOKEN_OWNER, 8, 8, Owner 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _TOKEN_DEFAULT_DACL {
    pub DefaultDacl: PACL,
}
pub type TOKEN_DEFAULT_DACL = _TOKEN_DEFAULT_DACL;
pub type PTOKEN_DEFAULT_DACL = *mut TOKEN_DEFAULT_DACL;
layout!(TOKEN_DEFAULT_DACL, 8, 8, DefaultDacl 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _LIST_ENTRY {
    pub Flink: *mut _LIST_ENTRY,
    pub Blink: *mut _LIST_ENTRY,
}
pub type LIST_ENTRY = _LIST_ENTRY;
pub type PLIST_ENTRY = *mut LIST_ENTRY;
pub type PRLIST_ENTRY = *mut LIST_ENTRY;
layout!(LIST_ENTRY, 16, 8, Flink 0, Blink 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _ACL {
    pub AclRevision: BYTE,
    pub Sbz1: BYTE,
    pub AclSize: WORD,
    pub AceCount: WORD,
    pub Sbz2: WORD,
}
pub type ACL = _ACL;
layout!(ACL, 8, 2, AclRevision 0, Sbz1 1, AclSize 2, AceCount 4, Sbz2 6);
