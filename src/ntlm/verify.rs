//! The server's judgement of an AUTHENTICATE message ([MS-NLMP] 3.2.5.1.2), in one order: parse,
//! agree on flags, the response's form, the server's own description echoed, channel bindings,
//! service name, age, account, response, keys, integrity code.
//!
//! A context is only made from [`ResponseVerified`] and [`MicVerified`], which nothing else can
//! make.

mod account;
mod domain;
pub mod logon;
mod response;
#[cfg(test)]
mod tests;

use subtle::ConstantTimeEq;

use self::account::Logon;
pub use self::account::no_source;
pub use self::domain::machine;
use self::response::{Offered, ResponseVerified};
use super::bindings::{BindingsHash, BindingsRule};
use super::credential::NtlmCredential;
use super::keys::Key;
use super::negotiation;
use super::reflection;
use super::seal::Protection;
use crate::crypto::hmac_md5::hmac_md5;
use crate::crypto::rc4::rc4k;
use crate::spi::environment::{Demand, Environment, Policy};
use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::package::{Opening, PackageId};
use crate::spi::packed::{PackedContext, Role};
use crate::spi::secret::{Secret, SecretBytes};
use crate::spi::text::{from_utf16le, same_name};
use crate::spi::time::FileTime;
use crate::wire::ntlm::{Authenticate, AvFlags, AvId, AvPairs, NegotiateFlags, Ntlmv2Response};

/// What a server keeps of a challenge, to measure the answer by.
pub struct Issued {
    /// The client's first message as it came; empty in datagram mode.
    pub negotiate: Vec<u8>,
    /// Our message as it went out.
    pub challenge: Vec<u8>,
    /// Its flags.
    pub flags: NegotiateFlags,
    /// Its random bytes.
    pub server_challenge: [u8; 8],
    /// Its description of us.
    pub target_info: Vec<u8>,
    /// When it was made.
    pub at: FileTime,
}

/// What became of a message that holds.
pub struct Judged {
    /// The context.
    pub context: PackedContext,
    /// The message carried an integrity code.
    pub has_mic: bool,
}

/// Judges the client's last message; the context exists only if everything holds.
pub fn verify(
    credential: &NtlmCredential,
    opening: &Opening,
    bindings: Option<BindingsHash>,
    issued: &Issued,
    token: &[u8],
    env: &dyn Environment,
) -> Result<Judged> {
    let policy = env.policy();
    let message = Authenticate::decode(token)?;
    let (flags, charset) = negotiation::server_agree(issued.flags, message.flags, policy)?;
    let offered = Offered::read(&message, flags)?;
    let pairs = offered.pairs();
    if promises_mic(pairs) && message.mic.is_none() {
        let story = "the response promises an integrity code and the message has no room for it";
        return Err(Error::new(PeerFault::MicMismatch, story));
    }
    if let Offered::V2(response) = &offered {
        check_description(response.pairs, issued)?;
    }
    let demand = policy.channel_bindings;
    let rule = BindingsRule { ours: bindings, flags: opening.flags, demand };
    rule.check(bindings_of(pairs))?;
    check_service(pairs, policy)?;
    let now = env.now();
    check_age(&offered, issued, now, policy)?;
    check_reflection(issued, policy)?;
    let logon = Logon::read(&message, charset)?;
    let verified = logon.prove(credential, opening, &offered, flags, issued, env)?;
    let flags = verified.flags(flags);
    let exported = exported_key(&verified, &message, flags)?;
    let mic = MicVerified::check(pairs, &message, issued, token, &exported)?;
    let context = established(verified, mic, flags, exported, pairs, issued, now);
    Ok(Judged { context, has_mic: promises_mic(pairs) })
}

/// Proof that no integrity code was promised, or that the promised one is genuine.
struct MicVerified(());

impl MicVerified {
    /// Over the bytes as they came, not as we would write them. Datagrams have no NEGOTIATE.
    fn check(
        pairs: Option<AvPairs<'_>>,
        message: &Authenticate<'_>,
        issued: &Issued,
        token: &[u8],
        exported: &Key,
    ) -> Result<Self> {
        if !promises_mic(pairs) {
            return Ok(Self(()));
        }
        let mic = message.mic.ok_or(PeerFault::MicMismatch)?;
        let [before, zeros, behind] = mic.around(token)?;
        let parts = [&issued.negotiate, &issued.challenge, before, zeros, behind];
        if bool::from(hmac_md5(exported.expose(), &parts).ct_eq(&mic.value)) {
            return Ok(Self(()));
        }
        let story = "the integrity code of the handshake does not verify";
        Err(Error::new(PeerFault::MicMismatch, story))
    }
}

