//! What `/etc/secur32.conf` lets NTLM be used for, alone and under Negotiate: each test is a process
//! with a configuration of its own.
#![allow(unsafe_code)]

mod c_abi;

use c_abi::process::alone_with;
use c_abi::*;

/// Runs a test in a process whose configuration has these lines in `[ntlm]`: true in there.
fn configured(test: &str, lines: &str) -> bool {
    let folder = std::env::temp_dir().join(format!("secur32-{test}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("secur32.conf");
    let names = "[machine]\nNetbiosComputerName = 'BOX'\n";
    std::fs::write(&path, format!("{names}[ntlm]\n{lines}\n")).unwrap();
    let inside = alone_with(test, |command| {
        command.env("SECUR32_CONFIG", &path).env("KRB5_CONFIG", "/dev/null");
        command.env_remove("NTLM_USER_FILE");
    });
    std::fs::remove_dir_all(&folder).unwrap();
    inside
}

fn credential(package: &str, side: Side, domain: &str) -> Credential {
    let mut identity = PlainIdentity::new(USER, domain, PASSWORD);
    let usage = match side {
        Side::Client => SECPKG_CRED_OUTBOUND,
        Side::Server => SECPKG_CRED_INBOUND,
    };
    Credential::acquire_of(package, usage, identity.pointer()).unwrap()
}

/// A client's first call towards a target.
fn first(client: &Credential, target: &str) -> (String, Vec<u8>, Option<Context>) {
    let mut output = [empty(SECBUFFER_TOKEN)];
    let answer = call(Leg {
        side: Side::Client,
        credential: Some(client.0),
        context: None,
        flags: PROTECTED | ISC_REQ_ALLOCATE_MEMORY,
        target: Some(target),
        input: &mut [],
        output: Some(&mut output),
    });
    let context = (answer.status >= 0).then_some(Context(answer.handle));
    (named(answer.status), take(output[0]), context)
}

/// The whole of an exchange of raw NTLM: what the server says at last.
fn logged_on(client: &Credential, server: &Credential) -> String {
    let (_, negotiate, context) = first(client, "host/box");
    let context = context.unwrap();
    let (answer, challenge) = step(Side::Server, server, None, &negotiate, 0);
    if answer.status < 0 {
        return named(answer.status);
    }
    let on_server = Context(answer.handle);
    let (answer, authenticate) = step(Side::Client, client, Some(context.0), &challenge, 0);
    assert_eq!(named(answer.status), "SEC_E_OK");
    named(step(Side::Server, server, Some(on_server.0), &authenticate, 0).0.status)
}

#[test]
fn denied_sending_is_no_single_byte() {
    let lines = "RestrictSendingNTLMTraffic = 2\nClientAllowedNTLMServers = ['*.example.com']";
    if !configured("denied_sending_is_no_single_byte", lines) {
        return;
    }
    for package in ["NTLM", "Negotiate"] {
        let client = credential(package, Side::Client, DOMAIN);
        // An address, so that Negotiate does not try Kerberos.
        let (status, token, context) = first(&client, "HTTP/127.0.0.1");
        assert_eq!(status, "SEC_E_DOWNGRADE_DETECTED", "{package}");
        assert!(token.is_empty() && context.is_none(), "{package}");
    }
    let client = credential("NTLM", Side::Client, DOMAIN);
    let (status, token, _context) = first(&client, "HTTP/Www.Example.com:80");
    assert_eq!(status, "SEC_I_CONTINUE_NEEDED");
    assert!(!token.is_empty());
}

#[test]
fn audited_sending_goes_on() {
    if configured("audited_sending_goes_on", "RestrictSendingNTLMTraffic = 1") {
        let client = credential("NTLM", Side::Client, DOMAIN);
        assert_eq!(first(&client, "HTTP/www").0, "SEC_I_CONTINUE_NEEDED");
    }
}

#[test]
fn domain_accounts_are_told_from_the_machines_own() {
    let test = "domain_accounts_are_told_from_the_machines_own";
    if !configured(test, "RestrictReceivingNTLMTraffic = 1") {
        return;
    }
    for (domain, status) in [(DOMAIN, "SEC_E_LOGON_DENIED"), ("BOX", "SEC_E_OK")] {
        let client = credential("NTLM", Side::Client, domain);
        for package in ["NTLM", "Negotiate"] {
            let server = credential(package, Side::Server, domain);
            assert_eq!(logged_on(&client, &server), status, "{domain} {package}");
        }
    }
}

#[test]
fn denied_receiving_refuses_the_first_message() {
    let test = "denied_receiving_refuses_the_first_message";
    if !configured(test, "RestrictReceivingNTLMTraffic = 2") {
        return;
    }
    let client = credential("NTLM", Side::Client, "BOX");
    for package in ["NTLM", "Negotiate"] {
        let server = credential(package, Side::Server, "BOX");
        let (_, negotiate, _context) = first(&client, "host/box");
        let (answer, token) = step(Side::Server, &server, None, &negotiate, 0);
        assert_eq!(named(answer.status), "SEC_E_LOGON_DENIED", "{package}");
        assert!(token.is_empty());
    }
}

#[test]
fn a_level_that_nobody_knows_is_an_error() {
    let test = "a_level_that_nobody_knows_is_an_error";
    if configured(test, "RestrictSendingNTLMTraffic = 3") {
        let mut identity = PlainIdentity::new(USER, DOMAIN, PASSWORD);
        let refused = Credential::acquire(SECPKG_CRED_OUTBOUND, identity.pointer()).err();
        assert_eq!(refused.map(named).as_deref(), Some("SEC_E_INTERNAL_ERROR"));
    }
}
