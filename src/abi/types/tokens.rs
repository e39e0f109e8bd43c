//! Holds: the structures of `secur32_token.h`, which is written by hand, and those of winnt.h that
//! only `Secur32GetTokenInformation` fills in. `c-tests/tokens.c` compares their layouts.

use core::ffi::c_char;

use super::*;

/// What a token says; all that it points at is in the same block.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct SECUR32_TOKEN {
    pub Size: ULONG,
    pub Flags: ULONG,
    pub Type: ULONG,
    pub Level: ULONG,
    pub TokenId: LUID,
    pub LogonId: LUID,
    pub LogonType: ULONG,
    pub GroupCount: ULONG,
    pub User: PSID,
    pub PrimaryGroup: PSID,
    pub Groups: PSID_AND_ATTRIBUTES,
    pub Package: *const c_char,
    pub Account: *const c_char,
    pub Domain: *const c_char,
    pub DnsDomain: *const c_char,
    pub Upn: *const c_char,
    pub Principal: *const c_char,
    pub FullName: *const c_char,
    pub LogonServer: *const c_char,
    pub StartTime: LARGE_INTEGER,
    pub ExpiryTime: LARGE_INTEGER,
    pub LogonTime: LARGE_INTEGER,
    pub KickOffTime: LARGE_INTEGER,
    pub PasswordLastSet: LARGE_INTEGER,
    pub PasswordMustChange: LARGE_INTEGER,
    pub UserFlags: ULONG,
    pub UserAccountControl: ULONG,
    pub LogonCount: ULONG,
    pub BadPasswordCount: ULONG,
    pub PacAttributes: ULONG,
    pub TransitedCount: ULONG,
    pub TransitedServices: *const *const c_char,
    pub DelegationTarget: *const c_char,
    pub ClientClaimsLength: ULONG,
    pub DeviceClaimsLength: ULONG,
    pub DeviceInfoLength: ULONG,
    pub ClientClaims: *const UCHAR,
    pub DeviceClaims: *const UCHAR,
    pub DeviceInfo: *const UCHAR,
}
layout!(
    SECUR32_TOKEN, 256, 8, Size 0, Flags 4, Type 8, Level 12, TokenId 16, LogonId 24, LogonType 32,
    GroupCount 36, User 40, PrimaryGroup 48, Groups 56, Package 64, Account 72, Domain 80,
    DnsDomain 88, Upn 96, Principal 104, FullName 112, LogonServer 120, StartTime 128,
    ExpiryTime 136, LogonTime 144, KickOffTime 152, PasswordLastSet 160, PasswordMustChange 168,
    UserFlags 176, UserAccountControl 180, LogonCount 184, BadPasswordCount 188, PacAttributes 192,
    TransitedCount 196, TransitedServices 200, DelegationTarget 208, ClientClaimsLength 216,
    DeviceClaimsLength 220, DeviceInfoLength 224, ClientClaims 232, DeviceClaims 240, DeviceInfo 248
);

/// The client proved nothing, and may be so.
pub const SECUR32_TOKEN_ANONYMOUS: ULONG = 0x1;
/// A domain vouches for what is told of the client.
pub const SECUR32_TOKEN_AUTHORIZED: ULONG = 0x2;
/// The account's domain says who acted for the client on the way here.
pub const SECUR32_TOKEN_DELEGATED: ULONG = 0x4;

/// The account of the machine that a client is.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct SECUR32_UNIX_ACCOUNT {
    pub Size: ULONG,
    pub User: ULONG,
    pub Group: ULONG,
    pub GroupCount: ULONG,
    pub Groups: *const ULONG,
    pub Name: *const c_char,
    pub Home: *const c_char,
}
layout!(
    SECUR32_UNIX_ACCOUNT, 40, 8, Size 0, User 4, Group 8, GroupCount 12, Groups 16, Name 24, Home 32
);

/// winnt.h
#[repr(C)]
#[derive(Clone, Copy)]
pub struct TOKEN_STATISTICS {
    pub TokenId: LUID,
    pub AuthenticationId: LUID,
    pub ExpirationTime: LARGE_INTEGER,
    pub TokenType: ULONG,
    pub ImpersonationLevel: ULONG,
    pub DynamicCharged: ULONG,
    pub DynamicAvailable: ULONG,
    pub GroupCount: ULONG,
    pub PrivilegeCount: ULONG,
    pub ModifiedId: LUID,
}
layout!(
    TOKEN_STATISTICS, 56, 8, TokenId 0, AuthenticationId 8, ExpirationTime 16, TokenType 24,
    ImpersonationLevel 28, DynamicCharged 32, DynamicAvailable 36, GroupCount 40,
    PrivilegeCount 44, ModifiedId 48
);

/// `TOKEN_INFORMATION_CLASS`, as far as it is answered.
pub mod token_class {
    pub const USER: u32 = 1;
    pub const GROUPS: u32 = 2;
    pub const PRIMARY_GROUP: u32 = 5;
    pub const SOURCE: u32 = 7;
    pub const TYPE: u32 = 8;
    pub const IMPERSONATION_LEVEL: u32 = 9;
    pub const STATISTICS: u32 = 10;
}
