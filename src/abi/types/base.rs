//! Holds: the scalars of Windows' headers, in the sizes of 64-bit Windows, and the three types
//! that C declares with anonymous members. Their C form is written by hand in
//! `include/secur32_base.h`.

use core::ffi::{c_char, c_void};

pub type CHAR = c_char;
pub type UCHAR = u8;
pub type BYTE = u8;
pub type BOOLEAN = u8;
pub type SHORT = i16;
pub type USHORT = u16;
pub type WORD = u16;
pub type BOOL = i32;
pub type LONG = i32;
pub type ULONG = u32;
pub type DWORD = u32;
pub type LONGLONG = i64;
pub type ULONGLONG = u64;
pub type ULONG64 = u64;
pub type LONG_PTR = isize;
pub type ULONG_PTR = usize;
pub type SIZE_T = usize;
/// A unit of UTF-16.
pub type WCHAR = u16;
pub type SEC_CHAR = CHAR;
pub type SEC_WCHAR = WCHAR;
pub type SECURITY_CONTEXT_TRACKING_MODE = BOOLEAN;

pub type HRESULT = LONG;
pub type NTSTATUS = LONG;
pub type SECURITY_STATUS = LONG;

pub type HANDLE = *mut c_void;
pub type PHANDLE = *mut HANDLE;
pub type PVOID = *mut c_void;
pub type LPVOID = *mut c_void;
pub type PSID = *mut c_void;
pub type PCHAR = *mut CHAR;
pub type PSTR = *mut CHAR;
pub type LPSTR = *mut CHAR;
pub type PCSTR = *const CHAR;
pub type LPCSTR = *const CHAR;
pub type PWSTR = *mut WCHAR;
pub type LPWSTR = *mut WCHAR;
pub type PCWSTR = *const WCHAR;
pub type LPCWSTR = *const WCHAR;
pub type PUCHAR = *mut UCHAR;
pub type PBYTE = *mut BYTE;
pub type LPBYTE = *mut BYTE;
pub type PUSHORT = *mut USHORT;
pub type PULONG = *mut ULONG;
pub type PDWORD = *mut DWORD;
pub type LPDWORD = *mut DWORD;
pub type PBOOLEAN = *mut BOOLEAN;
pub type PNTSTATUS = *mut NTSTATUS;

/// A 64-bit number; C sees a union of it with its two halves.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LARGE_INTEGER {
    pub QuadPart: LONGLONG,
}
layout!(LARGE_INTEGER, 8, 8, QuadPart 0);

/// The unsigned one.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ULARGE_INTEGER {
    pub QuadPart: ULONGLONG,
}
layout!(ULARGE_INTEGER, 8, 8, QuadPart 0);

pub type PLARGE_INTEGER = *mut LARGE_INTEGER;
pub type SECURITY_INTEGER = LARGE_INTEGER;
pub type PSECURITY_INTEGER = *mut SECURITY_INTEGER;
/// 100-nanosecond steps since 1601-01-01, in local time where the interface says so.
pub type TimeStamp = SECURITY_INTEGER;
pub type PTimeStamp = *mut TimeStamp;

/// A globally unique identifier.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GUID {
    pub Data1: ULONG,
    pub Data2: USHORT,
    pub Data3: USHORT,
    pub Data4: [UCHAR; 8],
}
layout!(GUID, 16, 4, Data1 0, Data2 4, Data3 6, Data4 8);
