//! Through the C functions: NTLM's clients, who are accounts of the machine.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::thread;

use secur32::abi::exports::impersonation::*;
use secur32::abi::exports::status::Secur32GetLastError;
use secur32::abi::exports::thread_token::*;
use secur32::abi::exports::tokens::*;
use secur32::lsa::user_name;
use secur32::spi::directory::{NameFault, NameFormat};

use crate::c_abi::*;
use crate::ids::Ids;
use crate::machine::{ALICE, BOB, GROUPS, folder, on_a_machine};

/// A server's context with this client.
fn client(user: &str) -> Pair {
    client_with(user, PROTECTED)
}

fn client_with(user: &str, flags: u32) -> Pair {
    let parties = Parties {
        client: Credential::client(user, DOMAIN, PASSWORD),
        server: Credential::server(user, DOMAIN, PASSWORD),
    };
    parties.established(flags)
}

fn impersonate(context: &Context) -> String {
    let mut handle = context.0;
    // SAFETY: a handle.
    named(unsafe { ImpersonateSecurityContext(&raw mut handle) })
}

fn revert(context: &Context) -> String {
    let mut handle = context.0;
    // SAFETY: a handle.
    named(unsafe { RevertSecurityContext(&raw mut handle) })
}

/// The effective user, group and supplementary groups.
fn who() -> (u32, u32, Vec<u32>) {
    let ids = Ids::own();
    (ids.users[1], ids.groups[1], ids.others)
}

#[test]
fn l7_files_are_the_clients_on_one_thread() {
    if !on_a_machine("contexts::l7_files_are_the_clients_on_one_thread") {
        return;
    }
    let (alice, bob) = (client("alice"), client("bob"));
    let own = Ids::own();
    let hers = folder().join("hers");
    let with = |context: &Context, action: &dyn Fn()| {
        assert_eq!(impersonate(context), "SEC_E_OK");
        action();
        assert_eq!(revert(context), "SEC_E_OK");
        assert_eq!(Ids::own(), own);
    };
    with(&alice.server, &|| {
        assert_eq!(who(), (ALICE, GROUPS[0], GROUPS.to_vec()));
        let file = File::options().create_new(true).write(true).mode(0o600).open(&hers).unwrap();
        let made = file.metadata().unwrap();
        assert_eq!((made.uid(), made.gid()), (ALICE, GROUPS[0]));
        // What the process could, and she cannot.
        assert_eq!(fs::read("/etc/shadow").unwrap_err().kind(), ErrorKind::PermissionDenied);
    });
    with(&bob.server, &|| {
        assert_eq!(who().0, BOB);
        assert_eq!(fs::read(&hers).unwrap_err().kind(), ErrorKind::PermissionDenied);
        // Beside him another thread, which was there before, is alice, and this one stays bob.
    });
    thread::scope(|scope| {
        for (context, may) in [(&alice.server, true), (&bob.server, false)] {
            let (hers, with) = (&hers, &with);
            let _ = with;
            let handle = context.0;
            scope.spawn(move || {
                let context = std::mem::ManuallyDrop::new(Context(handle));
                for _ in 0..500 {
                    assert_eq!(impersonate(&context), "SEC_E_OK");
                    assert_eq!(fs::read(hers).is_ok(), may);
                    assert_eq!(revert(&context), "SEC_E_OK");
                    assert!(fs::read("/etc/shadow").is_ok());
                }
            });
        }
    });
}

/// A thread has one token: the second takes the place of the first, one revert ends both, and any
/// context will do for it.
#[test]
fn l7_one_revert_ends_all() {
    if !on_a_machine("contexts::l7_one_revert_ends_all") {
        return;
    }
    let (alice, bob) = (client("alice"), client("bob"));
    let own = Ids::own();
    assert_eq!(revert(&alice.server), "SEC_E_OK", "nobody is impersonated");
    assert_eq!(impersonate(&alice.server), "SEC_E_OK");
    assert_eq!(impersonate(&alice.server), "SEC_E_OK");
    assert_eq!(impersonate(&bob.server), "SEC_E_OK");
    assert_eq!(who(), (BOB, BOB, vec![BOB]));
    // Another thread's revert is not this one's.
    thread::scope(|scope| {
        scope.spawn(|| assert_eq!(revert(&alice.server), "SEC_E_OK"));
    });
    assert_eq!(who().0, BOB);
    // What is refused leaves the thread as it was.
    assert_eq!(impersonate(&alice.client), "SEC_E_NO_IMPERSONATION");
    assert_eq!(who(), (BOB, BOB, vec![BOB]));
    // The context may go: the client stays until the thread reverts.
    let Pair { server, .. } = bob;
    let gone = server.0;
    assert_eq!(named(server.delete()), "SEC_E_OK");
    assert_eq!(who().0, BOB);
    let gone = std::mem::ManuallyDrop::new(Context(gone));
    assert_eq!(impersonate(&gone), "SEC_E_INVALID_HANDLE");
    assert_eq!(revert(&gone), "SEC_E_INVALID_HANDLE");
    assert_eq!(who().0, BOB);
    assert_eq!(revert(&alice.client), "SEC_E_OK");
    assert_eq!(Ids::own(), own);
}

