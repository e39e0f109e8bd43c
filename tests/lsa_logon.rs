//! `LsaLogonUser` of MSV1_0: answers to a challenge, made here by the formulas of [MS-NLMP].
#![allow(unsafe_code, clippy::cast_possible_truncation, clippy::items_after_statements)]

mod c_abi;
mod lsa;

use std::fs::{self, Permissions};
use std::mem::offset_of;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use c_abi::process::alone_with;
use hmac::{Hmac, KeyInit, Mac};
use lsa::*;
use md4::{Digest, Md4};
use md5::Md5;

const CHALLENGE: [u8; 8] = 0x0123_4567_89AB_CDEF_u64.to_be_bytes();
const NETWORK: i32 = 3;
const INTERACTIVE: i32 = 2;

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

fn nt_hash(password: &str) -> [u8; 16] {
    Md4::digest(utf16(password)).into()
}

/// An NTLMv2 response and its session key ([MS-NLMP] 3.3.2).
fn answer_v2(user: &str, domain: &str, password: &str, time: u64) -> (Vec<u8>, [u8; 16]) {
    let key = hmac_md5(&nt_hash(password), &[&utf16(&user.to_uppercase()), &utf16(domain)]);
    let mut blob = vec![1, 1, 0, 0, 0, 0, 0, 0];
    blob.extend(time.to_le_bytes());
    blob.extend([0xAA; 8]);
    blob.extend([0; 4]);
    blob.extend([0; 4]);
    blob.extend([0; 4]);
    let proof = hmac_md5(&key, &[&CHALLENGE, &blob]);
    ([&proof[..], &blob].concat(), hmac_md5(&key, &[&proof]))
}

fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    116_444_736_000_000_000 + since.as_nanos() as u64 / 100
}

fn network(user: &str, domain: &str, nt: &[u8], lm: &[u8]) -> Request {
    type Logon = MSV1_0_LM20_LOGON;
    Request::new::<Logon>(4)
        .text(offset_of!(Logon, LogonDomainName), domain)
        .text(offset_of!(Logon, UserName), user)
        .text(offset_of!(Logon, Workstation), "WS")
        .put(offset_of!(Logon, ChallengeToClient), CHALLENGE)
        .string(offset_of!(Logon, CaseSensitiveChallengeResponse), nt)
        .string(offset_of!(Logon, CaseInsensitiveChallengeResponse), lm)
}

/// An account file that goes with the test.
struct Accounts(PathBuf);

impl Accounts {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("secur32-{name}-{}", std::process::id()));
        fs::write(&path, "EXAMPLE:Zoë:correct horse\nEXAMPLE:blank:\n").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        Self(path)
    }
}

