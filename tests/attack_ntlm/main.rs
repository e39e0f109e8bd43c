//! What attackers do to NTLM handshakes, by the ids of the attack catalogue: series N and C.
//! A test's name begins with the id it covers.

#[path = "../support/mod.rs"]
mod support;

mod channel;
mod downgrade;
mod forms;
mod identity;

use secur32::spi::bindings::ChannelBindings;
use secur32::spi::error::Error;
use secur32::spi::packed::PackedContext;

use support::env::FixedEnv;
use support::handshake::{Client, Server, Setup, finish};
use support::reference::{Forger, md5, u32_at};

const SIGN: u32 = 0x10;
const SEAL: u32 = 0x20;
const ESS: u32 = 0x0008_0000;
const TARGET_INFO: u32 = 0x0080_0000;
const BITS_128: u32 = 0x2000_0000;
const KEY_EXCH: u32 = 0x4000_0000;

/// Lets a forged client answer our server.
fn forge(env: &FixedEnv, change: impl FnOnce(&mut Forger)) -> Result<PackedContext, Error> {
    forge_with(&mut Setup::new(env), env, change)
}

fn forge_with(
    setup: &mut Setup<'_>,
    env: &FixedEnv,
    change: impl FnOnce(&mut Forger),
) -> Result<PackedContext, Error> {
    let Client { negotiate, .. } = setup.client()?;
    let Server { next, challenge } = setup.server(&negotiate)?;
    let mut forger = Forger::honest(&challenge);
    change(&mut forger);
    let token = forger.speak(&negotiate, &challenge);
    finish(next, &token, env).map(|(context, _)| context)
}

/// Lets our client answer a forged challenge.
fn challenged(
    setup: &mut Setup<'_>,
    env: &FixedEnv,
    change: impl FnOnce(&mut Vec<u8>),
) -> Result<Vec<u8>, Error> {
    let Client { next, negotiate } = setup.client()?;
    let mut challenge = setup.server(&negotiate)?.challenge;
    change(&mut challenge);
    finish(next, &challenge, env).map(|(_, token)| token)
}

fn set_flags(message: &mut [u8], at: usize, change: impl FnOnce(u32) -> u32) {
    let flags = change(u32_at(message, at));
    message[at..at + 4].copy_from_slice(&flags.to_le_bytes());
}

/// Puts other target information behind a challenge.
fn set_target_info(challenge: &mut Vec<u8>, info: &[u8]) {
    let offset = u32::try_from(challenge.len()).unwrap();
    let length = u16::try_from(info.len()).unwrap().to_le_bytes();
    challenge[40..42].copy_from_slice(&length);
    challenge[42..44].copy_from_slice(&length);
    challenge[44..48].copy_from_slice(&offset.to_le_bytes());
    challenge.extend_from_slice(info);
}

fn bindings(data: &[u8]) -> ChannelBindings {
    ChannelBindings { application_data: data.to_vec(), ..ChannelBindings::default() }
}

fn hash(data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap();
    md5(&[&[0; 16], &length.to_le_bytes(), data]).to_vec()
}
