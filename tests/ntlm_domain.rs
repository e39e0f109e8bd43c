//! NTLM of accounts that only a domain knows: the domain compares the answers by formulas that are
//! written here a second time, and everything else is the server's own judgement.

mod support;

use std::sync::Mutex;

use des::cipher::{BlockCipherEncrypt, KeyInit};
use secur32::spi::environment::{
    AccountSource, DomainAuthority, DomainLogon, Environment, MachineNames, NtlmMinSec, Policy,
    RestrictReceiving,
};
use secur32::spi::error::{LocalFault, PeerFault, Result};
use secur32::spi::flags::ContextFlags;
use secur32::spi::logon::NetworkLogon;
use secur32::spi::packed::PackedContext;
use secur32::spi::secret::Secret;
use secur32::spi::time::FileTime;
use secur32::spi::token::{Authorization, ClientIdentity};

use support::env::{FixedAccounts, FixedEnv};
use support::handshake::{Setup, identity, refused};
use support::reference::{hmac_md5, nt_hash, pairs, u32_at, utf16};

const USER: &str = "carol";
const PASSWORD: &str = "Secret-7";

/// A machine that is joined to a domain, in which `carol` has an account.
struct Joined {
    env: FixedEnv,
    domain: Domain,
}

#[derive(Debug)]
struct Domain {
    machine: MachineNames,
    asked: Mutex<Vec<NetworkLogon>>,
    /// What it does to the key that it gives.
    spoils: u8,
    silent: bool,
}

impl Joined {
    fn new() -> Self {
        let machine = MachineNames {
            netbios_computer: "MEMBER".into(),
            netbios_domain: "CORP".into(),
            dns_computer: "member.corp.example".into(),
            dns_domain: "corp.example".into(),
            in_domain: true,
        };
        let domain = Domain { machine, asked: Mutex::default(), spoils: 0, silent: false };
        Self { env: FixedEnv::new().without_accounts(), domain }
    }

    fn with_policy(mut self, change: impl FnOnce(&mut Policy)) -> Self {
        change(&mut self.env.policy);
        self
    }

    fn setup(&self) -> Setup<'_> {
        let mut setup = Setup::new(self);
        setup.identity = Some(identity("CORP", USER, PASSWORD));
        setup
    }

    fn asked(&self) -> usize {
        self.domain.asked.lock().unwrap().len()
    }
}

impl Environment for Joined {
    fn now(&self) -> FileTime {
        self.env.now()
    }

    fn random(&self, out: &mut [u8]) -> Result<()> {
        self.env.random(out)
    }

    fn machine(&self) -> &MachineNames {
        self.env.machine()
    }

    fn policy(&self) -> &Policy {
        self.env.policy()
    }

    fn accounts(&self) -> Option<&dyn AccountSource> {
        self.env.accounts()
    }

    fn domain(&self) -> Option<&dyn DomainAuthority> {
        Some(&self.domain)
    }
}

impl DomainAuthority for Domain {
    fn verify(&self, logon: &NetworkLogon) -> Result<DomainLogon> {
        self.asked.lock().unwrap().push(NetworkLogon {
            domain: logon.domain.clone(),
            user: logon.user.clone(),
            workstation: logon.workstation.clone(),
            nt_response: logon.nt_response.clone(),
            lm_response: logon.lm_response.clone(),
            ..*logon
        });
        let (key, lm_key) = judge(logon).ok_or(PeerFault::LogonDenied)?;
        if self.silent {
            return Err(LocalFault::NoAuthority.into());
        }
        let client = ClientIdentity {
            account: "Carol".into(),
            domain: "CORP".into(),
            authorization: Some(Authorization {
                user: "S-1-5-21-1-2-3-1104".parse().ok(),
                ..Authorization::default()
            }),
            ..ClientIdentity::default()
        };
        let session_key = Secret::new(key.map(|byte| byte ^ self.spoils));
        Ok(DomainLogon { client, session_key, lm_session_key: Some(Secret::new(lm_key)) })
    }

    fn machine(&self) -> Option<&MachineNames> {
        Some(&self.machine)
    }
}

/// `UserSessionKey` and `LMSessionKey` of a right answer.
fn judge(logon: &NetworkLogon) -> Option<([u8; 16], [u8; 8])> {
    if !logon.user.eq_ignore_ascii_case(USER) {
        return None;
    }
    let (nt, lm) = (nt_hash(PASSWORD), lm_hash(PASSWORD));
    let lm_key = *lm.first_chunk().unwrap();
    let base = <[u8; 16]>::from(<md4::Md4 as md4::Digest>::digest(nt));
    if logon.nt_response.len() > 24 {
        let (proof, blob) = logon.nt_response.split_at(16);
        return [logon.domain.as_str(), ""].into_iter().find_map(|domain| {
            let names = [utf16(&logon.user.to_uppercase()), utf16(domain)].concat();
            let key = hmac_md5(&nt, &[&names]);
            let right = hmac_md5(&key, &[&logon.challenge, blob]) == *proof;
            right.then(|| (hmac_md5(&key, &[proof]), lm_key))
        });
    }
    let right = match logon.nt_response.len() {
        24 => logon.nt_response == desl(&nt, logon.challenge),
        _ => logon.lm_response == desl(&lm, logon.challenge),
    };
    right.then_some((base, lm_key))
}

