//! Shared by the tests at the boundary: safe words around the C functions, whose arguments are
//! what a C program would pass.

// Each test program uses its own part of this.
#![allow(dead_code, unsafe_code)]

pub mod calls;
pub mod pair;
pub mod process;

pub use calls::*;
#[allow(unused_imports, reason = "each test program uses its own part")]
pub use pair::*;

pub use secur32::abi::exports::{
    attributes::*, context::*, credentials::*, memory::*, message::*, transfer::*,
};
pub use secur32::abi::types::*;

/// A status as a human reads it.
pub fn named(status: i32) -> String {
    secur32::spi::status::Status::new(status).to_string()
}

/// UTF-16 with a terminator.
pub fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().chain([0]).collect()
}

/// Reads a terminated UTF-16 string.
///
/// # Safety
/// `text` is terminated.
pub unsafe fn text_of(text: *const u16) -> String {
    let mut units = Vec::new();
    // SAFETY: up to the terminator.
    unsafe {
        while *text.add(units.len()) != 0 {
            units.push(*text.add(units.len()));
        }
    }
    String::from_utf16_lossy(&units)
}

/// A small generator of numbers that are the same in every run (xorshift64*).
pub struct Seeded(u64);

impl Seeded {
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// Less than `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

/// Kilobytes of memory that this process has resident.
pub fn resident_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
