//! The values of each kind of argument.

use std::ptr;

use super::{BLOB, Guard, Kind, ROOM, World};
use crate::c_abi::*;
use secur32::abi::exports::lsa::LsaConnectUntrusted;

pub const NUMBERS: [usize; 20] = [
    0,
    1,
    2,
    3,
    4,
    7,
    9,
    0x10,
    27,
    64,
    0x100,
    0x1_0000,
    0x3_0000,
    0x10_0000,
    0x4000_0000,
    0x7FFF_FFFF,
    0x8000_0001,
    0xFFFF_0000,
    0xFFFF_FFFE,
    0xFFFF_FFFF,
];

/// What a place for a handle holds before the call.
const GUARD: u8 = 0xC7;

impl World {
    /// The number that stands for a choice.
    pub fn value(&mut self, kind: Kind, choice: usize) -> usize {
        match kind {
            Kind::Num => NUMBERS[choice],
            Kind::RoomSize => [ROOM, 0, 1, 16, 64][choice],
            Kind::BlobSize => [BLOB, 0, 1, 44, 200][choice],
            Kind::GetKey => 0,
            Kind::Opaque => [1, 0, usize::MAX, 0xDEAD_BEEF, 8][choice],
            Kind::Authority if choice == 0 => connected(),
            Kind::Authority => [0, usize::MAX, 0xDEAD_BEEF, 8][choice - 1],
            _ if choice == 1 => 0,
            Kind::Ctx => self.context(choice),
            Kind::OptCtx => self.optional_context(choice),
            Kind::Cred => self.credential(choice),
            Kind::NewHandle => self.new_handle(choice),
            Kind::TextW | Kind::TextA => self.text(kind, choice, "HTTP/server.example.com"),
            Kind::PackageW | Kind::PackageA => self.text(kind, choice, "NTLM"),
            Kind::Desc => self.descriptor(choice),
            Kind::Out => self.out(choice),
            Kind::Room | Kind::Zeroed => self.bytes(&vec![0; ROOM]),
            Kind::Blob => self.bytes(&[0x5A; BLOB]),
            Kind::SizeInOut => {
                let size = [ROOM as u32 / 2, 0, 0, 5, 1][choice];
                self.bytes(&size.to_ne_bytes())
            }
            Kind::Identity => self.identity(choice),
            Kind::Free => self.free(choice),
            Kind::Luid => {
                let low = if choice == 2 { 999_u32 } else { 0 };
                let luid = self.bytes(&[low.to_ne_bytes(), [0; 4]].concat());
                luid + usize::from(choice == 3)
            }
            Kind::LsaString => self.lsa_string(choice),
            Kind::Packed => self.packed(choice),
        }
    }

    /// Memory of this call with this content; what lies behind it is guarded.
    fn bytes(&mut self, content: &[u8]) -> usize {
        let length = content.len() + 64;
        let mut memory = vec![0_u128; length.div_ceil(16)].into_boxed_slice();
        let start = memory.as_mut_ptr().cast::<u8>();
        // SAFETY: the memory is long enough for the content and 64 bytes behind it.
        unsafe {
            start.copy_from_nonoverlapping(content.as_ptr(), content.len());
            start.add(content.len()).write_bytes(GUARD, 64);
        }
        self.guard(start.wrapping_add(content.len()), 64, false, "what lies behind an argument");
        self.arena.push(memory);
        start.expose_provenance()
    }

    fn guard(&mut self, address: *mut u8, length: usize, on_failure: bool, what: &'static str) {
        // SAFETY: in the arena.
        let expected = unsafe { std::slice::from_raw_parts(address, length) }.to_vec();
        self.guards.push(Guard { address, expected, on_failure, what });
    }

    fn handle(&mut self, handle: SecHandle) -> usize {
        self.bytes(&[handle.dwLower.to_ne_bytes(), handle.dwUpper.to_ne_bytes()].concat())
    }

    fn context(&mut self, choice: usize) -> usize {
        let wrong_kind = self.parties.client.0;
        let handles =
            [self.pair.client.0, ZERO, ZERO, ONES, FOREIGN, self.dead_context, wrong_kind];
        match handles.get(choice) {
            Some(&handle) => self.handle(handle),
            None => self.handle(self.pair.client.0) + 1,
        }
    }

