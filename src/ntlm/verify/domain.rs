//! Accounts that only the domain knows: it compares the answers, and gives the keys ([MS-APDS]
//! 3.1.5.2). What binds the answers to this connection is looked at here as ever.

use super::Issued;
use super::account::{Logon, Names};
use super::response::{Offered, ResponseVerified, key_v1};
use crate::crypto::digest::md5;
use crate::ntlm::accounts::Hashes;
use crate::ntlm::credential::qualified;
use crate::ntlm::keys::{Key, V2Key};
use crate::ntlm::restrict;
use crate::spi::environment::{DomainAuthority, DomainLogon, Environment, MachineNames};
use crate::spi::error::{Error, LocalFault, PeerFault, Result};
use crate::spi::identity::Proof;
use crate::spi::logon::NetworkLogon;
use crate::spi::secret::Secret;
use crate::spi::text::{same_name, upcase, utf16le};
use crate::spi::time::FileTime;
use crate::wire::ntlm::{AvId, NegotiateFlags, write_av_pair};

/// `MSV1_0_ALLOW_SERVER_TRUST_ACCOUNT`, `MSV1_0_ALLOW_WORKSTATION_TRUST_ACCOUNT`: machines log on
/// to each other, too.
pub const ALLOW_MACHINES: u32 = 0x20 | 0x800;

/// What this machine is called towards clients: as the domain calls it, if it does.
pub fn machine(env: &dyn Environment) -> &MachineNames {
    env.domain().and_then(DomainAuthority::machine).unwrap_or_else(|| env.machine())
}

/// Lets the domain compare a response.
pub fn compare(
    domain: &dyn DomainAuthority,
    logon: &Logon,
    offered: &Offered<'_>,
    flags: NegotiateFlags,
    issued: &Issued,
    env: &dyn Environment,
) -> Result<ResponseVerified> {
    may_ask(logon, env)?;
    check_blank(logon, offered, flags, issued, env)?;
    let asked = question(logon, offered, flags, issued)?;
    let told = domain.verify(&asked)?;
    let key = key_of(offered, &told, flags, issued).ok_or_else(|| {
        Error::new(PeerFault::LogonDenied, "the domain gave no key of the kind that was agreed on")
    })?;
    verified(told, key, env)
}

/// Lets the domain compare a password: by the answer to a challenge that is made for this.
pub fn compare_password(
    domain: &dyn DomainAuthority,
    logon: &Logon,
    proof: &Proof,
    env: &dyn Environment,
) -> Result<ResponseVerified> {
    may_ask(logon, env)?;
    let hashes = Hashes::of_proof(proof, false);
    let hashes = hashes.as_ref().and_then(|hashes| Some((hashes.nt.as_ref()?, hashes.are_blank())));
    let Some((nt_hash, blank)) = hashes else {
        let story = "the domain compares nothing but passwords";
        return Err(Error::new(PeerFault::LogonDenied, story));
    };
    if blank && !env.policy().allow_blank_passwords {
        return Err(blank_password());
    }
    let mut challenges = [[0; 8]; 2];
    for challenge in &mut challenges {
        env.random(challenge)?;
    }
    let [server, client] = challenges;
    let blob = blob(env.now(), client, machine(env))?;
    let key = V2Key::new(nt_hash, &upcase(&logon.user), &logon.domain);
    let proof = key.nt_proof(server, &blob);
    let told = domain.verify(&NetworkLogon {
        domain: logon.domain.clone(),
        user: logon.user.clone(),
        workstation: machine(env).netbios_computer.clone(),
        challenge: server,
        nt_response: [&proof[..], &blob].concat(),
        lm_response: Vec::new(),
        control: ALLOW_MACHINES,
    })?;
    let key = told.session_key.duplicate();
    verified(told, key, env)
}

/// `RestrictReceivingNTLMTraffic`, before the domain counts a wrong password: whoever is not known
/// here is the domain's.
fn may_ask(logon: &Logon, env: &dyn Environment) -> Result<()> {
    let machine = machine(env);
    let own = logon.domain.is_empty() || same_name(&logon.domain, &machine.netbios_computer);
    let domain = if own { &machine.netbios_domain } else { &logon.domain };
    restrict::account(env.policy(), machine, domain)
        .map_err(|story| Error::new(PeerFault::LogonDenied, story))
}