fn des(key: &[u8], block: [u8; 8]) -> [u8; 8] {
    let bits = key.iter().fold(0_u64, |sum, &byte| sum << 8 | u64::from(byte));
    let spread: Vec<u8> = (0..8).rev().map(|i| ((bits >> (7 * i)) as u8 & 0x7F) << 1).collect();
    let mut block = block.into();
    des::Des::new_from_slice(&spread).unwrap().encrypt_block(&mut block);
    block.into()
}

/// `DESL` ([MS-NLMP] 6)
fn desl(hash: &[u8; 16], block: [u8; 8]) -> Vec<u8> {
    let mut key = hash.to_vec();
    key.resize(21, 0);
    key.chunks(7).flat_map(|part| des(part, block)).collect()
}

fn lm_hash(password: &str) -> [u8; 16] {
    let mut key = password.to_ascii_uppercase().into_bytes();
    key.resize(14, 0);
    let halves: Vec<u8> = key.chunks(7).flat_map(|part| des(part, *b"KGS!@#$%")).collect();
    halves.try_into().unwrap()
}

fn is_carol(context: &PackedContext) {
    let client = context.client.as_ref().unwrap();
    assert_eq!(context.client_name, "CORP\\Carol");
    assert_eq!(context.authority.as_deref(), Some("CORP"));
    let user = client.authorization.as_ref().and_then(|told| told.user.as_ref());
    assert_eq!(user.unwrap().to_string(), "S-1-5-21-1-2-3-1104");
}

#[test]
fn the_domain_compares_and_its_key_protects() {
    let world = Joined::new();
    for domain in ["CORP", "corp", ""] {
        let mut setup = world.setup();
        setup.identity = Some(identity(domain, USER, PASSWORD));
        let (client, server) = setup.run().unwrap_or_else(|error| panic!("{domain}: {error}"));
        assert_eq!(client.session_key, server.session_key);
        is_carol(&server);
    }
    let asked = world.domain.asked.lock().unwrap();
    // MSV1_0_ALLOW_SERVER_TRUST_ACCOUNT, MSV1_0_ALLOW_WORKSTATION_TRUST_ACCOUNT
    assert_eq!((asked[0].workstation.as_str(), asked[0].control), ("SERVER", 0x820));
}

/// What [MS-NLMP] 3.2.5.1.2 derives from an old answer, out of what a domain gives for it.
#[test]
fn old_answers_have_their_keys_of_the_domain() {
    const ESS: u32 = 0x0008_0000;
    const LM_KEY: u32 = 0x80;
    for level in 0..3 {
        for removed in [0, ESS, LM_KEY, ESS | LM_KEY] {
            let world = Joined::new().with_policy(|policy| {
                policy.lm_compatibility_level = level;
                let lax = NtlmMinSec { ntlm2_session: false, bits_128: false };
                (policy.ntlm_min_client_sec, policy.ntlm_min_server_sec) = (lax, lax);
            });
            let told = format!("level {level} without {removed:x}");
            let thinned = |message: &mut Vec<u8>| {
                if message[8] == 1 {
                    let flags = u32_at(message, 12) & !removed;
                    message[12..16].copy_from_slice(&flags.to_le_bytes());
                }
            };
            let (client, server) =
                world.setup().run_through(thinned).unwrap_or_else(|e| panic!("{told}: {e}"));
            assert_eq!(client.session_key, server.session_key, "{told}");
            is_carol(&server);
            let asked = &world.domain.asked.lock().unwrap()[0];
            let extended = level > 0 || removed & ESS == 0;
            if asked.lm_response.is_empty() {
                assert!(extended, "{told}");
            }
            // Of an answer under extended session security the domain sees the hash of both
            // challenges, whose second half nobody can foresee.
            assert_eq!(asked.nt_response, desl(&nt_hash(PASSWORD), asked.challenge), "{told}");
        }
    }
    // LM alone.
    let world = Joined::new().with_policy(|policy| {
        policy.lm_compatibility_level = 0;
        let lax = NtlmMinSec { ntlm2_session: false, bits_128: false };
        (policy.ntlm_min_client_sec, policy.ntlm_min_server_sec) = (lax, lax);
    });
    let mut setup = world.setup();
    setup.asked = ContextFlags::empty();
    let without_nt = |message: &mut Vec<u8>| match message[8] {
        1 => {
            let flags = u32_at(message, 12) & !ESS;
            message[12..16].copy_from_slice(&flags.to_le_bytes());
        }
        3 => message[20..24].fill(0),
        _ => {}
    };
    let (client, server) = setup.run_through(without_nt).unwrap();
    assert_eq!(client.session_key, server.session_key);
    is_carol(&server);
}

