//! What winbindd says, and what nobody should believe: against a libwbclient of the tests' own, which
//! the loader finds first. Each test is a process with its own.
#![allow(unsafe_code, clippy::cast_possible_truncation, clippy::items_after_statements)]

#[path = "../c_abi/mod.rs"]
mod c_abi;
#[path = "../lsa/mod.rs"]
mod lsa;

use std::fs;
use std::mem::offset_of;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use c_abi::process::alone_with;
use hmac::{Hmac, KeyInit, Mac};
use lsa::*;
use md4::{Digest, Md4};
use md5::Md5;

const CHALLENGE: [u8; 8] = 0x0123_4567_89AB_CDEF_u64.to_be_bytes();
const NETWORK: i32 = 3;
const INTERACTIVE: i32 = 2;

/// Runs a test in a process with this libwbclient and these lines of configuration: true in there.
fn with_library(test: &str, library: impl FnOnce(&Path), lines: &str) -> bool {
    let folder =
        Folder(std::env::temp_dir().join(format!("secur32-{test}-{}", std::process::id())));
    fs::create_dir_all(&folder.0).unwrap();
    let path = folder.0.join("secur32.conf");
    fs::write(&path, lines).unwrap();
    if !c_abi::process::is_part(test) {
        library(&folder.0.join("libwbclient.so.0"));
    }
    alone_with(test, |command| {
        command.env("LD_LIBRARY_PATH", &folder.0).env("SECUR32_CONFIG", &path);
        command.env("KRB5_CONFIG", "/dev/null").env_remove("NTLM_USER_FILE");
    })
}

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn compiled(library: &Path) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/winbind/wbclient.c");
    let made = Command::new("gcc")
        .args(["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o"])
        .arg(library)
        .arg(source)
        .status()
        .unwrap();
    assert!(made.success());
}

