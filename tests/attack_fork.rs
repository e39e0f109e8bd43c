//! N13, K1 across `fork`: parent and child must not make the same challenges, a context of the
//! parent goes on in the child, and what one has seen the other must not accept.
#![allow(unsafe_code)]

mod c_abi;

use std::io::{Read, Write};
use std::os::fd::FromRawFd;
use std::time::Duration;

use c_abi::{Pair, Parties, exchange};
use secur32::platform::replay::Replays;
use secur32::spi::kerberos::{Freshness, KerberosTime, ReplayCache};

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

#[test]
fn k1_parent_and_child_share_the_replay_cache() {
    let path = std::env::temp_dir().join(format!("secur32-fork-{}.rcache2", std::process::id()));
    let cache = Replays::named(&format!("file2:{}", path.display()));
    let fresh = |numbers: std::ops::Range<u32>| {
        let is_fresh = |number: &u32| {
            let mut tag = [b'f'; 12];
            tag[..4].copy_from_slice(&number.to_be_bytes());
            let now = KerberosTime(1_700_000_000);
            let freshness = cache.remember(&tag, now, Duration::from_secs(300)).unwrap();
            freshness == Freshness::Fresh
        };
        numbers.filter(is_fresh).count()
    };
    // The file is open, and the child has the same open file.
    assert_eq!(fresh(0..10), 10);
    let (in_parent, in_child) = std::thread::scope(|scope| {
        let child = scope.spawn(|| in_child(|| fresh(0..3000).to_be_bytes().to_vec()));
        (fresh(0..3000), child.join().unwrap())
    });
    let in_child = usize::from_be_bytes(in_child.try_into().unwrap());
    std::fs::remove_file(&path).unwrap();
    assert_eq!(in_parent + in_child, 2990);
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