#[test]
fn who_is_asked_and_in_which_order() {
    // The file knows her, with another password.
    let mut world = Joined::new();
    world.env = world.env.with_accounts(FixedAccounts::new(&[("CORP", USER, "another")]));
    refused(world.setup().run(), PeerFault::LogonDenied);
    assert_eq!(world.asked(), 0, "the domain was asked about an account of the file");
    // It does not know her.
    let mut world = Joined::new();
    world.env = world.env.with_accounts(FixedAccounts::new(&[("CORP", "alice", "another")]));
    is_carol(&world.setup().run().unwrap().1);
    // It cannot be read: nobody says that she is not in it.
    let mut world = Joined::new();
    let failing = secur32::spi::environment::NoAccount::Unavailable("it burnt".into());
    world.env = world.env.with_accounts(FixedAccounts::failing(failing));
    refused(world.setup().run(), LocalFault::NoAccounts);
    assert_eq!(world.asked(), 0);
    // The credential's own account stands before all.
    let world = Joined::new();
    let mut setup = world.setup();
    setup.own_account = Some(identity("CORP", USER, PASSWORD));
    assert_eq!(setup.run().unwrap().1.client_name, "CORP\\carol");
    assert_eq!(world.asked(), 0);
    let mut setup = world.setup();
    setup.own_account = Some(identity("CORP", "alice", "x"));
    is_carol(&setup.run().unwrap().1);
}

/// N9: a domain controller gives keys for answers to its member's challenges only, so that the
/// challenge must say what the domain calls the member.
#[test]
fn n9_the_challenge_calls_the_machine_as_the_domain_does() {
    let world = Joined::new();
    let mut setup = world.setup();
    let client = setup.client().unwrap();
    let server = setup.server(&client.negotiate).unwrap();
    let told = pairs(support::reference::field(&server.challenge, 40));
    for (id, name) in [(1, "MEMBER"), (2, "CORP"), (4, "corp.example")] {
        assert!(told.contains(&(id, utf16(name))), "{id}");
    }
    assert_eq!(support::reference::field(&server.challenge, 12), utf16("CORP"));
}

#[test]
fn n3_n16_wrong_answers_and_wrong_keys_are_refused() {
    let world = Joined::new();
    for (user, password) in [(USER, "Secret-8"), ("nobody", PASSWORD), (USER, "")] {
        let mut setup = world.setup();
        setup.identity = Some(identity("CORP", user, password));
        refused(setup.run(), PeerFault::LogonDenied);
    }
    // Empty passwords are refused without it.
    assert_eq!(world.asked(), 2);
    // The client's integrity code was made with the key that the domain should have given.
    let mut world = Joined::new();
    world.domain.spoils = 1;
    refused(world.setup().run(), PeerFault::MicMismatch);
    let mut world = Joined::new();
    world.domain.silent = true;
    refused(world.setup().run(), LocalFault::NoAuthority);
    // What is bound to another channel is refused before the domain is asked.
    let world = Joined::new();
    let mut setup = world.setup();
    let bindings = secur32::spi::bindings::ChannelBindings::default();
    setup.server_bindings = Some(bindings);
    setup.required = ContextFlags::empty();
    refused(setup.run(), PeerFault::BadBindings);
    assert_eq!(world.asked(), 0);
}

#[test]
fn policy_stands_before_the_domain() {
    let denied = [RestrictReceiving::DenyDomainAccounts, RestrictReceiving::DenyAll];
    for restrict_receiving in denied {
        let world = Joined::new().with_policy(|policy| {
            policy.restrict_receiving = restrict_receiving;
        });
        for domain in ["CORP", "", "MEMBER"] {
            let mut setup = world.setup();
            setup.identity = Some(identity(domain, USER, PASSWORD));
            refused(setup.run(), PeerFault::LogonDenied);
        }
        assert_eq!(world.asked(), 0, "{restrict_receiving:?}");
    }
}

/// The reference of this file agrees with the specification ([MS-NLMP] 4.2.2).
#[test]
fn ms_nlmp_4_2_2_of_the_reference() {
    let challenge = 0x0123_4567_89AB_CDEF_u64.to_be_bytes();
    let expected = "67c43011f30298a2ad35ece64f16331c44bdbed927841f94";
    let said = desl(&nt_hash("Password"), challenge);
    assert_eq!(support::reference::hex(&said), expected);
    assert_eq!(support::reference::hex(&lm_hash("Password")), "e52cac67419a9a224a3b108f3fa6cb6d");
}
