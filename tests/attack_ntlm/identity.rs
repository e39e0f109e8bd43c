//! Whose name and whose password (N13, N15 to N18, N24, N25).

use std::collections::HashSet;
use std::sync::Mutex;

use secur32::ntlm::PACKAGE;
use secur32::platform::Host;
use secur32::spi::environment::{AccountSecret, Environment as _, NoAccount};
use secur32::spi::error::{CallerFault, LocalFault, PeerFault};
use secur32::spi::flags::ContextFlags;
use secur32::spi::identity::{Identity, Proof};
use secur32::spi::message::{Part, Qop};
use secur32::spi::package::{AcquireRequest, Opening, SecurityPackage as _, StepInput, Usage};
use secur32::spi::secret::{Secret, SecretText};
use secur32::spi::status::SEC_E_LOGON_DENIED;
use secur32::spi::text::upcase;

use super::{forge, forge_with};
use crate::support::env::{FixedAccounts, FixedEnv, account};
use crate::support::handshake::{Setup, finish, go_on, identity, inbound, open, outbound, refused};
use crate::support::reference::{Forger, field, hex, nt_hash};

#[test]
fn n24_a_hash_in_a_passwords_clothes_is_text() {
    let env = FixedEnv::new();
    let digits = hex(&nt_hash("secret"));
    for password in [digits.clone(), digits.to_uppercase(), format!(":{digits}"), "x".repeat(513)] {
        let mut setup = Setup::new(&env);
        setup.identity = Some(identity("DOM", "alice", &password));
        refused(setup.run(), PeerFault::LogonDenied);
    }
    let long = "p".repeat(4096);
    let env = FixedEnv::new().with_accounts(FixedAccounts::new(&[("DOM", "alice", &long)]));
    let mut setup = Setup::new(&env);
    setup.identity = Some(identity("DOM", "alice", &long));
    setup.run().unwrap();
}

#[test]
fn n25_names_of_any_length_that_fits_and_no_other() {
    let fits = "u".repeat(0x7FFF);
    let env = FixedEnv::new().with_accounts(FixedAccounts::new(&[("DOM", &fits, "secret")]));
    let mut setup = Setup::new(&env);
    setup.identity = Some(identity("DOM", &fits, "secret"));
    let (_, server) = setup.run().unwrap();
    assert_eq!(server.client_name.len(), 0x7FFF + 4);
    let too_long = "u".repeat(0x8000);
    for identity in [identity("DOM", &too_long, "x"), identity(&too_long, "alice", "x")] {
        let usage = Usage { inbound: false, outbound: true };
        let request = AcquireRequest {
            principal: None,
            usage,
            identity: Some(identity),
            ..AcquireRequest::default()
        };
        refused(PACKAGE.acquire(request, &env).map(|_| ()), CallerFault::InvalidParameter);
    }
    let env = FixedEnv::new();
    let credential = outbound(None, &env);
    let opening = Opening { target: Some(too_long), flags: ContextFlags::empty() };
    refused(credential.initiate(opening, &env).map(|_| ()), CallerFault::InvalidParameter);
    // A target name that fits its pair but not the response beside the rest.
    let mut setup = Setup::new(&env);
    setup.target = Some("t".repeat(0x7FFF));
    refused(setup.run(), CallerFault::InvalidParameter);
    let mut setup = Setup::new(&env);
    setup.target = Some("t".repeat(32_000));
    let (_, server) = setup.run().unwrap();
    assert_eq!(server.client_target.map(|target| target.len()), Some(32_000));
}

/// The real generator: nothing is pooled, so that nothing can come twice, in threads or children.
#[test]
fn n13_challenges_never_come_twice() {
    const THREADS: usize = 4;
    const EACH: usize = 25_000;
    let host = Host::current().unwrap();
    let seen = Mutex::new(HashSet::with_capacity(THREADS * EACH));
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..EACH {
                    let mut challenge = [0; 8];
                    host.random(&mut challenge).unwrap();
                    assert!(seen.lock().unwrap().insert(challenge));
                }
            });
        }
    });
    let credential = inbound(None, &host);
    let client = Setup::new(&FixedEnv::new()).client().unwrap();
    for _ in 0..2_000 {
        let start = credential.accept(Opening::default(), &host).unwrap();
        let input = StepInput { token: Some(&client.negotiate), bindings: None };
        let (_, challenge) = go_on(start.step(input, &host)).unwrap();
        let challenge: [u8; 8] = challenge[24..32].try_into().unwrap();
        assert!(seen.lock().unwrap().insert(challenge));
    }
}

#[test]
fn n13_without_randomness_there_is_no_handshake() {
    let env = FixedEnv::new();
    let mut setup = Setup::new(&env);
    let client = setup.client().unwrap();
    let server = setup.server(&client.negotiate).unwrap();
    env.break_random();
    refused(finish(client.next, &server.challenge, &env), LocalFault::NoRandom);
}

