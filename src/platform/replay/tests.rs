use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{FileExt, MetadataExt, chown, symlink};
use std::path::Path;
use std::thread;

use super::*;
use crate::platform::ccache::tests::Scratch;
use crate::platform::lock::{LockKind, Locked};

const SKEW: Duration = Duration::from_secs(300);
const NOW: i64 = 1_700_000_000;

fn tag(number: u32) -> [u8; 12] {
    let mut tag = [0x5A; 12];
    tag[..4].copy_from_slice(&number.to_be_bytes());
    tag
}

fn remember(cache: &SharedFile, number: u32, now: i64) -> Result<Freshness> {
    cache.remember(&tag(number), KerberosTime(now), SKEW)
}

/// As another process would open it.
fn open(scratch: &Scratch) -> SharedFile {
    SharedFile::with_wait(&scratch.path("rc"), Duration::from_millis(200))
}

#[test]
fn k1_an_authenticator_is_new_once() {
    let scratch = Scratch::new("once");
    let (one, other) = (open(&scratch), open(&scratch));
    assert_eq!(remember(&one, 1, NOW).unwrap(), Freshness::Fresh);
    assert_eq!(remember(&one, 1, NOW).unwrap(), Freshness::Replayed);
    assert_eq!(remember(&other, 1, NOW).unwrap(), Freshness::Replayed);
    assert_eq!(remember(&other, 2, NOW).unwrap(), Freshness::Fresh);
    assert_eq!(remember(&one, 2, NOW).unwrap(), Freshness::Replayed);
    // After a restart.
    drop((one, other));
    assert_eq!(remember(&open(&scratch), 1, NOW + 299).unwrap(), Freshness::Replayed);
    assert_eq!(fs::metadata(scratch.path("rc")).unwrap().mode() & 0o777, 0o600);
}

#[test]
fn k1_many_authenticators_are_all_remembered() {
    let scratch = Scratch::new("tables");
    let cache = open(&scratch);
    // More than the first two tables hold.
    for number in 0..6000 {
        assert_eq!(remember(&cache, number, NOW).unwrap(), Freshness::Fresh, "{number}");
    }
    for number in 0..6000 {
        assert_eq!(remember(&cache, number, NOW).unwrap(), Freshness::Replayed, "{number}");
    }
}

#[test]
fn k1_of_threads_at_once_one_wins() {
    let scratch = Scratch::new("threads");
    // Two as of two processes, and two threads of each.
    let caches = [Arc::new(open(&scratch)), Arc::new(open(&scratch))];
    let threads: Vec<_> = (0..4)
        .map(|number| {
            let cache = Arc::clone(&caches[number % 2]);
            thread::spawn(move || {
                let fresh =
                    |number: &u32| remember(&cache, *number, NOW).unwrap() == Freshness::Fresh;
                (0..500).filter(fresh).count()
            })
        })
        .collect();
    let fresh: usize = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    assert_eq!(fresh, 500);
}

#[test]
fn k20_old_records_make_room_and_no_others() {
    let scratch = Scratch::new("expiry");
    let cache = open(&scratch);
    for number in 0..600 {
        remember(&cache, number, NOW).unwrap();
    }
    // An authenticator of a clock five minutes ahead is good for ten; ours stay for fifteen.
    for number in 0..600 {
        remember(&cache, 10_000 + number, NOW + 899).unwrap();
        assert_eq!(remember(&cache, number, NOW + 600).unwrap(), Freshness::Replayed);
    }
    let size = fs::metadata(scratch.path("rc")).unwrap().len();
    for number in 0..600 {
        remember(&cache, 20_000 + number, NOW + 4000).unwrap();
    }
    assert_eq!(fs::metadata(scratch.path("rc")).unwrap().len(), size);
}

#[test]
fn k20_a_clock_that_is_set_back_forgets_nothing() {
    let scratch = Scratch::new("back");
    let cache = open(&scratch);
    remember(&cache, 1, NOW).unwrap();
    // A step of less than the skew meets records that are all there.
    assert_eq!(remember(&cache, 1, NOW - 250).unwrap(), Freshness::Replayed);
    // Later, others take the places of what is too old …
    let occupy = |from: u32, now: i64| {
        for number in from..from + 3000 {
            remember(&cache, number, now).unwrap();
        }
    };
    occupy(10_000, NOW);
    occupy(20_000, NOW + 2000);
    // … and at a time when it would not be too old, nothing is accepted.
    let error = remember(&cache, 1, NOW).unwrap_err();
    assert_eq!(error.fault(), LocalFault::NoReplayCache.into());
    assert!(error.story().unwrap().contains("clock"), "{error}");
    assert!(remember(&cache, 1, NOW + 2000).is_ok());
}

#[test]
fn l6_what_others_put_there_is_not_used() {
    let scratch = Scratch::new("l6");
    let refused = |why: &str| {
        let error = remember(&open(&scratch), 1, NOW).unwrap_err();
        assert_eq!(error.fault(), LocalFault::NoReplayCache.into());
        assert!(error.story().unwrap().contains(why), "{error}");
        fs::remove_file(scratch.path("rc")).unwrap();
    };
    fs::write(scratch.path("target"), b"").unwrap();
    symlink(scratch.path("target"), scratch.path("rc")).unwrap();
    refused("symbolic link");
    fs::hard_link(scratch.path("target"), scratch.path("rc")).unwrap();
    refused("hard link");
    let made = std::process::Command::new("mkfifo").arg(scratch.path("rc")).status().unwrap();
    assert!(made.success());
    refused("regular file");
    fs::write(scratch.path("rc"), b"").unwrap();
    fs::set_permissions(scratch.path("rc"), std::os::unix::fs::PermissionsExt::from_mode(0o666))
        .unwrap();
    refused("others may write");
    fs::write(scratch.path("rc"), b"").unwrap();
    // Only root can give files away.
    if chown(scratch.path("rc"), Some(12345), None).is_ok() {
        refused("uid 12345");
    }
    assert_eq!(fs::read(scratch.path("target")).unwrap(), b"");
}