impl Drop for Accounts {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[test]
fn an_answer_to_the_callers_challenge_gives_a_session_and_its_key() {
    const NAME: &str = "an_answer_to_the_callers_challenge_gives_a_session_and_its_key";
    let accounts = Accounts::new(NAME);
    if !alone_with(NAME, |command| {
        command.env("NTLM_USER_FILE", &accounts.0);
    }) {
        return;
    }
    let lsa = Lsa::connect();
    let (answer, key) = answer_v2("zoë", "example", "correct horse", now());
    for package in [MSV1_0, NEGOTIATE] {
        let request = network("zoë", "example", &answer, &[0; 24]);
        let logon = lsa
            .log_on(package, NETWORK, request.bytes())
            .unwrap_or_else(|s| panic!("{s:#x} {}", why()));
        let profile: MSV1_0_LM20_LOGON_PROFILE = logon.profile.structure(0);
        assert_eq!(profile.MessageType, 3);
        assert_eq!(profile.UserSessionKey, key);
        assert_eq!(profile.UserFlags, LOGON_NTLMV2_ENABLED);
        assert_eq!(logon.profile.text(profile.LogonDomainName), "EXAMPLE");
        let data = session(&logon).unwrap();
        let session: SECURITY_LOGON_SESSION_DATA = data.structure(0);
        assert_eq!(data.text(session.UserName), "Zoë");
        assert_eq!(session.LogonType, 3);
        // A network logon has nothing to go on with.
        assert_eq!(acquire(&logon.session), c_abi::SEC_E_UNKNOWN_CREDENTIALS);
        let luid = logon.session;
        drop(logon);
        assert_eq!(acquire(&luid), c_abi::SEC_E_UNKNOWN_CREDENTIALS);
    }
}

#[test]
fn n16_n21_an_answer_that_is_altered_cut_or_old_logs_nobody_on() {
    const NAME: &str = "n16_n21_an_answer_that_is_altered_cut_or_old_logs_nobody_on";
    let accounts = Accounts::new(NAME);
    if !alone_with(NAME, |command| {
        command.env("NTLM_USER_FILE", &accounts.0);
    }) {
        return;
    }
    let lsa = Lsa::connect();
    let (answer, _) = answer_v2("zoë", "example", "correct horse", now());
    let refused = |answer: &[u8]| {
        let request = network("zoë", "example", answer, &[0; 24]);
        lsa.log_on(MSV1_0, NETWORK, request.bytes()).expect_err("somebody was logged on")
    };
    for bit in 0..answer.len() * 8 {
        let mut altered = answer.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        let status = refused(&altered);
        assert!([STATUS_LOGON_FAILURE, STATUS_INVALID_PARAMETER].contains(&status), "{status:#x}");
    }
    for length in 0..answer.len() {
        let status = refused(&answer[..length]);
        assert!([STATUS_LOGON_FAILURE, STATUS_INVALID_PARAMETER].contains(&status), "{length}");
    }
    for (user, domain, password) in [
        ("zoë", "example", "wrong"),
        ("nobody", "example", "correct horse"),
        ("blank", "EXAMPLE", ""),
    ] {
        let (answer, _) = answer_v2(user, domain, password, now());
        let request = network(user, domain, &answer, &[0; 24]);
        assert_eq!(lsa.log_on(MSV1_0, NETWORK, request.bytes()).unwrap_err(), STATUS_LOGON_FAILURE);
    }
    let days = 40 * 3600 * 10_000_000;
    assert_eq!(
        refused(&answer_v2("zoë", "example", "correct horse", now() - days).0),
        STATUS_LOGON_FAILURE
    );
    // Another challenge than the one that was answered.
    let request = network("zoë", "example", &answer, &[0; 24]);
    let request = request.put(offset_of!(MSV1_0_LM20_LOGON, ChallengeToClient), [0; 8]);
    assert_eq!(lsa.log_on(MSV1_0, NETWORK, request.bytes()).unwrap_err(), STATUS_LOGON_FAILURE);
    // Nobody is not somebody.
    let request = network("", "", &[], &[]);
    assert_eq!(lsa.log_on(MSV1_0, NETWORK, request.bytes()).unwrap_err(), STATUS_LOGON_FAILURE);
    // Clear passwords, subauthentication and guests are not asked for.
    for control in [MSV1_0_CLEARTEXT_PASSWORD_SUPPLIED, 0x0200_0000, MSV1_0_TRY_GUEST_ACCOUNT_ONLY]
    {
        let request = network("zoë", "example", &answer, &[0; 24])
            .number(offset_of!(MSV1_0_LM20_LOGON, ParameterControl), control);
        assert_eq!(lsa.log_on(MSV1_0, NETWORK, request.bytes()).unwrap_err(), STATUS_NOT_SUPPORTED);
    }
}

/// [MS-NLMP] 4.2.2.2.1 is the example: its challenge and its response.
#[test]
fn n6_an_old_response_counts_only_where_the_level_allows_it() {
    const NAME: &str = "n6_an_old_response_counts_only_where_the_level_allows_it";
    const RESPONSE: [u8; 24] = [
        0x67, 0xC4, 0x30, 0x11, 0xF3, 0x02, 0x98, 0xA2, 0xAD, 0x35, 0xEC, 0xE6, 0x4F, 0x16, 0x33,
        0x1C, 0x44, 0xBD, 0xBE, 0xD9, 0x27, 0x84, 0x1F, 0x94,
    ];
    let path = std::env::temp_dir().join(format!("secur32-{NAME}-{}", std::process::id()));
    fs::write(&path, "Domain:User:Password\n").unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    let accounts = Accounts(path);
    for level in ["5", "3"] {
        if !alone_with(NAME, |command| {
            command.env("NTLM_USER_FILE", &accounts.0).env("LM_COMPAT_LEVEL", level);
        }) {
            continue;
        }
        let lsa = Lsa::connect();
        let request = network("User", "Domain", &RESPONSE, &[]);
        let answer = lsa.log_on(MSV1_0, NETWORK, request.bytes());
        if std::env::var("LM_COMPAT_LEVEL").unwrap() == "5" {
            assert_eq!(answer.unwrap_err(), STATUS_LOGON_FAILURE);
            return;
        }
        let logon = answer.unwrap();
        let profile: MSV1_0_LM20_LOGON_PROFILE = logon.profile.structure(0);
        // 4.2.2.1.3
        let key = 0xD872_62B0_CDE4_B1CB_7499_BECC_CDF1_0784_u128.to_be_bytes();
        assert_eq!((profile.UserSessionKey, profile.UserFlags), (key, 0));
        return;
    }
}

#[test]
fn without_an_account_source_nobody_is_logged_on() {
    const NAME: &str = "without_an_account_source_nobody_is_logged_on";
    if !alone_with(NAME, |command| {
        command.env_remove("NTLM_USER_FILE").env_remove("SECUR32_CONFIG");
    }) {
        return;
    }
    let lsa = Lsa::connect();
    type Logon = MSV1_0_INTERACTIVE_LOGON;
    let request = Request::new::<Logon>(2)
        .text(offset_of!(Logon, UserName), "alice")
        .text(offset_of!(Logon, Password), "password");
    let status = lsa.log_on(MSV1_0, INTERACTIVE, request.bytes()).unwrap_err();
    assert_ne!(status, STATUS_SUCCESS);
    let (answer, _) = answer_v2("alice", "", "password", now());
    let request = network("alice", "", &answer, &[]);
    assert_ne!(lsa.log_on(MSV1_0, NETWORK, request.bytes()).unwrap_err(), STATUS_SUCCESS);
}

fn session(logon: &Logon) -> Result<Block, i32> {
    let (mut luid, mut block) = (logon.session, Block::none());
    // SAFETY: readable and writable places.
    let status = unsafe { LsaGetLogonSessionData(&raw mut luid, (&raw mut block.pointer).cast()) };
    block.length = if status == STATUS_SUCCESS { 1024.min(room(&block)) } else { 0 };
    if status == STATUS_SUCCESS { Ok(block) } else { Err(status) }
}

/// As long as the strings of these tests make it.
fn room(block: &Block) -> u32 {
    assert!(!block.pointer.is_null());
    size_of::<SECURITY_LOGON_SESSION_DATA>() as u32 + 60
}

fn acquire(luid: &LUID) -> i32 {
    let (mut luid, mut handle) = (*luid, c_abi::FOREIGN);
    let mut package = c_abi::wide("NTLM");
    // SAFETY: readable and writable places, terminated strings.
    unsafe {
        c_abi::AcquireCredentialsHandleW(
            std::ptr::null_mut(),
            package.as_mut_ptr(),
            SECPKG_CRED_OUTBOUND,
            (&raw mut luid).cast(),
            std::ptr::null_mut(),
            None,
            std::ptr::null_mut(),
            &raw mut handle,
            std::ptr::null_mut(),
        )
    }
}
