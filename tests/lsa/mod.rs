//! The authority's functions as a C program calls them: connections, messages, logons.

// Each test program uses its own part of this.
#![allow(dead_code, unsafe_code)]

use std::ffi::c_void;
use std::ptr;

pub use secur32::abi::exports::lsa::*;
pub use secur32::abi::exports::tokens::Secur32CloseHandle;
pub use secur32::abi::types::*;

pub const NEGOTIATE: u32 = 0;
pub const KERBEROS: u32 = 2;
pub const MSV1_0: u32 = 3;

/// A connection, ended at the end.
pub struct Lsa(pub HANDLE);

impl Lsa {
    pub fn connect() -> Self {
        let mut handle = ptr::null_mut();
        // SAFETY: a place for a handle.
        assert_eq!(unsafe { LsaConnectUntrusted(&raw mut handle) }, STATUS_SUCCESS);
        Self(handle)
    }

    /// Both results, and the message that came.
    pub fn call(&self, package: u32, submit: &[u8]) -> Said {
        let mut said = Said { returned: 0, status: 7, block: Block::none() };
        // SAFETY: readable and writable places of this function.
        said.returned = unsafe {
            LsaCallAuthenticationPackage(
                self.0,
                package,
                submit.as_ptr().cast_mut().cast(),
                submit.len() as u32,
                &raw mut said.block.pointer,
                &raw mut said.block.length,
                &raw mut said.status,
            )
        };
        assert_eq!(said.block.pointer.is_null(), said.block.length == 0);
        said
    }

    /// What a message that must succeed gives.
    pub fn ask(&self, package: u32, submit: &[u8]) -> Block {
        let said = self.call(package, submit);
        assert_eq!((said.returned, said.status), (STATUS_SUCCESS, STATUS_SUCCESS), "{}", why());
        said.block
    }

    /// `LsaLogonUser`
    pub fn log_on(&self, package: u32, logon_type: i32, submit: &[u8]) -> Result<Logon, i32> {
        self.log_on_told(package, logon_type, submit).map_err(|(status, _)| status)
    }

    /// `LsaLogonUser`, with the `SubStatus` of a refusal.
    pub fn log_on_told(
        &self,
        package: u32,
        logon_type: i32,
        submit: &[u8],
    ) -> Result<Logon, (i32, i32)> {
        let mut logon = Logon {
            profile: Block::none(),
            session: LUID { LowPart: 7, HighPart: 7 },
            token: ptr::without_provenance_mut(7),
            sub_status: 7,
        };
        // SAFETY: readable and writable places of this function.
        let status = unsafe {
            LsaLogonUser(
                self.0,
                ptr::null_mut(),
                logon_type,
                package,
                submit.as_ptr().cast_mut().cast(),
                submit.len() as u32,
                ptr::null_mut(),
                ptr::null_mut(),
                &raw mut logon.profile.pointer,
                &raw mut logon.profile.length,
                &raw mut logon.session,
                &raw mut logon.token,
                ptr::null_mut(),
                &raw mut logon.sub_status,
            )
        };
        if status == STATUS_SUCCESS {
            return Ok(logon);
        }
        assert!(logon.token.is_null() && logon.profile.pointer.is_null());
        assert_eq!((logon.session.LowPart, logon.session.HighPart), (0, 0));
        let sub_status = logon.sub_status;
        std::mem::forget(logon);
        Err((status, sub_status))
    }
}

impl Drop for Lsa {
    fn drop(&mut self) {
        // SAFETY: a handle.
        assert_eq!(unsafe { LsaDeregisterLogonProcess(self.0) }, STATUS_SUCCESS);
    }
}

/// The two results of a call, and the message.
pub struct Said {
    pub returned: i32,
    pub status: i32,
    pub block: Block,
}

/// A session, ended at the end.
pub struct Logon {
    pub profile: Block,
    pub session: LUID,
    pub token: HANDLE,
    pub sub_status: i32,
}

impl std::fmt::Debug for Logon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "session {:x}:{:x}", self.session.HighPart, self.session.LowPart)
    }
}

impl Drop for Logon {
    fn drop(&mut self) {
        // SAFETY: a handle.
        assert_eq!(unsafe { Secur32CloseHandle(self.token) }, 1);
    }
}