/// From here on it behaves like this.
fn behave(mode: &str) {
    // SAFETY: the process is this test's, and no other thread reads its environment now.
    unsafe { std::env::set_var("FAKE_WBC", mode) }
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn hmac_md5(key: &[u8], parts: &[&[u8]]) -> [u8; 16] {
    let mut mac = Hmac::<Md5>::new_from_slice(key).unwrap();
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// An NTLMv2 response ([MS-NLMP] 3.3.2); the library is told its session key.
fn answer(user: &str, domain: &str, password: &str) -> (Vec<u8>, [u8; 16]) {
    let nt_hash: [u8; 16] = Md4::digest(utf16(password)).into();
    let key = hmac_md5(&nt_hash, &[&utf16(&user.to_uppercase()), &utf16(domain)]);
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let time = 116_444_736_000_000_000 + since.as_nanos() as u64 / 100;
    let mut blob = vec![1, 1, 0, 0, 0, 0, 0, 0];
    blob.extend(time.to_le_bytes());
    blob.extend([0xAA; 8]);
    blob.extend([0; 12]);
    let proof = hmac_md5(&key, &[&CHALLENGE, &blob]);
    let session_key = hmac_md5(&key, &[&proof]);
    let digits = format!("{:032x}", u128::from_be_bytes(session_key));
    // SAFETY: as above.
    unsafe { std::env::set_var("FAKE_KEY", digits) }
    ([&proof[..], &blob].concat(), session_key)
}

fn network(user: &str, domain: &str, nt: &[u8]) -> Request {
    type Logon = MSV1_0_LM20_LOGON;
    Request::new::<Logon>(4)
        .text(offset_of!(Logon, LogonDomainName), domain)
        .text(offset_of!(Logon, UserName), user)
        .text(offset_of!(Logon, Workstation), "WS")
        .put(offset_of!(Logon, ChallengeToClient), CHALLENGE)
        .string(offset_of!(Logon, CaseSensitiveChallengeResponse), nt)
        .string(offset_of!(Logon, CaseInsensitiveChallengeResponse), &[])
}

/// alice's logon: who she is, or the status and its `SubStatus`.
fn alice(lsa: &Lsa) -> Result<Logon, (i32, i32)> {
    let (nt, _) = answer("alice", "FAKEDOM", "correct horse");
    lsa.log_on_told(MSV1_0, NETWORK, network("alice", "FAKEDOM", &nt).bytes())
}

#[test]
fn the_domain_says_who_a_client_is_and_gives_its_key() {
    const NAME: &str = "the_domain_says_who_a_client_is_and_gives_its_key";
    if !with_library(NAME, compiled, "") {
        return;
    }
    let lsa = Lsa::connect();
    for domain in ["FAKEDOM", "fakedom", ""] {
        let (nt, key) = answer("alice", domain, "correct horse");
        let request = network("alice", domain, &nt);
        let logon = lsa.log_on(MSV1_0, NETWORK, request.bytes()).unwrap_or_else(|s| {
            panic!("{s:#x} {}", why());
        });
        let profile: MSV1_0_LM20_LOGON_PROFILE = logon.profile.structure(0);
        assert_eq!(profile.UserSessionKey, key);
        assert_eq!(profile.UserFlags, 0x120);
        assert_eq!(logon.profile.text(profile.LogonDomainName), "FAKEDOM");
        assert_eq!(logon.profile.text(profile.LogonServer), "FAKEDC");
    }
    // A password is as good: the answer is made here.
    type Logon = KERB_INTERACTIVE_LOGON;
    let request = Request::new::<Logon>(2)
        .text(offset_of!(Logon, LogonDomainName), "FAKEDOM")
        .text(offset_of!(Logon, UserName), "alice")
        .text(offset_of!(Logon, Password), "correct horse");
    let logon = lsa.log_on(MSV1_0, INTERACTIVE, request.bytes());
    assert!(logon.is_ok(), "{logon:?} {}", why());
}

#[test]
fn n16_each_refusal_of_the_domain_has_its_status() {
    const NAME: &str = "n16_each_refusal_of_the_domain_has_its_status";
    if !with_library(NAME, compiled, "") {
        return;
    }
    let lsa = Lsa::connect();
    for (said, status, why_restricted) in [
        (0xC000_006A_u32, 0xC000_006D_u32, 0_u32),
        (0xC000_0064, 0xC000_006D, 0),
        (0xC000_00DF, 0xC000_006D, 0),
        (0xC000_0072, 0xC000_006E, 0xC000_0072),
        (0xC000_0071, 0xC000_006E, 0xC000_0071),
        (0xC000_006F, 0xC000_006E, 0xC000_006F),
        (0xC000_0070, 0xC000_006E, 0xC000_0070),
        (0xC000_006E, 0xC000_006E, 0),
        (0xC000_0224, 0xC000_0224, 0),
        (0xC000_0234, 0xC000_0234, 0),
        (0xC000_0193, 0xC000_0193, 0),
        (0xC000_005E, 0xC000_005E, 0),
        (0xC000_0022, 0xC000_005E, 0),
        // What nobody knows, and what is no refusal at all.
        (0xC0FF_EE00, 0xC000_006D, 0),
        (0x4000_0000, 0xC000_006D, 0),
        (0, 0xC000_005E, 0),
    ] {
        behave(&format!("status:{said:08x}"));
        let refused = alice(&lsa).expect_err("somebody was logged on");
        let wanted = (status.cast_signed(), why_restricted.cast_signed());
        assert_eq!(refused, wanted, "{said:#x}: {}", why());
    }
}

#[test]
fn n9_n15_n16_nonsense_of_winbindd_logs_nobody_on() {
    const NAME: &str = "n9_n15_n16_nonsense_of_winbindd_logs_nobody_on";
    if !with_library(NAME, compiled, "") {
        return;
    }
    let lsa = Lsa::connect();
    for mode in ["guest", "no-key"] {
        behave(mode);
        assert_eq!(alice(&lsa).unwrap_err(), (STATUS_LOGON_FAILURE, 0), "{mode}");
    }
    for mode in [
        "no-name",
        "no-domain",
        "bad-text",
        "endless-sids",
        "null-sids",
        "long-sid",
        "new-sid",
        "no-info",
        "no-error",
        "two-tongues",
        "no-context",
        "code:1",
        "code:6",
        "code:99",
        "code:-1",
    ] {
        behave(mode);
        assert_eq!(alice(&lsa).unwrap_err(), (STATUS_NO_LOGON_SERVERS, 0), "{mode}");
    }
    // Who has no SIDs is still somebody.
    for mode in ["no-sids", "good"] {
        behave(mode);
        assert!(alice(&lsa).is_ok(), "{mode}: {}", why());
    }
}

#[test]
fn a_silent_domain_is_not_waited_for() {
    const NAME: &str = "a_silent_domain_is_not_waited_for";
    if !with_library(NAME, compiled, "[winbind]\nTimeout = 1\n") {
        return;
    }
    let lsa = Lsa::connect();
    behave("silent");
    for _ in 0..2 {
        let began = Instant::now();
        assert_eq!(alice(&lsa).unwrap_err(), (STATUS_NO_LOGON_SERVERS, 0));
        let waited = began.elapsed();
        assert!(waited >= Duration::from_secs(1) && waited < Duration::from_secs(10), "{waited:?}");
    }
    // Those who still wait keep nobody else from being served.
    behave("good");
    assert!(alice(&lsa).is_ok(), "{}", why());
}

#[test]
fn n17_n18_some_are_not_asked_for() {
    const NAME: &str = "n17_n18_some_are_not_asked_for";
    if !with_library(NAME, compiled, "") {
        return;
    }
    let lsa = Lsa::connect();
    // Anything else ends this process.
    behave("not-asked");
    let long = "n".repeat(300);
    for (user, domain, password) in [
        ("alice", "FAKEDOM", ""),
        ("alice", "", ""),
        (&long, "FAKEDOM", "x"),
        ("alice", &long, "x"),
        ("alice\0x", "FAKEDOM", "x"),
        ("", "FAKEDOM", "x"),
    ] {
        let (nt, _) = answer(user, domain, password);
        let request = network(user, domain, &nt);
        let status = lsa.log_on(MSV1_0, NETWORK, request.bytes()).unwrap_err();
        assert_eq!(status, STATUS_LOGON_FAILURE, "{user:.20?} of {domain:.20?}: {}", why());
    }
}

#[test]
fn policy_forbids_domain_accounts_before_the_domain_is_asked() {
    const NAME: &str = "policy_forbids_domain_accounts_before_the_domain_is_asked";
    if !with_library(NAME, compiled, "[ntlm]\nRestrictReceivingNTLMTraffic = 1\n") {
        return;
    }
    behave("not-asked");
    assert_eq!(alice(&Lsa::connect()).unwrap_err(), (STATUS_LOGON_FAILURE, 0));
}

/// Nobody is there who could say yes.
fn nobody_is_asked(test: &str, library: fn(&Path), mode: &str, lines: &str, story: &str) {
    if !with_library(test, library, lines) {
        return;
    }
    behave(mode);
    assert_eq!(alice(&Lsa::connect()).unwrap_err(), (STATUS_NO_LOGON_SERVERS, 0));
    assert!(why().contains(story), "{}", why());
}

#[test]
fn without_winbindd_there_is_no_domain() {
    const NAME: &str = "without_winbindd_there_is_no_domain";
    nobody_is_asked(NAME, compiled, "gone", "", "no account source");
}

#[test]
fn a_machine_in_no_domain_has_none() {
    const NAME: &str = "a_machine_in_no_domain_has_none";
    nobody_is_asked(NAME, compiled, "alone", "", "no account source");
}

#[test]
fn a_domain_that_is_demanded_is_asked_whether_it_seems_there_or_not() {
    const NAME: &str = "a_domain_that_is_demanded_is_asked_whether_it_seems_there_or_not";
    let lines = "[winbind]\nEnabled = true\n";
    nobody_is_asked(NAME, compiled, "gone", lines, "NOT_AVAILABLE");
}

#[test]
fn a_domain_that_is_forbidden_is_not_asked() {
    const NAME: &str = "a_domain_that_is_forbidden_is_not_asked";
    let lines = "[winbind]\nEnabled = false\n";
    nobody_is_asked(NAME, compiled, "not-asked", lines, "no account source");
}

#[test]
fn a_library_that_cannot_be_loaded_is_none() {
    const NAME: &str = "a_library_that_cannot_be_loaded_is_none";
    let broken: fn(&Path) = |library| fs::write(library, "not a library").unwrap();
    let lines = "[winbind]\nEnabled = true\n";
    nobody_is_asked(NAME, broken, "good", lines, "libwbclient.so.0");
}