fn established(
    verified: ResponseVerified,
    _mic: MicVerified,
    flags: NegotiateFlags,
    exported: Key,
    pairs: Option<AvPairs<'_>>,
    issued: &Issued,
    now: FileTime,
) -> PackedContext {
    let (client_name, client, authority) = verified.into_names();
    let session_key = SecretBytes::new(exported.expose().to_vec());
    let protection = Protection { flags, exported_session_key: exported };
    PackedContext {
        package: PackageId::Ntlm,
        negotiated: false,
        role: Role::Acceptor,
        flags: negotiation::context_flags(flags),
        client_name,
        client: Some(Box::new(client)),
        server_name: None,
        authority,
        client_target: target_of(pairs),
        target_information: issued.target_info.clone(),
        start: now,
        expiry: FileTime::NEVER,
        password_expiry: FileTime::NEVER,
        logon: None,
        session_key,
        protection: protection.encode(),
        sender: None,
        receiver: None,
    }
}

/// `ExportedSessionKey` (3.2.5.1.2). Without key exchange the field means nothing.
fn exported_key(
    verified: &ResponseVerified,
    message: &Authenticate<'_>,
    flags: NegotiateFlags,
) -> Result<Key> {
    let key = verified.key_exchange_key();
    if !flags.contains(NegotiateFlags::KEY_EXCH) {
        return Ok(key.duplicate());
    }
    let encrypted = message.session_key.try_into().map_err(|_| {
        Error::new(PeerFault::MalformedToken, "the encrypted session key has a wrong length")
    })?;
    Ok(Secret::new(rc4k(key.expose(), encrypted)))
}

fn promises_mic(pairs: Option<AvPairs<'_>>) -> bool {
    pairs.is_some_and(|pairs| pairs.flags().contains(AvFlags::MIC_PRESENT))
}

fn bindings_of(pairs: Option<AvPairs<'_>>) -> Option<BindingsHash> {
    let value = pairs?.find(AvId::CHANNEL_BINDINGS)?;
    value.try_into().ok().map(BindingsHash)
}

fn target_of(pairs: Option<AvPairs<'_>>) -> Option<String> {
    from_utf16le(pairs?.find(AvId::TARGET_NAME)?)
}

/// The client must have answered our challenge and no other server's: what it sends back of the
/// server's description must be ours, all of it and nothing else.
fn check_description(theirs: AvPairs<'_>, issued: &Issued) -> Result<()> {
    let ours = AvPairs::decode(&issued.target_info)?;
    let all_there = ours.iter().all(|pair| theirs.find(pair.id) == Some(pair.value));
    let mut described = theirs.iter().filter(|pair| pair.id.describes_server());
    if all_there && described.all(|pair| ours.find(pair.id) == Some(pair.value)) {
        return Ok(());
    }
    let story = "the client answered the challenge of another server";
    Err(Error::new(PeerFault::LogonDenied, story))
}

/// `SmbServerNameHardeningLevel`. A name from an untrusted source is no name.
fn check_service(pairs: Option<AvPairs<'_>>, policy: &Policy) -> Result<()> {
    let required = match policy.service_name {
        Demand::Off | Demand::Caller => return Ok(()),
        Demand::WhenSent => false,
        Demand::Always => true,
    };
    let trusted = pairs.filter(|pairs| !pairs.flags().contains(AvFlags::UNVERIFIED_TARGET_NAME));
    let sent = trusted.and_then(|pairs| pairs.find(AvId::TARGET_NAME)).unwrap_or_default();
    let name = from_utf16le(sent).ok_or_else(|| {
        Error::new(PeerFault::MalformedToken, "the client's target name is not UTF-16")
    })?;
    match name.as_str() {
        "" if required => Err(wrong_target("the client named no service")),
        "" => Ok(()),
        name if policy.service_names.iter().any(|ours| same_name(ours, name)) => Ok(()),
        name => {
            let shown: String = name.chars().take(256).collect();
            Err(wrong_target(&format!("the client asked for {shown:?}, which is not ours")))
        }
    }
}

fn wrong_target(story: &str) -> Error {
    Error::new(PeerFault::WrongTarget, story)
}

/// `MaxLifetime` (3.1.1.1): of the challenge, and of the time in the response. The timestamp of
/// our own description was compared already.
fn check_age(offered: &Offered<'_>, issued: &Issued, now: FileTime, policy: &Policy) -> Result<()> {
    let too_far = |time: FileTime| time.distance(now) > policy.max_lifetime;
    if too_far(issued.at) {
        let story = "the challenge is older than MaxLifetime allows";
        return Err(Error::new(PeerFault::Stale, story));
    }
    match offered {
        Offered::V2(Ntlmv2Response { time, .. }) if too_far(FileTime(*time)) => {
            let story = "the client's time is further off than MaxLifetime allows";
            Err(Error::new(PeerFault::Stale, story))
        }
        _ => Ok(()),
    }
}

fn check_reflection(issued: &Issued, policy: &Policy) -> Result<()> {
    if policy.refuse_reflection && reflection::is_ours(issued.server_challenge) {
        let story = "the challenge was answered by a client of this very process";
        return Err(Error::new(PeerFault::LogonDenied, story));
    }
    Ok(())
}
