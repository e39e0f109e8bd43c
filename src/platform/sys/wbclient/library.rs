//! The library, once loaded, and its structures.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::mem::offset_of;
use std::ptr::{self, NonNull};
use std::sync::OnceLock;

use super::{Failure, WBC_ERR_DOMAIN_NOT_FOUND, WBC_ERR_SUCCESS};
use super::{WBC_ERR_UNKNOWN_GROUP, WBC_ERR_UNKNOWN_USER};
use crate::spi::sid::{MAX_SUB_AUTHORITIES, Sid};

/// `SONAME`
const NAME: &CStr = c"libwbclient.so.0";
const SID_REVISION: u8 = 1;

/// `struct wbcContext`
type ContextPtr = *mut c_void;

type Create = unsafe extern "C" fn() -> ContextPtr;
type FreeContext = unsafe extern "C" fn(ContextPtr);
type Free = unsafe extern "C" fn(*mut c_void);
type ErrorText = unsafe extern "C" fn(c_int) -> *const c_char;
type Authenticate = unsafe extern "C" fn(
    ContextPtr,
    *const AuthUserParams,
    *mut *mut AuthUserInfo,
    *mut *mut AuthErrorInfo,
) -> c_int;
type Details = unsafe extern "C" fn(ContextPtr, *mut *mut InterfaceDetails) -> c_int;
type EntryOfSid = unsafe extern "C" fn(ContextPtr, *mut WbcSid, *mut *mut libc::passwd) -> c_int;
type IdsOfSids = unsafe extern "C" fn(ContextPtr, *const WbcSid, u32, *mut UnixId) -> c_int;

/// The functions that are used.
#[derive(Debug)]
pub struct Functions {
    create: Create,
    free_context: FreeContext,
    free: Free,
    error_text: ErrorText,
    /// `wbcCtxAuthenticateUserEx`
    pub authenticate: Authenticate,
    /// `wbcCtxInterfaceDetails`
    pub interface: Details,
    /// `wbcCtxGetpwsid`
    pub entry: EntryOfSid,
    /// `wbcCtxSidsToUnixIds`
    pub groups: IdsOfSids,
}

/// The library, loaded by the first call and never unloaded. A library that was not there is not
/// looked for again.
pub fn library() -> Result<&'static Functions, Failure> {
    static LIBRARY: OnceLock<Result<Functions, String>> = OnceLock::new();
    LIBRARY.get_or_init(load).as_ref().map_err(|story| Failure::NoLibrary(story.clone()))
}

fn load() -> Result<Functions, String> {
    // SAFETY: the name is a C string. The library's own constructors run here; who may change
    // which library this name finds may as well change this one.
    let handle = unsafe { libc::dlopen(NAME.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL) };
    if handle.is_null() {
        return Err(load_error());
    }
    macro_rules! function {
        ($name:literal, $kind:ty) => {{
            let address = symbol(handle, $name)?;
            // SAFETY: the library's header declares a function of this name and type.
            unsafe { std::mem::transmute::<NonNull<c_void>, $kind>(address) }
        }};
    }
    Ok(Functions {
        create: function!("wbcCtxCreate", Create),
        free_context: function!("wbcCtxFree", FreeContext),
        free: function!("wbcFreeMemory", Free),
        error_text: function!("wbcErrorString", ErrorText),
        authenticate: function!("wbcCtxAuthenticateUserEx", Authenticate),
        interface: function!("wbcCtxInterfaceDetails", Details),
        entry: function!("wbcCtxGetpwsid", EntryOfSid),
        groups: function!("wbcCtxSidsToUnixIds", IdsOfSids),
    })
}

fn symbol(handle: *mut c_void, name: &str) -> Result<NonNull<c_void>, String> {
    let c_name = CString::new(name).map_err(|_| name.to_owned())?;
    // SAFETY: the handle is of a loaded library, the name a C string.
    let address = unsafe { libc::dlsym(handle, c_name.as_ptr()) };
    NonNull::new(address).ok_or_else(|| format!("libwbclient.so.0 has no {name}"))
}

