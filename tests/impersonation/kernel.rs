//! The kernel's part: one thread changes, wholly or not at all, and comes back.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use secur32::platform::impersonation::Own;
use secur32::spi::error::CallerFault;

use crate::c_abi::process::*;
use crate::ids::{Ids, account, is_root};
use crate::seccomp;

const ALICE: u32 = 4711;
const BOB: u32 = 4712;
const GROUPS: [u32; 3] = [4711, 4801, 4802];

#[test]
fn l7_only_the_thread_that_impersonates_changes() {
    if !is_root("l7_only_the_thread_that_impersonates_changes") {
        return;
    }
    let folder = std::env::temp_dir().join(format!("secur32-l7-{}", std::process::id()));
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, PermissionsExt::from_mode(0o777)).unwrap();
    let before = Ids::own();
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let watchers: Vec<_> = (0..4)
            .map(|number| {
                let (over, folder, before) = (&over, &folder, &before);
                scope.spawn(move || {
                    let path = folder.join(format!("own{number}"));
                    let mut rounds = 0;
                    while !over.load(Ordering::Relaxed) || rounds < 10 {
                        assert_eq!(Ids::own(), *before);
                        fs::write(&path, "").unwrap();
                        assert_eq!(fs::metadata(&path).unwrap().uid(), before.users[1]);
                        fs::remove_file(&path).unwrap();
                        rounds += 1;
                    }
                })
            })
            .collect();
        let actors = [ALICE, BOB].map(|user| {
            let (folder, before) = (&folder, &before);
            scope.spawn(move || {
                let client = account(user, &[user, 4801]);
                for round in 0..300 {
                    let own = Own::leave_for(client.clone()).unwrap();
                    let path = folder.join(format!("{user}-{round}"));
                    fs::write(&path, "").unwrap();
                    let made = fs::metadata(&path).unwrap();
                    assert_eq!((made.uid(), made.gid()), (user, user));
                    own.come_back();
                    assert_eq!(Ids::own(), *before);
                }
            })
        });
        for actor in actors {
            actor.join().unwrap();
        }
        over.store(true, Ordering::Relaxed);
        for watcher in watchers {
            watcher.join().unwrap();
        }
    });
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn l8_every_id_is_the_clients_and_comes_back() {
    if !is_root("l8_every_id_is_the_clients_and_comes_back") {
        return;
    }
    let before = Ids::own();
    assert_ne!(before.effective, 0);
    let many: Vec<u32> = (5000..5000 + 300).rev().collect();
    for groups in [&[][..], &[ALICE], &GROUPS, &[4801, 4711, 4801], &many] {
        let client = account(ALICE, groups);
        let own = Own::leave_for(client.clone()).unwrap();
        assert_eq!(Ids::own(), before.acting_as(&client));
        own.come_back();
        assert_eq!(Ids::own(), before);
        own.leave_again();
        assert_eq!(Ids::own(), before.acting_as(&client));
        own.come_back();
        assert_eq!(Ids::own(), before);
    }
}

/// One call after the other fails, and the thread is what it was.
#[test]
fn l8_a_step_that_fails_undoes_those_before() {
    if !is_root("l8_a_step_that_fails_undoes_those_before") {
        return;
    }
    let client = account(ALICE, &GROUPS);
    let cases = [
        (libc::SYS_setgroups, 0, 3, "setgroups"),
        (libc::SYS_setresgid, 1, ALICE, "setresgid"),
        (libc::SYS_setresuid, 1, ALICE, "setresuid"),
    ];
    for (call, argument, value, name) in cases {
        let client = client.clone();
        let tried = thread::spawn(move || {
            seccomp::refuse(call, argument, value);
            let before = Ids::own();
            let error = Own::leave_for(client).unwrap_err();
            assert_eq!(error.fault(), CallerFault::NoImpersonation.into());
            let story = error.story().unwrap();
            assert!(story.contains(name) && story.contains("user4711"), "{story}");
            assert_eq!(Ids::own(), before, "{name}");
        });
        tried.join().unwrap();
    }
    // More groups than there can be.
    let before = Ids::own();
    let error = Own::leave_for(account(ALICE, &vec![1; 65_537])).unwrap_err();
    assert!(error.story().unwrap().contains("setgroups"));
    assert_eq!(Ids::own(), before);
}