    fn optional_context(&mut self, choice: usize) -> usize {
        match choice {
            0 => self.handle(self.half.0),
            8 => self.handle(self.pair.client.0),
            9 => self.handle(self.pair.server.0),
            choice => self.context(choice),
        }
    }

    fn credential(&mut self, choice: usize) -> usize {
        let wrong_kind = self.pair.client.0;
        let own = self.parties.client.0;
        let handles = [own, ZERO, ZERO, ONES, FOREIGN, self.dead_credential, wrong_kind];
        match handles.get(choice) {
            Some(&handle) => self.handle(handle),
            None => self.handle(own) + 1,
        }
    }

    fn new_handle(&mut self, choice: usize) -> usize {
        let place = self.handle(FOREIGN);
        self.guard(ptr::with_exposed_provenance_mut(place), 16, true, "the new handle");
        place + usize::from(choice == 2)
    }

    /// Misaligned, empty, very long, without a terminator where one is looked for, malformed.
    fn text(&mut self, kind: Kind, choice: usize, good: &str) -> usize {
        let is_wide = matches!(kind, Kind::TextW | Kind::PackageW);
        let long = "x".repeat(70_000);
        let text = match choice {
            2 => "",
            3 => &long,
            4 => "Zoë\u{1F600}\n\u{1b}[31m",
            _ => good,
        };
        let malformed = choice == 5;
        let bytes = if is_wide {
            let mut units: Vec<u16> = text.encode_utf16().collect();
            units.extend(malformed.then_some(0xD800));
            units.iter().chain(&[0]).flat_map(|unit| unit.to_ne_bytes()).collect::<Vec<u8>>()
        } else {
            let mut bytes = text.as_bytes().to_vec();
            bytes.extend(malformed.then_some(0xFF));
            bytes.push(0);
            bytes
        };
        let misaligned = choice == 6;
        if misaligned {
            return self.bytes(&[&[b'x'][..], &bytes].concat()) + 1;
        }
        self.bytes(&bytes)
    }

    fn descriptor(&mut self, choice: usize) -> usize {
        let token = self.bytes(&[0; 4_096]);
        let data = self.bytes(b"some data to protect");
        let list = |parts: &[(u32, u32, usize)]| {
            let raw = |part: &(u32, u32, usize)| {
                [&part.1.to_ne_bytes()[..], &part.0.to_ne_bytes(), &part.2.to_ne_bytes()].concat()
            };
            parts.iter().flat_map(raw).collect::<Vec<u8>>()
        };
        let good = list(&[(SECBUFFER_TOKEN, 4_096, token), (SECBUFFER_DATA, 20, data)]);
        let (version, count, buffers) = match choice {
            2 => (7, 2, good),
            3 => (0, 0, good),
            4 => (0, u32::MAX, good),
            5 => (0, 257, good),
            // The whole of one buffer is a part of the other, and both are written.
            6 => (0, 2, list(&[(SECBUFFER_TOKEN, 64, token), (SECBUFFER_DATA, 4_096, token)])),
            7 => (0, 2, list(&[(SECBUFFER_TOKEN, 4_096, 0), (SECBUFFER_DATA, 20, 0)])),
            // No memory is there for so much, and none is touched.
            8 => (0, 2, list(&[(SECBUFFER_TOKEN, u32::MAX, 0), (SECBUFFER_DATA, u32::MAX, 0)])),
            9 => (0, 3, list(&[(0xFFFF_FFFF, 8, token), (5, 8, token + 8), (77, 8, token + 16)])),
            10 => (0, 2, list(&[(SECBUFFER_STREAM, 4_096, token), (SECBUFFER_DATA, 0, 0)])),
            11 => (0, 1, list(&[(SECBUFFER_CHANNEL_BINDINGS, 20, data)])),
            12 => (0, 2, good.clone()),
            13 => (0, 1, Vec::new()),
            _ => (0, 2, good),
        };
        let buffers = if buffers.is_empty() { 0 } else { self.bytes(&buffers) };
        let buffers = buffers + usize::from(choice == 12);
        let raw: [&[u8]; 3] =
            [&u32::to_ne_bytes(version), &u32::to_ne_bytes(count), &buffers.to_ne_bytes()];
        self.bytes(&raw.concat())
    }