fn load_error() -> String {
    // SAFETY: takes nothing; the text is the calling thread's until its next call.
    let text = unsafe { libc::dlerror() };
    if text.is_null() {
        return "libwbclient.so.0 cannot be loaded".to_owned();
    }
    // SAFETY: a non-null text is a C string.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}

impl Functions {
    /// What a `wbcErr` that is no success means.
    pub fn failure(&self, code: c_int) -> Failure {
        match code {
            WBC_ERR_DOMAIN_NOT_FOUND | WBC_ERR_UNKNOWN_USER | WBC_ERR_UNKNOWN_GROUP => {
                Failure::Unknown
            }
            // SAFETY: takes any number.
            code => Failure::Unavailable(code, static_text(unsafe { (self.error_text)(code) })),
        }
    }

    /// An error unless the code is success.
    pub fn check(&self, code: c_int) -> Result<(), Failure> {
        if code == WBC_ERR_SUCCESS { Ok(()) } else { Err(self.failure(code)) }
    }

    /// Takes over what libwbclient gave.
    pub const fn owned<T: Answer>(&'static self, pointer: *mut T) -> Owned<T> {
        Owned { pointer, functions: self }
    }
}

fn static_text(text: *const c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: libwbclient's names of errors are C strings that live for ever.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}

/// `struct wbcContext`: a connection to winbindd, of one thread.
pub struct Context {
    pointer: NonNull<c_void>,
    functions: &'static Functions,
}

impl Context {
    /// A connection, which is made when it is used.
    pub fn new(functions: &'static Functions) -> Result<Self, Failure> {
        // SAFETY: takes nothing.
        let pointer = NonNull::new(unsafe { (functions.create)() });
        let pointer = pointer.ok_or(Failure::Nonsense("there is no memory for a connection"))?;
        Ok(Self { pointer, functions })
    }

    /// For a call.
    pub const fn as_ptr(&self) -> ContextPtr {
        self.pointer.as_ptr()
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: it came from `wbcCtxCreate`, and this is the only owner.
        unsafe { (self.functions.free_context)(self.pointer.as_ptr()) }
    }
}

/// Something that libwbclient gave, given back at the end.
pub struct Owned<T: Answer> {
    pointer: *mut T,
    functions: &'static Functions,
}

impl<T: Answer> Owned<T> {
    /// What it is, if it is anything.
    pub const fn get(&self) -> Option<&T> {
        // SAFETY: NULL, or a living structure of this type that nobody else has.
        unsafe { self.pointer.as_ref() }
    }
}

impl<T: Answer> Drop for Owned<T> {
    fn drop(&mut self) {
        // SAFETY: as above.
        let Some(answer) = (unsafe { self.pointer.as_mut() }) else { return };
        answer.wipe();
        // SAFETY: libwbclient allocated it, and this is the only owner.
        unsafe { (self.functions.free)(self.pointer.cast()) }
    }
}

/// What libwbclient gives out to be given back.
pub trait Answer {
    /// Wipes the keys in it.
    fn wipe(&mut self) {}
}

impl Answer for InterfaceDetails {}
impl Answer for AuthErrorInfo {}
impl Answer for libc::passwd {}
impl Answer for AuthUserInfo {
    fn wipe(&mut self) {
        for byte in self.user_session_key.iter_mut().chain(&mut self.lm_session_key) {
            // SAFETY: a living byte of ours.
            unsafe { ptr::write_volatile(byte, 0) }
        }
    }
}

/// `struct wbcAuthUserParams`, with the longest member of its union.
#[repr(C)]
pub struct AuthUserParams {
    pub account_name: *const c_char,
    pub domain_name: *const c_char,
    pub workstation_name: *const c_char,
    pub flags: u32,
    pub parameter_control: u32,
    pub level: c_int,
    pub response: Response,
}

/// `password.response`
#[repr(C)]
pub struct Response {
    pub challenge: [u8; 8],
    pub nt_length: u32,
    pub nt_data: *const u8,
    pub lm_length: u32,
    pub lm_data: *const u8,
}

/// `struct wbcAuthUserInfo`
#[repr(C)]
pub struct AuthUserInfo {
    pub user_flags: u32,
    pub account_name: *mut c_char,
    pub user_principal: *mut c_char,
    pub full_name: *mut c_char,
    pub domain_name: *mut c_char,
    pub dns_domain_name: *mut c_char,
    pub acct_flags: u32,
    pub user_session_key: [u8; 16],
    pub lm_session_key: [u8; 8],
    pub logon_count: u16,
    pub bad_password_count: u16,
    pub logon_time: u64,
    pub logoff_time: u64,
    pub kickoff_time: u64,
    pub pass_last_set_time: u64,
    pub pass_can_change_time: u64,
    pub pass_must_change_time: u64,
    pub logon_server: *mut c_char,
    pub logon_script: *mut c_char,
    pub profile_path: *mut c_char,
    pub home_directory: *mut c_char,
    pub home_drive: *mut c_char,
    pub num_sids: u32,
    pub sids: *mut SidWithAttr,
}

/// `struct wbcAuthErrorInfo`, as far as every version has it.
#[repr(C)]
pub struct AuthErrorInfo {
    pub nt_status: u32,
    pub nt_string: *mut c_char,
    pub pam_error: i32,
    pub display_string: *mut c_char,
}

/// `struct wbcInterfaceDetails`
#[repr(C)]
pub struct InterfaceDetails {
    pub interface_version: u32,
    pub winbind_version: *mut c_char,
    pub winbind_separator: c_char,
    pub netbios_name: *mut c_char,
    pub netbios_domain: *mut c_char,
    pub dns_domain: *mut c_char,
}

/// `struct wbcSidWithAttr`
#[repr(C)]
pub struct SidWithAttr {
    pub sid: WbcSid,
    pub attributes: u32,
}

/// `struct wbcUnixId`
#[repr(C)]
#[derive(Debug, Clone, Copy, Default)]
pub struct UnixId {
    kind: c_int,
    pub id: u32,
}

impl UnixId {
    /// `WBC_ID_TYPE_GID`, `WBC_ID_TYPE_BOTH`
    pub const fn is_group(self) -> bool {
        matches!(self.kind, 2 | 3)
    }
}

/// `struct wbcDomainSid`
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct WbcSid {
    revision: u8,
    count: u8,
    authority: [u8; 6],
    numbers: [u32; MAX_SUB_AUTHORITIES],
}

impl WbcSid {
    /// As libwbclient wants it.
    pub fn of(sid: &Sid) -> Self {
        let mut numbers = [0; MAX_SUB_AUTHORITIES];
        for (place, &number) in numbers.iter_mut().zip(sid.sub_authorities()) {
            *place = number;
        }
        let [_, _, authority @ ..] = sid.authority().to_be_bytes();
        let count = sid.sub_authorities().len() as u8;
        Self { revision: SID_REVISION, count, authority, numbers }
    }

    /// The SID, if it is one.
    pub fn read(&self) -> Option<Sid> {
        let numbers = self.numbers.get(..usize::from(self.count))?;
        let authority = self.authority.iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte));
        (self.revision == SID_REVISION).then(|| Sid::new(authority, numbers))?
    }
}

#[cfg(target_pointer_width = "64")]
const _: () = {
    // As gcc lays out the header's structures.
    assert!(size_of::<AuthUserParams>() == 80 && offset_of!(AuthUserParams, response) == 40);
    assert!(size_of::<AuthUserInfo>() == 184 && offset_of!(AuthUserInfo, num_sids) == 168);
    assert!(offset_of!(AuthUserInfo, user_session_key) == 52);
    assert!(offset_of!(AuthUserInfo, logon_time) == 80);
    assert!(size_of::<InterfaceDetails>() == 48);
    assert!(size_of::<SidWithAttr>() == 72 && size_of::<UnixId>() == 8);
};