/// GetUserNameEx follows the thread.
#[test]
fn names_are_those_of_the_client_that_the_thread_acts_as() {
    if !on_a_machine("contexts::names_are_those_of_the_client_that_the_thread_acts_as") {
        return;
    }
    let sam = || user_name(NameFormat::SamCompatible).unwrap();
    let alice = client("alice");
    let own = sam();
    assert!(own.ends_with("\\root"), "{own}");
    assert_eq!(impersonate(&alice.server), "SEC_E_OK");
    assert_eq!(sam(), "EXAMPLE\\alice");
    // Nothing of the process' stands in for what is not known of her.
    for format in [NameFormat::UserPrincipal, NameFormat::DnsDomain, NameFormat::Display] {
        assert_eq!(user_name(format).unwrap_err().fault, NameFault::NotMapped);
    }
    assert_eq!(revert(&alice.server), "SEC_E_OK");
    assert_eq!(sam(), own);
}

/// The authority's own files are read as the process: a handshake on a thread that impersonates.
#[test]
fn l12_handshakes_go_on_as_the_process() {
    if !on_a_machine("contexts::l12_handshakes_go_on_as_the_process") {
        return;
    }
    let accounts = folder().join("accounts");
    let file = File::options().create_new(true).write(true).mode(0o600).open(&accounts).unwrap();
    std::io::Write::write_all(&mut &file, format!("{DOMAIN}:bob:{PASSWORD}\n").as_bytes()).unwrap();
    // SAFETY: no other thread is there.
    unsafe { std::env::set_var("NTLM_USER_FILE", &accounts) };
    let alice = client("alice");
    let server = Credential::acquire(SECPKG_CRED_INBOUND, std::ptr::null_mut()).unwrap();
    assert_eq!(impersonate(&alice.server), "SEC_E_OK");
    assert!(fs::read(&accounts).is_err());
    let parties = Parties { client: Credential::client("bob", DOMAIN, PASSWORD), server };
    let bob = parties.established(PROTECTED);
    assert_eq!(who().0, ALICE);
    bob.works();
    assert_eq!(client_name(bob.server.0).unwrap(), "EXAMPLE\\bob");
    // Her default credentials are hers, who gave none: not the file's, which the process has.
    let defaults = Credential::acquire(SECPKG_CRED_OUTBOUND, std::ptr::null_mut());
    assert_eq!(defaults.err().map(named).as_deref(), Some("SEC_E_NO_CREDENTIALS"));
    assert_eq!(revert(&alice.server), "SEC_E_OK");
    assert!(Credential::acquire(SECPKG_CRED_OUTBOUND, std::ptr::null_mut()).is_ok());
}

/// The child of a thread that impersonates is the client, and may go back as its parent may.
#[test]
fn l9_a_child_of_fork_starts_as_the_client() {
    if !on_a_machine("contexts::l9_a_child_of_fork_starts_as_the_client") {
        return;
    }
    let alice = client("alice");
    assert_eq!(impersonate(&alice.server), "SEC_E_OK");
    // SAFETY: this thread is the only one that holds locks; the child ends by itself.
    let child = unsafe { libc::fork() };
    assert!(child >= 0);
    if child == 0 {
        let fine = who().0 == ALICE
            && revert(&alice.server) == "SEC_E_OK"
            && who().0 == 0
            && impersonate(&alice.server) == "SEC_E_OK"
            && who().0 == ALICE;
        // SAFETY: ends the process at once.
        unsafe { libc::_exit(i32::from(!fine)) };
    }
    let mut status = 0;
    // SAFETY: the status is writable.
    assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
    assert_eq!(status, 0);
    assert_eq!(who().0, ALICE);
    assert_eq!(revert(&alice.server), "SEC_E_OK");
}

