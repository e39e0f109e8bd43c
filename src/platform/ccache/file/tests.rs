use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::sync::Arc;
use std::thread;

use super::*;
use crate::platform::ccache::Caches;
use crate::platform::ccache::tests::{Scratch, alice, ticket};

fn services(cache: &dyn CredentialCache) -> Vec<String> {
    let tickets = cache.tickets().unwrap();
    tickets.into_iter().map(|ticket| ticket.server.components[0].clone()).collect()
}

#[test]
fn tickets_and_configuration_are_kept() {
    let scratch = Scratch::new("kept");
    let cache = FileCache::new(&scratch.path("cc"));
    assert_eq!(cache.principal().unwrap_err().fault(), LocalFault::NoCredentials.into());
    assert_eq!(cache.store(&ticket("a")).unwrap_err().fault(), LocalFault::NoCredentials.into());
    cache.initialize(&alice(), &[ticket("krbtgt")]).unwrap();
    cache.store(&ticket("a")).unwrap();
    cache.set_config("fast_avail", Some(&ticket("krbtgt").server), b"no").unwrap();
    cache.set_config("fast_avail", Some(&ticket("krbtgt").server), b"yes").unwrap();
    cache.store(&ticket("b")).unwrap();
    assert_eq!(cache.principal().unwrap(), alice());
    assert_eq!(services(&cache), ["krbtgt", "a", "b"]);
    assert_eq!(cache.tickets().unwrap()[1], ticket("a"));
    let value = cache.config("fast_avail", Some(&ticket("krbtgt").server)).unwrap();
    assert_eq!(value.as_deref(), Some(&b"yes"[..]));
    assert_eq!(cache.config("fast_avail", None).unwrap(), None);
    assert_eq!(fs::metadata(scratch.path("cc")).unwrap().mode() & 0o777, 0o600);
    cache.initialize(&alice(), &[]).unwrap();
    assert!(services(&cache).is_empty());
    assert_eq!(fs::read_dir(&scratch.0).unwrap().count(), 1, "a temporary file was left");
}

#[test]
fn an_unfinished_entry_hides_nothing_and_is_written_over() {
    let scratch = Scratch::new("torn");
    let cache = FileCache::new(&scratch.path("cc"));
    cache.initialize(&alice(), &[ticket("a")]).unwrap();
    let whole = fs::read(scratch.path("cc")).unwrap();
    let next = encode_credential(Version::V4, &ticket("torn")).unwrap();
    let torn = [&whole[..], &next.expose()[..next.expose().len() - 5]].concat();
    fs::write(scratch.path("cc"), torn).unwrap();
    assert_eq!(services(&cache), ["a"]);
    cache.store(&ticket("b")).unwrap();
    assert_eq!(services(&cache), ["a", "b"]);
}

