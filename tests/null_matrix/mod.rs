//! What the matrix of nonsense is made of: kinds of arguments, their values, and the world in
//! which the calls are made.

pub mod rows;
mod values;

use std::ptr;

use super::c_abi::*;
use secur32::abi::exports::status::Secur32LastErrorText;

/// An export and the kinds of its arguments.
pub struct Row {
    pub name: &'static str,
    pub kinds: &'static [Kind],
    /// Calls the function with these numbers for arguments.
    pub call: fn(&[usize]) -> i64,
    /// Whether the call may end the life of what it is given.
    pub consumes: bool,
}

/// A kind of argument. Its first value (choice 0) is as it should be; where an argument is a
/// pointer, choice 1 is NULL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A context that must be there.
    Ctx,
    /// A context of a handshake: absent on its first call.
    OptCtx,
    /// A credential.
    Cred,
    /// Where a handle goes.
    NewHandle,
    /// A number or flags.
    Num,
    /// A terminated string of each kind.
    TextW,
    TextA,
    /// The name of a package.
    PackageW,
    PackageA,
    /// A descriptor of buffers.
    Desc,
    /// Where a structure, a number or a pointer goes.
    Out,
    /// Memory of [`ROOM`] bytes, and a size for it.
    Room,
    RoomSize,
    /// A number that says how much of that memory there is, and how much was used.
    SizeInOut,
    /// An identity.
    Identity,
    /// Memory to free.
    Free,
    /// The number of a logon session.
    Luid,
    /// A handle that is no pointer.
    Opaque,
    /// A connection to the authority.
    Authority,
    /// A counted string.
    LsaString,
    /// A packed context.
    Packed,
    /// Bytes of [`BLOB`] length, and a length for them.
    Blob,
    BlobSize,
    /// A callback: always absent.
    GetKey,
    /// A structure of no more than [`ROOM`] bytes, all zero.
    Zeroed,
}

pub const ROOM: usize = 65_536;
pub const BLOB: usize = 256;

impl Kind {
    /// A handle that was valid once.
    pub const STALE: usize = 5;

    /// How many values there are.
    pub fn choices(self) -> usize {
        match self {
            Self::Desc => 14,
            Self::Identity => 11,
            Self::OptCtx => 10,
            Self::Ctx | Self::Cred => 8,
            Self::TextW
            | Self::TextA
            | Self::PackageW
            | Self::PackageA
            | Self::Free
            | Self::Packed => 7,
            Self::LsaString => 6,
            Self::RoomSize | Self::BlobSize | Self::SizeInOut | Self::Opaque | Self::Authority => 5,
            Self::Luid => 4,
            Self::NewHandle | Self::Out => 3,
            Self::Room | Self::Blob | Self::Zeroed => 2,
            Self::GetKey => 1,
            Self::Num => values::NUMBERS.len(),
        }
    }

    /// Whether choice 1 is NULL.
    pub fn has_null(self) -> bool {
        !matches!(self, Self::Num | Self::RoomSize | Self::BlobSize | Self::GetKey)
    }

    /// The choices that are no handle of this kind; none at all begins a handshake.
    pub fn wrong_handles(self) -> std::ops::Range<usize> {
        if self == Self::OptCtx { 2..8 } else { 1..8 }
    }
}

/// Living and dead handles, and the memory of one call.
pub struct World {
    parties: Parties,
    pair: Pair,
    half: Context,
    dead_context: SecHandle,
    dead_credential: SecHandle,
    blob: Vec<u8>,
    /// Memory of the call, aligned to 16 bytes, with what must be found behind it.
    arena: Vec<Box<[u128]>>,
    guards: Vec<Guard>,
}

/// Bytes that a call must leave alone.
struct Guard {
    address: *const u8,
    expected: Vec<u8>,
    /// Only when the call fails.
    on_failure: bool,
    what: &'static str,
}

impl World {
    pub fn new() -> Self {
        let parties = Parties::new();
        let pair = parties.established(PROTECTED);
        let half = parties.negotiate(PROTECTED).0;
        let dead_context = {
            let context = parties.negotiate(0).0;
            let handle = context.0;
            assert_eq!(context.delete(), SEC_E_OK);
            handle
        };
        let dead_credential = {
            let credential = Credential::client(USER, DOMAIN, PASSWORD);
            let handle = credential.0;
            assert_eq!(credential.free(), SEC_E_OK);
            handle
        };
        let blob = export(pair.client.0, 0).unwrap();
        Self {
            parties,
            pair,
            half,
            dead_context,
            dead_credential,
            blob,
            arena: Vec::new(),
            guards: Vec::new(),
        }
    }

    /// Calls a function with the values of these choices and checks what must hold of any call.
    pub fn call(&mut self, row: &Row, choices: &[usize]) -> i64 {
        self.arena.clear();
        self.guards.clear();
        let arguments: Vec<usize> = row
            .kinds
            .iter()
            .zip(choices)
            .map(|(&kind, &choice)| self.value(kind, choice))
            .collect();
        let answer = (row.call)(&arguments);
        let story = || format!("{} {choices:?} -> {answer:#x}", row.name);
        assert_ne!(answer, i64::from(SEC_E_INTERNAL_ERROR), "{}: {}", story(), last_error());
        assert!(!last_error().contains("panic"), "{}: {}", story(), last_error());
        for guard in &self.guards {
            // SAFETY: in the arena of this call.
            let found = unsafe { std::slice::from_raw_parts(guard.address, guard.expected.len()) };
            let counts = !guard.on_failure || answer < 0;
            assert!(!counts || found == guard.expected, "{}: {} was written", story(), guard.what);
        }
        self.heal(row, &story);
        answer
    }

    /// What was alive is still alive, unless the call was meant to end it.
    fn heal(&mut self, row: &Row, story: &dyn Fn() -> String) {
        let contexts = [self.pair.client.0, self.pair.server.0, self.half.0];
        let credentials = [self.parties.client.0, self.parties.server.0];
        let alive =
            contexts.into_iter().all(is_context) && credentials.into_iter().all(is_credential);
        if !alive {
            assert!(row.consumes, "{}: something died", story());
            *self = Self::new();
        }
    }
}

fn is_context(mut handle: SecHandle) -> bool {
    let mut sizes = [0_u32; 4];
    // SAFETY: a handle and the structure of the attribute.
    let status = unsafe {
        QueryContextAttributesW(&raw mut handle, SECPKG_ATTR_SIZES, sizes.as_mut_ptr().cast())
    };
    status != SEC_E_INVALID_HANDLE
}

fn is_credential(mut handle: SecHandle) -> bool {
    // SAFETY: a handle; the attribute is not offered, so that nothing is written.
    let status = unsafe { QueryCredentialsAttributesW(&raw mut handle, 0, ptr::null_mut()) };
    status != SEC_E_INVALID_HANDLE
}

fn last_error() -> String {
    let mut text = [0_u8; 400];
    // SAFETY: writable for its length.
    let length = unsafe { Secur32LastErrorText(text.as_mut_ptr().cast(), text.len()) };
    String::from_utf8_lossy(&text[..length.min(text.len() - 1)]).into_owned()
}