#[test]
fn l6_a_lock_that_is_never_given_back_is_not_waited_for() {
    let scratch = Scratch::new("held");
    let cache = open(&scratch);
    remember(&cache, 1, NOW).unwrap();
    let file = File::open(scratch.path("rc")).unwrap();
    let held = Locked::new(&file, LockKind::Shared, Duration::ZERO).unwrap();
    let error = remember(&cache, 2, NOW).unwrap_err();
    assert!(error.story().unwrap().contains("lock"), "{error}");
    drop(held);
    assert_eq!(remember(&cache, 2, NOW).unwrap(), Freshness::Fresh);
}

#[test]
fn l6_garbage_and_huge_files_are_survived() {
    let scratch = Scratch::new("garbage");
    let mut state = 1_u64;
    let garbage: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
        (state >> 33) as u8
    })
    .take(200_003)
    .collect();
    fs::write(scratch.path("rc"), garbage).unwrap();
    let huge = OpenOptions::new().write(true).create_new(true).open(scratch.path("huge")).unwrap();
    huge.set_len(1 << 31).unwrap();
    fs::set_permissions(scratch.path("rc"), std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .unwrap();
    for path in ["rc", "huge"] {
        let cache = SharedFile::new(&scratch.path(path));
        assert_eq!(remember(&cache, 1, NOW).unwrap(), Freshness::Fresh);
        assert_eq!(remember(&cache, 1, NOW).unwrap(), Freshness::Replayed);
    }
}

#[test]
fn l6_what_cannot_be_written_is_not_accepted() {
    let scratch = Scratch::new("full");
    let mut file = File::create(scratch.path("rc")).unwrap();
    file.write_all(&[7; 16]).unwrap();
    let clock = file2::Clock { now: 1_700_000_000, skew: 300 };
    let read_only = File::open(scratch.path("rc")).unwrap();
    assert!(file2::store(&read_only, &tag(1), clock).is_err());
    for path in ["/proc/version", "/nowhere/rc", "/dev/full"] {
        let error = remember(&SharedFile::new(Path::new(path)), 1, NOW).unwrap_err();
        assert_eq!(error.fault(), LocalFault::NoReplayCache.into(), "{path}");
    }
}

#[test]
fn a_file_that_is_replaced_is_opened_again() {
    let scratch = Scratch::new("replaced");
    let cache = open(&scratch);
    remember(&cache, 1, NOW).unwrap();
    fs::rename(scratch.path("rc"), scratch.path("old")).unwrap();
    assert_eq!(remember(&cache, 1, NOW).unwrap(), Freshness::Fresh);
    assert!(scratch.path("rc").exists());
    // Emptied, it gets a new seed.
    File::options().write(true).open(scratch.path("rc")).unwrap().set_len(0).unwrap();
    assert_eq!(remember(&cache, 1, NOW).unwrap(), Freshness::Fresh);
    assert_eq!(remember(&cache, 1, NOW).unwrap(), Freshness::Replayed);
    assert!(fs::metadata(scratch.path("rc")).unwrap().len() >= 32);
}

/// A record where MIT's library puts it: SipHash-2-4 with a seed of 0, 1, … 15.
#[test]
fn the_place_of_a_record_is_mits() {
    let scratch = Scratch::new("place");
    let seed: [u8; 16] = std::array::from_fn(|number| number as u8);
    fs::write(scratch.path("rc"), seed).unwrap();
    remember(&open(&scratch), 1, NOW).unwrap();
    let file = fs::read(scratch.path("rc")).unwrap();
    let record = file.windows(12).position(|window| window == tag(1)).unwrap();
    assert_eq!((record - 16) % 16, 0);
    assert_eq!(file.len(), record + 16);
    let stamp = u32::try_from(NOW).unwrap() + 300;
    assert_eq!(file[record + 12..], stamp.to_be_bytes());
    // The same tag as the second of the two, and none as the first of the next table.
    let moved = File::options().write(true).open(scratch.path("rc")).unwrap();
    moved
        .write_all_at(&[&tag(9)[..], &stamp.to_be_bytes(), &file[record..]].concat(), record as u64)
        .unwrap();
    assert_eq!(remember(&open(&scratch), 1, NOW).unwrap(), Freshness::Replayed);
}

#[test]
fn names_that_mean_nothing_remember_nothing() {
    for name in ["", "dfl", "file2:", "memory:", "FILE:/tmp/x", "/tmp/x"] {
        let error = Replays::named(name).remember(&tag(1), KerberosTime(NOW), SKEW).unwrap_err();
        assert_eq!(error.fault(), LocalFault::NoReplayCache.into(), "{name}");
    }
    let none = Replays::named("none:");
    for _ in 0..2 {
        assert_eq!(none.remember(&tag(1), KerberosTime(NOW), SKEW).unwrap(), Freshness::Fresh);
    }
}