#[test]
fn many_writers_lose_nothing() {
    let scratch = Scratch::new("many");
    let cache = Arc::new(FileCache::new(&scratch.path("cc")));
    cache.initialize(&alice(), &[]).unwrap();
    let writers: Vec<_> = (0..4)
        .map(|number| {
            let cache = Arc::clone(&cache);
            thread::spawn(move || {
                for _ in 0..25 {
                    cache.store(&ticket(&format!("s{number}"))).unwrap();
                    cache.tickets().unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.join().unwrap();
    }
    assert_eq!(services(&*cache).len(), 100);
}

#[test]
fn l1_what_is_no_file_of_ours_is_not_read() {
    let scratch = Scratch::new("l1");
    let real = FileCache::new(&scratch.path("real"));
    real.initialize(&alice(), &[ticket("a")]).unwrap();
    let refused = |name: &str, why: &str| {
        let cache = FileCache::new(&scratch.path(name));
        for error in [
            cache.principal().unwrap_err(),
            cache.store(&ticket("b")).unwrap_err(),
            cache.set_config("k", None, b"v").unwrap_err(),
            cache.remove(&|_| true).unwrap_err(),
        ] {
            assert!(error.story().unwrap().contains(why), "{name}: {error}");
        }
    };
    symlink(scratch.path("real"), scratch.path("link")).unwrap();
    refused("link", "symbolic link");
    fs::create_dir(scratch.path("folder")).unwrap();
    // A folder cannot be opened for writing at all.
    assert!(FileCache::new(&scratch.path("folder")).tickets().is_err());
    fs::set_permissions(scratch.path("real"), Permissions::from_mode(0o620)).unwrap();
    refused("real", "others may write it");
    fs::set_permissions(scratch.path("real"), Permissions::from_mode(0o600)).unwrap();
    fs::hard_link(scratch.path("real"), scratch.path("second")).unwrap();
    refused("real", "hard link");
    fs::remove_file(scratch.path("second")).unwrap();
    assert_eq!(services(&real), ["a"]);
    if chown(scratch.path("real"), Some(12345), None).is_ok() {
        refused("real", "belongs to uid 12345");
    }
}

#[test]
fn l1_a_pipe_is_not_waited_for() {
    let scratch = Scratch::new("pipe");
    let made = std::process::Command::new("mkfifo").arg(scratch.path("pipe")).status().unwrap();
    assert!(made.success());
    let error = FileCache::new(&scratch.path("pipe")).tickets().unwrap_err();
    assert!(error.story().unwrap().contains("not a regular file"), "{error}");
}

#[test]
fn l1_a_new_cache_takes_the_place_of_what_was_put_there() {
    let scratch = Scratch::new("planted");
    fs::write(scratch.path("target"), b"untouched").unwrap();
    symlink(scratch.path("target"), scratch.path("cc")).unwrap();
    let cache = FileCache::new(&scratch.path("cc"));
    cache.initialize(&alice(), &[ticket("a")]).unwrap();
    assert_eq!(services(&cache), ["a"]);
    assert_eq!(fs::read(scratch.path("target")).unwrap(), b"untouched");
    fs::remove_file(scratch.path("cc")).unwrap();
    fs::write(scratch.path("cc"), b"planted").unwrap();
    fs::set_permissions(scratch.path("cc"), Permissions::from_mode(0o666)).unwrap();
    cache.initialize(&alice(), &[]).unwrap();
    assert_eq!(fs::metadata(scratch.path("cc")).unwrap().mode() & 0o777, 0o600);
    // What cannot be replaced is an error, and nothing is left behind.
    fs::create_dir(scratch.path("folder")).unwrap();
    assert!(FileCache::new(&scratch.path("folder")).initialize(&alice(), &[]).is_err());
    assert_eq!(fs::read_dir(&scratch.0).unwrap().count(), 3);
}

#[test]
fn folders_have_a_primary_and_find_clients() {
    let scratch = Scratch::new("dir");
    let folder = scratch.path("d");
    let name = format!("DIR:{}", folder.display());
    let caches = Caches::new(None);
    let primary = caches.cache(&name).unwrap();
    assert_eq!(primary.name(), format!("DIR::{}/tkt", folder.display()));
    assert!(primary.principal().is_err());
    assert!(caches.collection(&name).unwrap().is_empty());
    primary.initialize(&alice(), &[ticket("a")]).unwrap();
    assert_eq!(fs::metadata(&folder).unwrap().mode() & 0o777, 0o700);
    assert_eq!(fs::read_to_string(folder.join("primary")).unwrap(), "tkt\n");
    let bob = Principal { components: vec!["bob".into()], ..alice() };
    let second = caches.cache(&format!("DIR::{}/tktbob", folder.display())).unwrap();
    second.initialize(&bob, &[]).unwrap();
    fs::write(folder.join("other"), b"no cache").unwrap();
    let names = |caches: Vec<Arc<dyn CredentialCache>>| {
        caches.iter().map(|cache| cache.name()).collect::<Vec<_>>()
    };
    let all = names(caches.collection(&name).unwrap());
    assert_eq!(all, [primary.name(), second.name()]);
    let of_env = Caches::new(Some(name.clone()));
    if sys_has_no_ccname() {
        let found = |client: &Principal| of_env.cache_of(client).unwrap().map(|c| c.name());
        assert_eq!(found(&bob), Some(second.name()));
        assert_eq!(found(&alice()), Some(primary.name()));
        assert_eq!(found(&ticket("x").server), None);
    }
    fs::write(folder.join("primary"), b"tktbob\n").unwrap();
    assert_eq!(caches.cache(&name).unwrap().principal().unwrap(), bob);
    fs::write(folder.join("primary"), b"../tkt\n").unwrap();
    assert!(caches.cache(&name).is_err());
}

#[test]
fn removed_tickets_leave_no_key_and_the_rest_of_the_file() {
    let scratch = Scratch::new("removed");
    let file = FileCache::new(&scratch.path("cc"));
    file.initialize(&alice(), &[ticket("a"), ticket("b"), ticket("c")]).unwrap();
    file.set_config("k", None, b"kept").unwrap();
    let length = fs::metadata(scratch.path("cc")).unwrap().len();
    let keys = |bytes: Vec<u8>| bytes.windows(32).filter(|w| w.iter().all(|b| *b == 7)).count();
    assert_eq!(keys(fs::read(scratch.path("cc")).unwrap()), 3);
    assert_eq!(file.remove(&|t| t.server.components[0] == "b").unwrap(), 1);
    assert_eq!(services(&file), ["a", "c"]);
    assert_eq!(keys(fs::read(scratch.path("cc")).unwrap()), 2);
    assert_eq!(fs::metadata(scratch.path("cc")).unwrap().len(), length);
    file.store(&ticket("d")).unwrap();
    assert_eq!(file.remove(&|_| true).unwrap(), 3);
    assert_eq!(file.remove(&|_| true).unwrap(), 0);
    assert_eq!(services(&file), [""; 0]);
    assert_eq!(file.config("k", None).unwrap().as_deref(), Some(&b"kept"[..]));
    assert_eq!(file.principal().unwrap(), alice());
    assert!(FileCache::new(&scratch.path("none")).remove(&|_| true).is_err());
}

fn sys_has_no_ccname() -> bool {
    std::env::var_os("KRB5CCNAME").is_none()
}

#[test]
fn memory_is_shared_by_name() {
    let caches = Caches::new(None);
    let (one, two) = (caches.cache("MEMORY:m").unwrap(), caches.cache("MEMORY:m").unwrap());
    assert!(one.store(&ticket("a")).is_err());
    one.initialize(&alice(), &[ticket("a")]).unwrap();
    two.store(&ticket("b")).unwrap();
    two.set_config("k", None, b"1").unwrap();
    two.set_config("k", None, b"2").unwrap();
    assert_eq!(services(&*one), ["a", "b"]);
    assert_eq!(one.config("k", None).unwrap().as_deref(), Some(&b"2"[..]));
    assert_eq!(one.principal().unwrap(), alice());
    assert!(caches.cache("MEMORY:other").unwrap().tickets().is_err());
    assert_eq!(two.remove(&|ticket| ticket.server.components[0] == "a").unwrap(), 1);
    assert_eq!(services(&*one), ["b"]);
    assert_eq!(two.remove(&|_| true).unwrap(), 1);
    assert_eq!(one.config("k", None).unwrap().as_deref(), Some(&b"2"[..]));
}

#[test]
fn l13_opened_files_are_closed_on_exec() {
    let scratch = Scratch::new("cloexec");
    FileCache::new(&scratch.path("cc")).initialize(&alice(), &[]).unwrap();
    let (file, _) = files::open_own(&scratch.path("cc"), Access::Write).unwrap();
    let descriptor = std::os::fd::AsRawFd::as_raw_fd(&file);
    let info = fs::read_to_string(format!("/proc/self/fdinfo/{descriptor}")).unwrap();
    let flags = info.lines().find_map(|line| line.strip_prefix("flags:")).unwrap();
    let flags = i32::from_str_radix(flags.trim(), 8).unwrap();
    assert_ne!(flags & libc::O_CLOEXEC, 0, "{info}");
}