#[test]
fn n15_anonymous_is_accepted_as_that_or_not_at_all() {
    let env = FixedEnv::new();
    let anonymous = |forger: &mut Forger| {
        forger.user.clear();
        forger.domain.clear();
        forger.nt = Some(Vec::new());
        forger.lm = vec![0];
        forger.flags |= 0x800;
    };
    refused(forge(&env, anonymous), PeerFault::AnonymousRefused);
    for lm in [vec![0], Vec::new()] {
        let mut setup = Setup::new(&env);
        setup.required = ContextFlags::NULL_SESSION;
        let context = forge_with(&mut setup, &env, |forger| {
            anonymous(forger);
            forger.lm = lm;
        })
        .unwrap();
        assert_eq!(context.client_name, "");
        assert_eq!(context.flags, ContextFlags::NULL_SESSION | ContextFlags::CONNECTION);
        // No session security: the signature says nothing and nothing is sealed.
        let (mut data, mut token) = (*b"text", [0; 16]);
        let parts = &mut [Part::Data(&mut data)];
        let result = open(&context).sender.seal(Qop::Default, parts, &mut token, &mut [], 0);
        refused(result, CallerFault::Unsupported);
    }
    let allowed = |change: fn(&mut Forger)| {
        let mut setup = Setup::new(&env);
        setup.required = ContextFlags::NULL_SESSION;
        refused(forge_with(&mut setup, &env, change), PeerFault::LogonDenied);
    };
    // (b) anonymous with a name, (c) a response without a name, (d) nobody we know.
    allowed(|forger| forger.flags |= 0x800);
    allowed(|forger| {
        forger.nt = Some(Vec::new());
        forger.lm = vec![0];
    });
    allowed(|forger| forger.user.clear());
    allowed(|forger| {
        forger.user.clear();
        forger.nt = Some(vec![1; 24]);
    });
    allowed(|forger| {
        forger.user.clear();
        forger.nt = Some(Vec::new());
    });
    allowed(|forger| forger.user = "guest".into());
}

#[test]
fn n15_our_anonymous_client_claims_no_protection() {
    let env = FixedEnv::new();
    for identity in [Some(Identity::default()), None] {
        let mut setup = Setup::new(&env);
        // An empty identity, or anybody who asks for a null session.
        if identity.is_none() {
            setup.asked |= ContextFlags::NULL_SESSION;
        }
        setup.identity = identity;
        setup.required = ContextFlags::NULL_SESSION;
        let mut last = Vec::new();
        let (client, server) = setup.run_through(|message| last.clone_from(message)).unwrap();
        assert_eq!((field(&last, 12), field(&last, 20)), (&[0][..], &[][..]));
        let expected = ContextFlags::NULL_SESSION | ContextFlags::CONNECTION;
        assert_eq!((client.flags, server.flags), (expected, expected));
        assert_eq!((&*client.client_name, &*server.client_name), ("", ""));
    }
}

#[test]
fn n16_only_the_right_password_of_a_known_user_is_accepted() {
    let known = FixedEnv::new();
    let failing = NoAccount::Unavailable("the file is gone".into());
    let broken = FixedEnv::new().with_accounts(FixedAccounts::failing(failing));
    let ambiguous = FixedEnv::new().with_accounts(FixedAccounts::failing(NoAccount::Ambiguous));
    for mic in [true, false] {
        for password in ["secret", "wrong", ""] {
            for user in ["alice", "mallory"] {
                for env in [&known, &broken, &ambiguous] {
                    let result = forge(env, |forger| {
                        forger.password = password.into();
                        forger.user = user.into();
                        forger.mic = mic;
                        if !mic {
                            forger.without(6);
                        }
                    });
                    let right = password == "secret" && user == "alice";
                    if right && std::ptr::eq(env, &raw const known) {
                        result.unwrap();
                    } else {
                        let error = result.unwrap_err();
                        assert_eq!(error.status(), SEC_E_LOGON_DENIED, "{error}");
                    }
                }
            }
        }
    }
}

