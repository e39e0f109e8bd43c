//! The bind: SASL's GSSAPI mechanism (RFC 4752) with a package that is handed in. Kerberos and
//! nothing else: a server that does not prove itself could answer whatever it likes.
//!
//! The service is `ldap/host/domain`. Only domain controllers have names of this form, so that the
//! host may come from an answer that nobody vouches for.

use super::client::Client;
use super::layer::{self, Layer, MAX_BUFFER};
use crate::spi::environment::Environment;
use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::flags::ContextFlags;
use crate::spi::message::Qop;
use crate::spi::package::{Credential, Opening, SecurityPackage, Step, StepInput};
use crate::spi::packed::PackedContext;
use crate::wire::ldap::{Filter, Outcome, Scope, Search, result_code};

const MECHANISM: &str = "GSSAPI";
/// RFC 4752 3.3: the third of the layers, confidentiality.
const CONFIDENTIALITY: u8 = 4;
/// Legs of a handshake; Kerberos has two.
const MAX_LEGS: usize = 8;
/// Seconds that a server may think about an unauthenticated question.
const TIME_LIMIT: i32 = 5;

/// Who binds, and where.
pub struct Who<'a> {
    /// The package.
    pub package: &'a dyn SecurityPackage,
    /// A credential of it.
    pub credential: &'a dyn Credential,
    /// The realm of the server.
    pub realm: &'a str,
}

/// Binds, and encrypts everything that comes after.
pub fn bind(client: &mut Client, who: &Who<'_>, env: &dyn Environment) -> Result<()> {
    let host = match server_name(client)? {
        Some(name) => name,
        None => client.host().to_owned(),
    };
    let target = format!("ldap/{host}/{}@{}", who.realm.to_lowercase(), who.realm);
    let (context, outcome, credentials) = handshake(client, who, target, env)?;
    let needed =
        ContextFlags::MUTUAL_AUTH | ContextFlags::CONFIDENTIALITY | ContextFlags::INTEGRITY;
    if !context.flags.contains(needed) {
        let story = format!("{host} did not agree to prove itself and to encrypt");
        return Err(Error::new(PeerFault::CapabilityMissing, story));
    }
    agree_on_layer(client, who, &context, &outcome, credentials)
}

/// The name of a server of which only the address is known, as the server says.
fn server_name(client: &mut Client) -> Result<Option<String>> {
    let host = client.host();
    if host.contains('.') && !is_address(host) {
        return Ok(None);
    }
    let root = Search {
        base: "",
        scope: Scope::Base,
        size_limit: 1,
        time_limit: TIME_LIMIT,
        filter: Filter::Present("objectClass"),
        attributes: &["dnsHostName"],
    };
    let found = client.search(&root)?;
    let value = found.entries.first().and_then(|root| root.values("dnsHostName").first());
    let name = value.and_then(|value| str::from_utf8(value).ok()).filter(|name| is_host(name));
    name.map(|name| Some(name.to_owned())).ok_or_else(|| {
        let story = format!("the directory server {} does not say its name", client.host());
        Error::new(PeerFault::TargetUnknown, story)
    })
}

/// Of either version; no top-level domain is a number (RFC 3696 2).
fn is_address(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    host.contains(':') || last.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_host(name: &str) -> bool {
    (1..=255).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
}

/// The handshake, up to the token that the server sends when it is over.
fn handshake(
    client: &mut Client,
    who: &Who<'_>,
    target: String,
    env: &dyn Environment,
) -> Result<(Box<PackedContext>, Outcome, Option<Vec<u8>>)> {
    let flags = ContextFlags::MUTUAL_AUTH
        | ContextFlags::CONFIDENTIALITY
        | ContextFlags::INTEGRITY
        | ContextFlags::REPLAY_DETECT
        | ContextFlags::SEQUENCE_DETECT;
    let opening = Opening { target: Some(target), flags };
    let mut handshake = who.credential.initiate(opening, env)?;
    let mut heard: Option<Vec<u8>> = None;
    for _ in 0..MAX_LEGS {
        let input = StepInput { token: heard.as_deref(), bindings: None };
        match handshake.step(input, env).map_err(|refusal| refusal.error)? {
            Step::Continue { next, token, .. } => {
                handshake = next;
                let (outcome, credentials) = client.sasl(MECHANISM, Some(&token))?;
                in_progress(client, &outcome)?;
                heard = credentials;
            }
            Step::Done { context, token, .. } => {
                let (outcome, credentials) = client.sasl(MECHANISM, Some(&token))?;
                return Ok((context, outcome, credentials));
            }
        }
    }
    Err(Error::new(PeerFault::UnexpectedToken, "the handshake with the directory has no end"))
}

/// RFC 4752 3.1: the server offers layers, the client takes one. Nothing but confidentiality.
fn agree_on_layer(
    client: &mut Client,
    who: &Who<'_>,
    context: &PackedContext,
    outcome: &Outcome,
    credentials: Option<Vec<u8>>,
) -> Result<()> {
    in_progress(client, outcome)?;
    let mut protection = who.package.protection(context)?;
    let mut offer = credentials.ok_or(PeerFault::UnexpectedToken)?;
    let offer = layer::unwrap(&mut protection, &mut offer, Qop::WrapNoEncrypt)?;
    let &[layers, high, middle, low] = offer else {
        return Err(Error::new(PeerFault::MalformedToken, "an offer of layers that is none"));
    };
    let limit = u32::from_be_bytes([0, high, middle, low]);
    if layers & CONFIDENTIALITY == 0 || limit == 0 {
        let story = format!("{} offers no encryption", client.host());
        return Err(Error::new(PeerFault::CapabilityMissing, story));
    }
    let [_, size @ ..] = u32::try_from(MAX_BUFFER).unwrap_or(0).to_be_bytes();
    let choice = [&[CONFIDENTIALITY][..], &size].concat();
    let choice = layer::wrap(&mut protection, &choice, Qop::WrapNoEncrypt)?;
    let (outcome, _) = client.sasl(MECHANISM, Some(&choice))?;
    if outcome.code != result_code::SUCCESS {
        return Err(client.refused("the bind", &outcome));
    }
    client.protect(Layer::new(protection, usize::try_from(limit).unwrap_or(0)))
}

fn in_progress(client: &Client, outcome: &Outcome) -> Result<()> {
    if outcome.code == result_code::SASL_BIND_IN_PROGRESS {
        return Ok(());
    }
    if outcome.code == result_code::SUCCESS {
        let story = format!("{} takes a bind for done before it is", client.host());
        return Err(Error::new(PeerFault::UnexpectedToken, story));
    }
    Err(client.refused("the bind", outcome))
}
