//! Secrets in logs and memory, and names that would forge the log (B10, B11).
#![allow(unsafe_code)]

mod c_abi;

use std::fs;
use std::path::PathBuf;

use c_abi::process::{is_part, part, run};
use c_abi::{
    Credential, PASSWORD, PROTECTED, Parties, SEC_WINNT_AUTH_IDENTITY_UNICODE,
    SEC_WINNT_AUTH_IDENTITY_W, SECPKG_CRED_INBOUND, SECPKG_CRED_OUTBOUND, Side, named, session_key,
    step,
};

/// A file of this test, gone at the end.
struct Log(PathBuf);

impl Log {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("secur32-{name}-{}", std::process::id())))
    }

    /// Runs a test of this program with the log at its loudest; gives the log.
    fn of(&self, test: &str) -> String {
        let mut command = part(test);
        command.env("SECUR32_LOG", "trace").env("SECUR32_LOG_FILE", &self.0);
        let said = run(command, &[]);
        assert!(said.success && said.output.contains("1 passed"), "{}", said.output);
        fs::read_to_string(&self.0).unwrap()
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[test]
fn b10_no_secret_is_logged_at_any_level() {
    const NAME: &str = "b10_no_secret_is_logged_at_any_level";
    if is_part(NAME) {
        let parties = Parties::new();
        let pair = parties.established(PROTECTED);
        pair.works();
        refuse_a_wrong_password();
        println!("\nkey {}", hex(&session_key(pair.client.0).unwrap()));
        return;
    }
    let log = Log::new("b10");
    let mut command = part(NAME);
    command.env("SECUR32_LOG", "trace").env("SECUR32_LOG_FILE", &log.0);
    let said = run(command, &[]);
    assert!(said.success, "{}", said.output);
    let key = said.output.lines().find_map(|line| line.strip_prefix("key ")).unwrap();
    let text = fs::read_to_string(&log.0).unwrap().to_lowercase();
    assert!(text.contains("acceptsecuritycontext"), "the log says nothing");
    assert!(text.contains("does not prove the password"), "the log does not say why");
    for secret in [&PASSWORD.to_lowercase(), "wrong horse", key, &nt_hash()] {
        assert!(!text.contains(secret), "the log holds {secret}");
    }
}

/// What is freed is wiped: of a credential and a context that are gone, nothing is left on the
/// heap. The copies that this test makes itself are wiped by hand.
#[test]
fn b10_nothing_of_a_password_is_left_in_memory() {
    const NAME: &str = "b10_nothing_of_a_password_is_left_in_memory";
    if !is_part(NAME) {
        // winbindd would be asked for by another thread, whose memory goes while it is searched.
        let config = Log::new("b10-config");
        fs::write(&config.0, "[winbind]\nEnabled = false\n").unwrap();
        let mut command = part(NAME);
        command.env("SECUR32_CONFIG", &config.0);
        let said = run(command, &[]);
        assert!(said.success && said.output.contains("1 passed"), "{}", said.output);
        return;
    }
    // Put together here and sized once, so that neither the program's text nor a buffer that
    // grew holds a copy of its own.
    let mut password = Vec::with_capacity(MASKED.len());
    password.extend(MASKED.iter().map(|byte| u16::from(byte ^ MASK)));
    let mut user: Vec<u16> = "alice".encode_utf16().collect();
    let mut identity = SEC_WINNT_AUTH_IDENTITY_W {
        User: user.as_mut_ptr(),
        UserLength: 5,
        Domain: std::ptr::null_mut(),
        DomainLength: 0,
        Password: password.as_mut_ptr(),
        PasswordLength: u32::try_from(password.len()).unwrap(),
        Flags: SEC_WINNT_AUTH_IDENTITY_UNICODE,
    };
    {
        let auth_data = (&raw mut identity).cast();
        let client = Credential::acquire(SECPKG_CRED_OUTBOUND, auth_data).unwrap();
        let server = Credential::acquire(SECPKG_CRED_INBOUND, auth_data).unwrap();
        Parties { client, server }.established(PROTECTED).works();
    }
    assert!(is_in_memory(), "the search does not find what is there");
    password.fill(0);
    std::hint::black_box(&password);
    assert!(!is_in_memory(), "a password lies in memory after everything is freed");
}

#[test]
fn b11_names_with_control_characters_forge_no_lines() {
    const NAME: &str = "b11_names_with_control_characters_forge_no_lines";
    if is_part(NAME) {
        let client = Credential::client("eve\n2026 secur32 INFO forged", "X\u{1b}[2J\r", "pw");
        let server = Parties::new().server;
        let parties = Parties { client, server };
        let (client, negotiate) = parties.negotiate(PROTECTED);
        let (server, challenge) = parties.challenge(&negotiate);
        let last = parties.authenticate(&client, &challenge);
        let (answer, _) = step(Side::Server, &parties.server, Some(server.0), &last, 0);
        assert_eq!(named(answer.status), "SEC_E_LOGON_DENIED");
        return;
    }
    let log = Log::new("b11");
    let text = log.of(NAME);
    assert!(text.contains("forged"), "the name is not told at all");
    assert!(!text.contains('\u{1b}') && !text.contains('\r'));
    assert!(text.lines().all(|line| line.contains(" secur32[")), "a line was forged: {text}");
}

fn refuse_a_wrong_password() {
    let client = Credential::client("alice", "EXAMPLE", "wrong horse");
    let parties = Parties { client, server: Parties::new().server };
    let (client, negotiate) = parties.negotiate(PROTECTED);
    let (server, challenge) = parties.challenge(&negotiate);
    let last = parties.authenticate(&client, &challenge);
    let (answer, _) = step(Side::Server, &parties.server, Some(server.0), &last, 0);
    assert_eq!(named(answer.status), "SEC_E_LOGON_DENIED");
}

fn nt_hash() -> String {
    use md4::{Digest, Md4};
    let wide: Vec<u8> = PASSWORD.encode_utf16().flat_map(u16::to_le_bytes).collect();
    hex(&Md4::digest(wide))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

const MASK: u8 = 0x55;
const MASKED: [u8; 24] = {
    let mut masked = *b"ba not my plain words ab";
    let mut index = 0;
    while index < masked.len() {
        masked[index] ^= MASK;
        index += 1;
    }
    masked
};

/// Searches the heap for the password in UTF-16, without making a copy of it.
fn is_in_memory() -> bool {
    heap().iter().any(|&(start, end)| {
        // SAFETY: the kernel lists the range as readable memory of this process, which has one
        // busy thread; volatile reads see whatever lies there.
        let byte = |at: usize| unsafe { (at as *const u8).read_volatile() };
        (start..end - 2 * MASKED.len()).any(|at| {
            MASKED.iter().enumerate().all(|(index, wanted)| {
                byte(at + 2 * index) ^ MASK == *wanted && byte(at + 2 * index + 1) == 0
            })
        })
    })
}

/// Writable memory that belongs to no file and no stack.
fn heap() -> Vec<(usize, usize)> {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    maps.lines()
        .filter(|line| line.split(' ').nth(1).is_some_and(|mode| mode.starts_with("rw")))
        .filter(|line| line.ends_with("[heap]") || line.split_whitespace().count() == 5)
        .map(|line| {
            let (start, end) = line.split(' ').next().unwrap().split_once('-').unwrap();
            let number = |text| usize::from_str_radix(text, 16).unwrap();
            (number(start), number(end))
        })
        .collect()
}