#[test]
fn n16_the_log_says_why_and_the_client_is_not_told() {
    let story = |env: &FixedEnv, change: fn(&mut Forger)| {
        let error = forge(env, change).unwrap_err();
        assert_eq!(error.status(), SEC_E_LOGON_DENIED, "{error}");
        error.story().unwrap().to_owned()
    };
    let env = FixedEnv::new();
    assert!(story(&env, |f| f.user = "eve".into()).contains("does not know"));
    assert!(story(&env, |f| f.password = "x".into()).contains("does not prove"));
    assert!(story(&env, |f| f.password = "x".into()).contains("DOM\\\\alice"));
    let none = FixedEnv::new().without_accounts();
    assert!(story(&none, |_| {}).contains("no account source"));
    let failing = NoAccount::Unavailable("accounts: permission denied".into());
    let broken = FixedEnv::new().with_accounts(FixedAccounts::failing(failing));
    assert!(story(&broken, |_| {}).contains("permission denied"));
    let secret = || AccountSecret::Proof(Proof::Password(SecretText::from_str_secret("secret")));
    let disabled = FixedEnv::new().with_accounts(FixedAccounts {
        accounts: vec![account("DOM", "alice", secret(), true)],
        failure: None,
    });
    assert!(story(&disabled, |_| {}).contains("disabled"));
    // A disabled account is only told to be one to those who know its password.
    assert!(story(&disabled, |f| f.password = "x".into()).contains("does not prove"));
}

#[test]
fn n17_blank_passwords_and_missing_hashes_are_refused() {
    let of = |secret: AccountSecret| {
        FixedEnv::new().with_accounts(FixedAccounts {
            accounts: vec![account("DOM", "alice", secret, false)],
            failure: None,
        })
    };
    let blank = || Some(Secret::new(nt_hash("")));
    let worlds = [
        of(AccountSecret::Proof(Proof::None)),
        of(AccountSecret::Proof(Proof::NtHash(Secret::new(nt_hash(""))))),
        of(AccountSecret::Hashes { lm: None, nt: blank() }),
        of(AccountSecret::Hashes { lm: None, nt: None }),
        of(AccountSecret::Hashes { lm: blank(), nt: None }),
    ];
    for env in worlds {
        // The last one is the password that stands in for accounts that are not there.
        for password in ["", "secret", "nobody's password"] {
            let result = forge(&env, |forger| forger.password = password.into());
            refused(result, PeerFault::LogonDenied);
        }
    }
    let allowed = of(AccountSecret::Proof(Proof::None))
        .with_policy(|policy| policy.allow_blank_passwords = true);
    forge(&allowed, |forger| forger.password.clear()).unwrap();
    // A client with an empty password proves just that.
    let mut setup = Setup::new(&allowed);
    setup.identity = Some(identity("DOM", "alice", ""));
    setup.run().unwrap();
}

#[test]
fn n18_a_name_is_the_same_account_or_none() {
    let env = FixedEnv::new().with_accounts(FixedAccounts::new(&[
        ("DOM", "alice", "secret"),
        ("DOM", "straße", "secret"),
        ("DOM", "zoë", "secret"),
        ("DOM", "dotless\u{131}", "secret"),
    ]));
    let log_on = |domain: &str, user: &str| {
        forge(&env, |forger| {
            forger.domain = domain.into();
            forger.user = user.into();
            let upper = upcase(user);
            forger.key_names = Some((upper, domain.to_owned()));
        })
        .map(|context| context.client_name)
    };
    for (domain, user) in [("dom", "ALICE"), ("", "Alice"), ("", "alice@dom"), ("DOM", "alice")] {
        assert_eq!(log_on(domain, user).unwrap(), "DOM\\alice", "{domain} {user}");
    }
    assert_eq!(log_on("DOM", "STRAßE").unwrap(), "DOM\\straße");
    assert_eq!(log_on("DOM", "ZOË").unwrap(), "DOM\\zoë");
    let strangers = [
        "alice ",
        " alice",
        "alice.",
        "alice$",
        "alice\0",
        "alice\0x",
        "DOM\\alice",
        "dom/alice",
        "STRASSE",
        // No letter becomes an ASCII one: the dotless i is not an i.
        "dotlessi",
        "al\u{130}ce",
        "\u{1F600}",
    ];
    for user in strangers {
        refused(log_on("DOM", user), PeerFault::LogonDenied);
    }
    refused(log_on("OTHER", "alice"), PeerFault::LogonDenied);
}

/// Peers differ in how they write names into their key: curl upper-cases ASCII only, gss-ntlmssp
/// upper-cases fully, some leave the domain out or upper-case it.
#[test]
fn n18_the_spellings_of_known_peers_are_accepted() {
    let env = FixedEnv::new().with_accounts(FixedAccounts::new(&[("Dom", "straßeé", "secret")]));
    let spellings = [
        ("STRAßEÉ", "Dom"),
        ("STRAßEé", "Dom"),
        ("STRASSEÉ", "Dom"),
        ("STRAßEÉ", "DOM"),
        ("STRAßEÉ", ""),
    ];
    for (user, domain) in spellings {
        forge(&env, |forger| {
            forger.user = "straßeé".into();
            forger.domain = "Dom".into();
            forger.key_names = Some((user.into(), domain.into()));
        })
        .unwrap();
    }
    let result = forge(&env, |forger| {
        forger.user = "straßeé".into();
        forger.key_names = Some(("straßeé".into(), "Dom".into()));
    });
    refused(result, PeerFault::LogonDenied);
}