/// Whoever cannot come back does not go on as somebody in between.
#[test]
fn l8_a_process_that_cannot_come_back_ends() {
    const NAME: &str = "kernel::l8_a_process_that_cannot_come_back_ends";
    if is_part(NAME) {
        // There, and not back.
        seccomp::refuse(libc::SYS_setresuid, 1, 0);
        let own = Own::leave_for(account(ALICE, &GROUPS)).unwrap();
        println!("ready");
        own.come_back();
        println!("went on");
        return;
    }
    if !is_root(NAME) {
        return;
    }
    let said = run(part(NAME), &[]);
    assert!(!said.success && said.output.contains("ready"), "{}", said.output);
    assert!(said.output.contains("setresuid") && said.output.contains("the process ends"));
    assert!(!said.output.contains("went on"));
}

/// A server that is not root and has been given what it takes, as by systemd's
/// AmbientCapabilities.
#[test]
fn l8_a_server_that_is_not_root_comes_back_to_what_it_had() {
    const NAME: &str = "kernel::l8_a_server_that_is_not_root_comes_back_to_what_it_had";
    if is_part(NAME) {
        let before = Ids::own();
        assert_eq!(before.users, [3333; 4]);
        assert_eq!((before.effective, before.ambient), (SETIDS, SETIDS));
        let client = account(ALICE, &GROUPS);
        let own = Own::leave_for(client.clone()).unwrap();
        assert_eq!(Ids::own(), before.acting_as(&client));
        own.come_back();
        assert_eq!(Ids::own(), before);
        return;
    }
    if !is_root(NAME) {
        return;
    }
    passes_as_user(NAME, SETIDS);
}

#[test]
fn l8_a_process_without_the_capabilities_stays_what_it_is() {
    const NAME: &str = "kernel::l8_a_process_without_the_capabilities_stays_what_it_is";
    if is_part(NAME) {
        let before = Ids::own();
        assert_eq!(before.users, [3333; 4]);
        let error = Own::leave_for(account(ALICE, &GROUPS)).unwrap_err();
        assert_eq!(error.fault(), CallerFault::NoImpersonation.into());
        assert!(error.story().unwrap().contains("CAP_SETUID and CAP_SETGID"));
        assert_eq!(Ids::own(), before);
        // To be whom it is needs none; with other groups it would be another.
        let mut client = account(3333, &[3333]);
        let own = Own::leave_for(client.clone()).unwrap();
        assert_eq!(Ids::own().effective, 0);
        own.come_back();
        assert_eq!(Ids::own(), before);
        client.groups.push(4801);
        assert!(Own::leave_for(client).is_err());
        assert_eq!(Ids::own(), before);
        return;
    }
    if !is_root(NAME) {
        return;
    }
    // One of the two is not enough.
    for capabilities in [0, 1 << 6, 1 << 7] {
        passes_as_user(NAME, capabilities);
    }
}

/// CAP_SETGID and CAP_SETUID
const SETIDS: u64 = 1 << 6 | 1 << 7;