/// The domain's own rule about empty passwords is not ours.
fn check_blank(
    logon: &Logon,
    offered: &Offered<'_>,
    flags: NegotiateFlags,
    issued: &Issued,
    env: &dyn Environment,
) -> Result<()> {
    if env.policy().allow_blank_passwords {
        return Ok(());
    }
    let upper = upcase(&logon.domain);
    let names = Names::new(&logon.user, [&logon.domain, &upper, ""]);
    match offered.matches(&Hashes::of_nothing(), &names, flags, issued) {
        Some(_) => Err(blank_password()),
        None => Ok(()),
    }
}

fn blank_password() -> Error {
    Error::new(PeerFault::LogonDenied, "the account's password is empty, which policy forbids")
}

fn question(
    logon: &Logon,
    offered: &Offered<'_>,
    flags: NegotiateFlags,
    issued: &Issued,
) -> Result<NetworkLogon> {
    let mut challenge = issued.server_challenge;
    let (nt_response, lm_response) = match offered {
        Offered::V2(response) => ([&response.proof[..], response.blob].concat(), Vec::new()),
        Offered::V1 { nt, lm } if flags.contains(NegotiateFlags::EXTENDED_SESSION_SECURITY) => {
            // 3.3.1: the answer is to this, and the LM field holds nothing else.
            let (client, _) = lm.split_first_chunk::<8>().ok_or(PeerFault::MalformedToken)?;
            let hash = md5(&[&challenge, client]);
            challenge = *hash.first_chunk().ok_or(LocalFault::Internal)?;
            (nt.to_vec(), Vec::new())
        }
        Offered::V1 { nt, lm } if *lm == [0; 24] => (nt.to_vec(), Vec::new()),
        Offered::V1 { nt, lm } => (nt.to_vec(), lm.to_vec()),
        Offered::Lm(lm) => (Vec::new(), lm.to_vec()),
        Offered::Nothing => return Err(PeerFault::AnonymousRefused.into()),
    };
    Ok(NetworkLogon {
        domain: logon.domain.clone(),
        user: logon.user.clone(),
        workstation: logon.workstation.clone(),
        challenge,
        nt_response,
        lm_response,
        control: logon.control,
    })
}

/// `KeyExchangeKey` of what the domain gave.
fn key_of(
    offered: &Offered<'_>,
    told: &DomainLogon,
    flags: NegotiateFlags,
    issued: &Issued,
) -> Option<Key> {
    let zeros = [0; 24];
    let lm_response = match offered {
        Offered::V2(_) | Offered::Nothing => return Some(told.session_key.duplicate()),
        Offered::V1 { lm, .. } => lm,
        Offered::Lm(lm) if **lm == zeros => return None,
        Offered::Lm(lm) => *lm,
    };
    // Of the LM hash KXKEY looks at the first half, which is what the domain gives.
    let lm_hash = told.lm_session_key.as_ref().map(|half| {
        let mut hash = Secret::new([0; 16]);
        hash.expose_mut()[..8].copy_from_slice(half.expose());
        hash
    });
    let base = Some(&told.session_key);
    key_v1(base, lm_response, lm_hash.as_ref(), flags, issued.server_challenge)
}

fn verified(told: DomainLogon, key: Key, env: &dyn Environment) -> Result<ResponseVerified> {
    let client = told.client;
    restrict::account(env.policy(), machine(env), &client.domain)
        .map_err(|story| Error::new(PeerFault::LogonDenied, story))?;
    Ok(ResponseVerified {
        key_exchange_key: key,
        client_name: qualified(&client.domain, &client.account),
        authority: Some(client.domain.clone()),
        client,
        lm_session_key: told.lm_session_key,
        anonymous: false,
    })
}

/// `NTLMv2_CLIENT_CHALLENGE` (2.2.2.7) of an answer to ourselves.
fn blob(now: FileTime, client_challenge: [u8; 8], machine: &MachineNames) -> Result<Vec<u8>> {
    let mut blob = vec![1, 1, 0, 0, 0, 0, 0, 0];
    blob.extend(now.0.to_le_bytes());
    blob.extend(client_challenge);
    blob.extend([0; 4]);
    write_av_pair(&mut blob, AvId::NB_DOMAIN_NAME, &utf16le(&machine.netbios_domain))?;
    write_av_pair(&mut blob, AvId::NB_COMPUTER_NAME, &utf16le(&machine.netbios_computer))?;
    write_av_pair(&mut blob, AvId::TIMESTAMP, &now.0.to_le_bytes())?;
    write_av_pair(&mut blob, AvId::EOL, &[])?;
    blob.extend([0; 4]);
    Ok(blob)
}