/// A block of the library, freed at the end.
#[derive(Debug)]
pub struct Block {
    pub pointer: *mut c_void,
    pub length: u32,
}

impl Block {
    pub fn none() -> Self {
        Self { pointer: ptr::null_mut(), length: 0 }
    }

    /// The structure at an offset.
    pub fn structure<T: Copy>(&self, offset: usize) -> T {
        assert!(offset + size_of::<T>() <= self.length as usize, "{offset} {}", self.length);
        // SAFETY: inside of the block.
        unsafe { self.pointer.byte_add(offset).cast::<T>().read_unaligned() }
    }

    /// The bytes that a pointer of the block points at.
    pub fn bytes(&self, pointer: *const u8, length: u32) -> &[u8] {
        let offset = pointer.addr().checked_sub(self.pointer.addr()).expect("outside of the block");
        assert!(offset + length as usize <= self.length as usize, "outside of the block");
        // SAFETY: inside of the block.
        unsafe { std::slice::from_raw_parts(self.pointer.byte_add(offset).cast(), length as usize) }
    }

    pub fn text(&self, string: UNICODE_STRING) -> String {
        let bytes = self.bytes(string.Buffer.cast(), string.Length.into());
        let units: Vec<u16> =
            bytes.as_chunks::<2>().0.iter().map(|&pair| u16::from_ne_bytes(pair)).collect();
        String::from_utf16(&units).unwrap()
    }

    /// The parts of a KERB_EXTERNAL_NAME.
    pub fn name(&self, name: PKERB_EXTERNAL_NAME) -> String {
        let place = name.addr() - self.pointer.addr();
        let head: KERB_EXTERNAL_NAME = self.structure(place);
        let part = |part| self.text(self.structure(place + 8 + 16 * part));
        (0..usize::from(head.NameCount)).map(part).collect::<Vec<_>>().join("/")
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        // SAFETY: a block of the library, or NULL.
        assert_eq!(unsafe { LsaFreeReturnBuffer(self.pointer) }, STATUS_SUCCESS);
    }
}

/// A structure with what its pointers point at behind it. The memory does not move.
pub struct Request {
    bytes: Vec<u8>,
}

impl Request {
    const ROOM: usize = 65_536;

    /// A structure of zeros with its `MessageType`.
    pub fn new<T>(message: u32) -> Self {
        let mut bytes = Vec::with_capacity(Self::ROOM);
        bytes.resize(size_of::<T>(), 0);
        bytes[..4].copy_from_slice(&message.to_ne_bytes());
        Self { bytes }
    }

    pub fn put<const N: usize>(mut self, at: usize, value: [u8; N]) -> Self {
        self.bytes[at..at + N].copy_from_slice(&value);
        self
    }

    pub fn number(self, at: usize, value: u32) -> Self {
        self.put(at, value.to_ne_bytes())
    }

    pub fn luid(self, at: usize, luid: LUID) -> Self {
        self.number(at, luid.LowPart).number(at + 4, luid.HighPart.cast_unsigned())
    }

    /// A UNICODE_STRING.
    pub fn text(self, at: usize, text: &str) -> Self {
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_ne_bytes).collect();
        self.string(at, &bytes)
    }

    /// A counted string.
    pub fn string(self, at: usize, bytes: &[u8]) -> Self {
        let length = bytes.len() as u16;
        let (request, place) = self.append(bytes);
        request
            .put(at, length.to_ne_bytes())
            .put(at + 2, length.to_ne_bytes())
            .put(at + 8, place.to_ne_bytes())
    }

    /// Puts bytes at the end; gives their address.
    pub fn append(mut self, bytes: &[u8]) -> (Self, usize) {
        assert!(self.bytes.len() + bytes.len() <= Self::ROOM, "the memory must not move");
        let place = self.bytes.as_ptr().addr() + self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        (self, place)
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.bytes
    }
}

/// What the library says of the last failure.
pub fn why() -> String {
    let mut text = [0_u8; 400];
    // SAFETY: writable for its length.
    let length = unsafe {
        secur32::abi::exports::status::Secur32LastErrorText(text.as_mut_ptr().cast(), text.len())
    };
    String::from_utf8_lossy(&text[..length.min(text.len() - 1)]).into_owned()
}