/// Runs a test in a process of user 3333 with these capabilities and no others.
fn passes_as_user(test: &str, capabilities: u64) {
    // This program where every user can start it.
    let program = std::env::temp_dir().join(format!("secur32-imp-{}", std::process::id()));
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    let mut set = "-all".to_owned();
    for (bit, name) in [(6, ",+setgid"), (7, ",+setuid")] {
        if capabilities >> bit & 1 == 1 {
            set.push_str(name);
        }
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=3333", "--regid=3333", "--clear-groups"]);
    command.args([format!("--inh-caps={set}"), format!("--ambient-caps={set}")]);
    command.arg(&program).args(["--exact", test, "--nocapture", "--test-threads=1"]);
    command.env(PART, test).current_dir("/");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let said = run(command, &[]);
    fs::remove_file(program).unwrap();
    assert!(said.success && said.output.contains("1 passed"), "{}", said.output);
}

/// A thread that is made by one that impersonates is the client as well, and not on the way back:
/// it is nobody's business but its own. One that ends takes the client with it.
#[test]
fn l9_a_thread_of_a_thread_that_impersonates_is_the_client() {
    if !is_root("l9_a_thread_of_a_thread_that_impersonates_is_the_client") {
        return;
    }
    let before = Ids::own();
    let client = account(ALICE, &GROUPS);
    let ended = thread::spawn({
        let (client, before) = (client.clone(), before.clone());
        move || {
            let own = Own::leave_for(client.clone()).unwrap();
            let of_child = thread::spawn(Ids::own).join().unwrap();
            assert_eq!(of_child, before.acting_as(&client));
            // It ends as the client.
            std::mem::forget(own);
        }
    });
    ended.join().unwrap();
    assert_eq!(Ids::own(), before);
    assert_eq!(thread::spawn(Ids::own).join().unwrap(), before);
}

/// A signal is handled by the thread as whom it acts as.
#[test]
fn l9_a_signal_handler_runs_as_the_client() {
    static SEEN: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    extern "C" fn handler(_: libc::c_int) {
        // SAFETY: always succeeds.
        SEEN.store(unsafe { libc::geteuid() }, Ordering::Relaxed);
    }
    if !is_root("l9_a_signal_handler_runs_as_the_client") {
        return;
    }
    let own = Own::leave_for(account(ALICE, &GROUPS)).unwrap();
    // SAFETY: the handler does what handlers may.
    unsafe {
        libc::signal(libc::SIGUSR1, handler as *const () as libc::sighandler_t);
        libc::raise(libc::SIGUSR1);
    }
    own.come_back();
    assert_eq!(SEEN.load(Ordering::Relaxed), ALICE);
}

/// What is started is the client to every file, without capabilities in force; its real user is
/// the server's still, unless it gives that up before.
#[test]
fn l9_a_program_that_is_started_is_the_client() {
    if !is_root("l9_a_program_that_is_started_is_the_client") {
        return;
    }
    let before = Ids::own();
    let client = account(ALICE, &GROUPS);
    let own = Own::leave_for(client).unwrap();
    let status = |command: &mut Command| {
        let output = command.args(["/proc/self/status"]).output().unwrap();
        Ids::parse(&String::from_utf8(output.stdout).unwrap())
    };
    let plain = status(&mut Command::new("cat"));
    let mut command = Command::new("cat");
    // SAFETY: system calls alone, as a child of fork may make them.
    unsafe { command.pre_exec(give_up_the_way_back) };
    let for_good = status(&mut command);
    own.come_back();
    assert_eq!(plain.users, [before.users[0], ALICE, ALICE, ALICE]);
    assert_eq!((plain.effective, plain.ambient), (0, 0));
    assert_eq!((plain.others, plain.groups[1]), (GROUPS.to_vec(), GROUPS[0]));
    assert_eq!((for_good.users, for_good.groups), ([ALICE; 4], [GROUPS[0]; 4]));
    assert_eq!((for_good.permitted, for_good.effective), (0, 0));
}

/// What docs/impersonation.md tells a server to do between fork and exec.
fn give_up_the_way_back() -> std::io::Result<()> {
    // SAFETY: numbers only.
    unsafe {
        let (group, user) = (libc::getegid(), libc::geteuid());
        if libc::setresgid(group, group, group) != 0 || libc::setresuid(user, user, user) != 0 {
            return Err(std::io::Error::last_os_error());
        }
    }
    Ok(())
}
