//! The server ([MS-NLMP] 3.2): up to the client's last message, which `verify` judges.

use std::sync::Arc;

use super::bindings::BindingsHash;
use super::credential::NtlmCredential;
use super::negotiation;
use super::verify::{self, Issued};
use crate::spi::environment::{Environment, MachineNames};
use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::flags::ContextFlags;
use crate::spi::package::{
    Handshake, LastClientToken, Negotiation, Opening, PackageId, Progress, Refusal, Step, StepInput,
};
use crate::spi::text::utf16le;
use crate::spi::time::FileTime;
use crate::wire::ntlm::{AvId, Challenge, Negotiate, NegotiateFlags, Version, write_av_pair};

/// Nothing came yet.
pub struct Start {
    credential: Arc<NtlmCredential>,
    opening: Opening,
}

/// The CHALLENGE message is out.
struct ExpectAuthenticate {
    credential: Arc<NtlmCredential>,
    opening: Opening,
    bindings: Option<BindingsHash>,
    issued: Issued,
}

impl Start {
    /// A handshake with these requirements.
    pub const fn new(credential: Arc<NtlmCredential>, opening: Opening) -> Self {
        Self { credential, opening }
    }
}

impl Handshake for Start {
    fn step(self: Box<Self>, input: StepInput<'_>, env: &dyn Environment) -> Result<Step, Refusal> {
        let Self { credential, opening } = *self;
        let machine = verify::machine(env);
        let (negotiate, (flags, charset)) = match input.token {
            Some(token) => {
                let offered = Negotiate::decode(token)?.flags;
                let answer = negotiation::server_answer(offered, env.policy(), machine.in_domain)?;
                (token.to_vec(), answer)
            }
            None if opening.flags.contains(ContextFlags::DATAGRAM) => {
                (Vec::new(), negotiation::server_datagram_offer(machine.in_domain))
            }
            None => {
                let story = "the NTLM NEGOTIATE message is missing";
                return Err(Error::new(PeerFault::MalformedToken, story).into());
            }
        };
        let target_name = charset.encode(target_name(flags, machine));
        let issued = issue(negotiate, flags, &target_name, machine, env)?;
        let token = issued.challenge.clone();
        let progress = Progress {
            package: PackageId::Ntlm,
            flags: negotiation::context_flags(flags),
            last_client_token: LastClientToken::No,
            negotiation: Negotiation::Complete,
        };
        let bindings = input.bindings.map(BindingsHash::of);
        let next = Box::new(ExpectAuthenticate { credential, opening, bindings, issued });
        Ok(Step::Continue { next, token, progress })
    }
}

impl Handshake for ExpectAuthenticate {
    fn step(self: Box<Self>, input: StepInput<'_>, env: &dyn Environment) -> Result<Step, Refusal> {
        let token = input.token.ok_or_else(|| {
            Error::new(PeerFault::MalformedToken, "the NTLM AUTHENTICATE message is missing")
        })?;
        let bindings = input.bindings.map(BindingsHash::of).or(self.bindings);
        let judged =
            verify::verify(&self.credential, &self.opening, bindings, &self.issued, token, env)?;
        let (context, mech_list_mic_due) = (Box::new(judged.context), judged.has_mic);
        Ok(Step::Done { context, token: Vec::new(), delegated: None, mech_list_mic_due })
    }
}

/// Makes a CHALLENGE message (3.2.5.1.1) and keeps what its answer is measured by.
fn issue(
    negotiate: Vec<u8>,
    flags: NegotiateFlags,
    target_name: &[u8],
    machine: &MachineNames,
    env: &dyn Environment,
) -> Result<Issued> {
    let now = env.now();
    let target_info = target_info(machine, now)?;
    let mut server_challenge = [0; 8];
    env.random(&mut server_challenge)?;
    let message = Challenge {
        flags,
        server_challenge,
        target_name,
        target_info: Some(&target_info),
        version: Some(Version::OURS),
    };
    let challenge = message.encode()?;
    Ok(Issued { negotiate, challenge, flags, server_challenge, target_info, at: now })
}

fn target_name(flags: NegotiateFlags, machine: &MachineNames) -> &str {
    if flags.contains(NegotiateFlags::TARGET_TYPE_DOMAIN) {
        &machine.netbios_domain
    } else if flags.contains(NegotiateFlags::TARGET_TYPE_SERVER) {
        &machine.netbios_computer
    } else {
        ""
    }
}

/// Who we are, in the order of Windows' servers. Never `MsvAvFlags`: with that pair Windows'
/// clients make a code that does not verify.
fn target_info(machine: &MachineNames, now: FileTime) -> Result<Vec<u8>> {
    let mut list = Vec::with_capacity(256);
    write_av_pair(&mut list, AvId::NB_DOMAIN_NAME, &utf16le(&machine.netbios_domain))?;
    write_av_pair(&mut list, AvId::NB_COMPUTER_NAME, &utf16le(&machine.netbios_computer))?;
    let dns = [
        (AvId::DNS_DOMAIN_NAME, &machine.dns_domain),
        (AvId::DNS_COMPUTER_NAME, &machine.dns_computer),
    ];
    for (id, name) in dns {
        if !name.is_empty() {
            write_av_pair(&mut list, id, &utf16le(name))?;
        }
    }
    if machine.in_domain && !machine.dns_domain.is_empty() {
        // The domain is the root of its tree as far as we know.
        write_av_pair(&mut list, AvId::DNS_TREE_NAME, &utf16le(&machine.dns_domain))?;
    }
    write_av_pair(&mut list, AvId::TIMESTAMP, &now.0.to_le_bytes())?;
    write_av_pair(&mut list, AvId::EOL, &[])?;
    Ok(list)
}