#[test]
fn l10_clients_that_may_only_be_identified_and_nobody() {
    if !on_a_machine("contexts::l10_clients_that_may_only_be_identified_and_nobody") {
        return;
    }
    let own = Ids::own();
    let identified = client_with("alice", PROTECTED | ISC_REQ_IDENTIFY);
    assert_eq!(impersonate(&identified.server), "SEC_E_NO_IMPERSONATION");
    assert_story("ISC_REQ_IDENTIFY");
    let parties = Parties {
        client: Credential::client("", "", ""),
        server: Credential::server("alice", DOMAIN, PASSWORD),
    };
    let (anonymous, negotiate) = parties.negotiate(ISC_REQ_NULL_SESSION);
    let (answer, challenge) =
        step(Side::Server, &parties.server, None, &negotiate, ASC_REQ_ALLOW_NULL_SESSION);
    let server = Context(answer.handle);
    let authenticate = parties.authenticate(&anonymous, &challenge);
    assert_eq!(impersonate(&server), "SEC_E_INVALID_HANDLE", "not complete");
    let flags = ASC_REQ_ALLOW_NULL_SESSION;
    let (answer, _) = step(Side::Server, &parties.server, Some(server.0), &authenticate, flags);
    assert_eq!(named(answer.status), "SEC_E_OK");
    assert_eq!(impersonate(&server), "SEC_E_NO_IMPERSONATION");
    assert_story("anonymous");
    assert_eq!(Ids::own(), own);
    assert_eq!(impersonate(&client("alice").client), "SEC_E_NO_IMPERSONATION");
    assert_story("only a server's context");
}

#[test]
fn l11_clients_without_an_account_and_root() {
    if !on_a_machine("contexts::l11_clients_without_an_account_and_root") {
        return;
    }
    let own = Ids::own();
    for user in ["admin", "carol", "root", "0", "4711"] {
        assert_eq!(impersonate(&client(user).server), "SEC_E_NO_IMPERSONATION", "{user}");
        assert_eq!(Ids::own(), own);
    }
}

/// The token of a server's client.
fn token_of(context: &Context) -> HANDLE {
    let (mut handle, mut token) = (context.0, std::ptr::null_mut());
    // SAFETY: a handle, and a place for another.
    let status = unsafe { QuerySecurityContextToken(&raw mut handle, &raw mut token) };
    assert_eq!(named(status), "SEC_E_OK");
    token
}

/// The last error of a call that answers FALSE; 0 when it answers TRUE.
fn impersonate_token(token: HANDLE) -> u32 {
    // SAFETY: nothing is demanded.
    if unsafe { Secur32ImpersonateLoggedOnUser(token) } != 0 { 0 } else { Secur32GetLastError() }
}

/// A token does as well as its context, of whom nothing has to be left.
#[test]
fn l10_tokens_are_acted_as_like_their_contexts() {
    if !on_a_machine("contexts::l10_tokens_are_acted_as_like_their_contexts") {
        return;
    }
    let own = Ids::own();
    let alice = client("alice");
    let token = token_of(&alice.server);
    drop(alice);
    assert_eq!(impersonate_token(token), 0);
    assert_eq!(who(), (ALICE, GROUPS[0], GROUPS.to_vec()));
    // SAFETY: nothing is demanded.
    assert_eq!(unsafe { Secur32CloseHandle(token) }, 1);
    assert_eq!(who().0, ALICE);
    assert_eq!(impersonate_token(token), ERROR_INVALID_HANDLE);
    assert_eq!(impersonate_token(std::ptr::null_mut()), ERROR_INVALID_HANDLE);
    assert_eq!(who().0, ALICE, "what is refused leaves the thread as it was");
    let identified = client_with("alice", PROTECTED | ISC_REQ_IDENTIFY);
    let admin = client("admin");
    for context in [&identified.server, &admin.server] {
        let token = token_of(context);
        assert_eq!(impersonate_token(token), ERROR_ACCESS_DENIED);
        // SAFETY: nothing is demanded.
        assert_eq!(unsafe { Secur32CloseHandle(token) }, 1);
    }
    assert_eq!(who().0, ALICE);
    assert_eq!((Secur32RevertToSelf(), Secur32RevertToSelf()), (1, 1));
    assert_eq!(Ids::own(), own);
}

fn assert_story(part: &str) {
    let story = secur32::abi::boundary::last_error().unwrap();
    assert!(story.contains(part), "{story}");
}