    fn out(&mut self, choice: usize) -> usize {
        let place = self.bytes(&[0; 128]);
        place + usize::from(choice == 2)
    }

    fn identity(&mut self, choice: usize) -> usize {
        let user = self.bytes(&[b'u', 0, b's', 0, b'e', 0, b'r', 0, 0, 0]);
        let plain = |user: usize, length: u32, flags: u32| {
            let mut words = [0_u8; 48];
            words[..8].copy_from_slice(&user.to_ne_bytes());
            words[8..12].copy_from_slice(&length.to_ne_bytes());
            words[44..].copy_from_slice(&flags.to_ne_bytes());
            words.to_vec()
        };
        let unicode = SEC_WINNT_AUTH_IDENTITY_UNICODE;
        let versioned = |version: u32, length: u32, fill: u8| {
            let mut bytes = vec![fill; ROOM];
            bytes[..4].copy_from_slice(&version.to_ne_bytes());
            bytes[4..8].copy_from_slice(&length.to_ne_bytes());
            bytes
        };
        match choice {
            2 => self.bytes(&plain(user, 4, 3)),
            3 => self.bytes(&plain(user, 4, 0)),
            4 => self.bytes(&plain(0, u32::MAX, unicode)),
            5 => self.bytes(&vec![0; ROOM]),
            6 => self.bytes(&versioned(SEC_WINNT_AUTH_IDENTITY_VERSION, 72, 0)),
            7 => self.bytes(&versioned(SEC_WINNT_AUTH_IDENTITY_VERSION, 0xFFFF_FFFF, 0)),
            8 => self.bytes(&versioned(SEC_WINNT_AUTH_IDENTITY_VERSION_2, 0x0030, 0)),
            9 => self.bytes(&versioned(SEC_WINNT_AUTH_IDENTITY_VERSION_2, 0x0030, 0xFF)),
            10 => self.bytes(&plain(user, 4, unicode)) + 1,
            _ => self.bytes(&plain(user, 4, unicode)),
        }
    }

    fn free(&mut self, choice: usize) -> usize {
        let foreign = self.bytes(&[1; 64]);
        match choice {
            2 => usize::MAX,
            3 => 8,
            4 => foreign + 1,
            5 => 0x7FFF_0000_0000,
            6 => usize::MAX - 15,
            _ => foreign,
        }
    }

    fn lsa_string(&mut self, choice: usize) -> usize {
        let text = self.bytes(b"NTLM");
        let (length, maximum, buffer) = match choice {
            2 => (4, 4, 0),
            3 => (0xFFFF, 0, 0),
            4 => (0, 0, text),
            _ => (4_u16, 4_u16, text),
        };
        let mut raw = [0; 16];
        raw[..2].copy_from_slice(&length.to_ne_bytes());
        raw[2..4].copy_from_slice(&maximum.to_ne_bytes());
        raw[8..].copy_from_slice(&buffer.to_ne_bytes());
        self.bytes(&raw) + usize::from(choice == 5)
    }

    fn packed(&mut self, choice: usize) -> usize {
        let mut blob = self.blob.clone();
        match choice {
            3 => blob.truncate(40),
            4 => blob[50] ^= 1,
            5 => blob = vec![0xFF; 3_000],
            _ => {}
        }
        let (bytes, length) = (self.bytes(&blob), blob.len() as u32);
        let (pointer, length) = if choice == 2 { (0, u32::MAX) } else { (bytes, length) };
        let mut raw = [0; 16];
        raw[..4].copy_from_slice(&length.to_ne_bytes());
        raw[8..].copy_from_slice(&pointer.to_ne_bytes());
        self.bytes(&raw) + usize::from(choice == 6)
    }
}

/// A connection of its own for each call, since a call may end it.
fn connected() -> usize {
    let mut handle = ptr::null_mut();
    // SAFETY: a place for a handle.
    assert_eq!(unsafe { LsaConnectUntrusted(&raw mut handle) }, STATUS_SUCCESS);
    handle.addr()
}
