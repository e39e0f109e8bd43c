//! N13 across `fork`: parent and child must not make the same challenges, and a context of the
//! parent goes on in the child.
#![allow(unsafe_code)]

mod c_abi;

use std::io::{Read, Write};
use std::os::fd::FromRawFd;

use c_abi::{Pair, Parties, exchange};

/// Challenges that each of the two processes makes.
const COUNT: usize = 500;

#[test]
fn n13_parent_and_child_make_different_challenges() {
    let parties = Parties::new();
    // Whatever is made ready by the first use is ready now, and is copied into the child.
    let mut seen = challenges(&parties);
    let theirs = in_child(|| challenges(&parties).concat());
    assert_eq!(theirs.len(), COUNT * 8);
    seen.extend(challenges(&parties));
    seen.extend(theirs.as_chunks::<8>().0);
    let total = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), total, "a challenge came twice");
}

#[test]
fn b2_handles_live_on_in_a_child() {
    let pair = Pair::new();
    pair.works();
    let said = in_child(|| {
        exchange(pair.client.0, pair.server.0, b"in the child");
        Pair::new().works();
        b"done".to_vec()
    });
    assert_eq!(said, b"done");
    pair.works();
}

fn challenges(parties: &Parties) -> Vec<[u8; 8]> {
    (0..COUNT)
        .map(|_| {
            let (_client, negotiate) = parties.negotiate(c_abi::PROTECTED);
            let (_server, challenge) = parties.challenge(&negotiate);
            challenge[24..32].try_into().unwrap()
        })
        .collect()
}

/// What `work` returns in a child process; nothing when it panics there.
fn in_child(work: impl FnOnce() -> Vec<u8>) -> Vec<u8> {
    let mut ends = [0; 2];
    // SAFETY: two descriptors fit.
    assert_eq!(unsafe { libc::pipe(ends.as_mut_ptr()) }, 0);
    // SAFETY: both are fresh and owned by nobody else.
    let (mut reader, mut writer) =
        unsafe { (std::fs::File::from_raw_fd(ends[0]), std::fs::File::from_raw_fd(ends[1])) };
    // SAFETY: the child uses the library, writes to the pipe and ends without running anything
    // else of this program.
    let child = unsafe { libc::fork() };
    assert!(child >= 0);
    if child == 0 {
        // A child that hangs is ended by the kernel.
        // SAFETY: no memory is involved.
        unsafe { libc::alarm(60) };
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        let written = result.is_ok_and(|bytes| writer.write_all(&bytes).is_ok());
        // SAFETY: ends the process at once.
        unsafe { libc::_exit(i32::from(!written)) };
    }
    drop(writer);
    let mut said = Vec::new();
    reader.read_to_end(&mut said).unwrap();
    let mut status = 0;
    // SAFETY: the status is writable.
    assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
    assert_eq!(status, 0, "the child failed");
    said
}
