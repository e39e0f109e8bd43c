//! The exchanges with KDCs and password servers (RFC 4120 3.1, 3.3; RFC 3244; RFC 6806).

mod answer;
mod as_exchange;
mod hints;
mod kpasswd;
mod long_term;
mod path;
mod refusal;
mod s4u;
mod service;
mod tgs_exchange;

use std::time::Duration;

use crate::crypto::kerberos::{Enctype, Key};
use crate::spi::environment::Environment;
use crate::spi::error::{Error, LocalFault, PeerFault, Result};
use crate::spi::kerberos::{
    KdcRequest, KdcService, KerberosHost, KerberosSettings, KerberosTime, KeyBlock, Verdict,
};
use crate::spi::secret::SecretBytes;
use crate::wire::kerberos::{
    EncryptedData, KdcMessage, KdcRep, KdcReq, KrbError, application_tag, numbers,
};

pub use as_exchange::{Initial, Logon, NoLogon, Recipes, Service, ask_recipes, find_client, logon};
pub use kpasswd::{change_password, set_password};
pub use long_term::LongTerm;
pub use s4u::{ForUser, ProxyWanted, SelfTicket, SelfWanted, Vouched, s4u2proxy, s4u2self};
pub use service::{Tickets, Wanted, forwarded_tgt, service_ticket};
pub use tgs_exchange::Purpose;

use numbers::{application, error_code};

/// Referrals, or steps on a way.
const MAX_HOPS: usize = 10;

/// The way to KDCs: the machine, and how far their clock is ahead of ours. Errors that nobody
/// vouches for change neither our clock nor a later exchange's offset.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    /// Caches, KDCs, trace.
    pub host: &'a dyn KerberosHost,
    /// Clock and randomness.
    pub env: &'a dyn Environment,
    /// Seconds.
    pub offset: i64,
    /// The caller wants no KDC to be asked but through a proxy (`FORCEPROXY`).
    pub only_by_proxy: bool,
}

/// What a KDC said, and which.
struct Heard {
    answer: Answer,
    server: String,
}

/// One of the two kinds of answers.
enum Answer {
    Reply(Box<KdcRep>),
    Refused(Box<KrbError>),
}

impl<'a> Line<'a> {
    /// The way from here.
    pub fn new(env: &'a dyn Environment, offset: i64) -> Result<Self> {
        Ok(Self { host: env.kerberos()?, env, offset, only_by_proxy: false })
    }

    /// krb5.conf.
    pub fn settings(&self) -> &'a KerberosSettings {
        self.host.settings()
    }

    /// The KDCs' time, as far as we know it.
    pub fn now(&self) -> KerberosTime {
        KerberosTime(KerberosTime::of(self.env.now()).0.saturating_add(self.offset))
    }

    /// The microseconds of the second.
    pub fn microseconds(&self) -> u32 {
        u32::try_from(self.env.now().0 % 10_000_000 / 10).unwrap_or_default()
    }

    /// A nonce: 31 bits, because others read it as a signed number.
    fn nonce(&self) -> Result<u32> {
        let mut bytes = [0; 4];
        self.env.random(&mut bytes)?;
        Ok(u32::from_be_bytes(bytes) & 0x7FFF_FFFF)
    }

    /// A new key.
    pub fn new_key(&self, enctype: Enctype) -> Result<Key> {
        let mut seed = SecretBytes::new(vec![0; enctype.seed_length()]);
        self.env.random(seed.expose_mut())?;
        Ok(Key::from_seed(enctype, seed.expose())?)
    }

    /// Encrypts with a fresh confounder.
    pub fn encrypt(&self, key: &Key, usage: u32, plaintext: &[u8]) -> Result<EncryptedData> {
        let mut confounder = [0; 16];
        let enctype = key.enctype();
        let confounder =
            confounder.get_mut(..enctype.confounder_length()).ok_or(LocalFault::Internal)?;
        self.env.random(confounder)?;
        let cipher = key.encrypt(usage, confounder, plaintext);
        Ok(EncryptedData { etype: enctype.number(), kvno: None, cipher })
    }

    /// An error where only a proxy may be asked.
    fn refuse_proxy(&self, realm: &str) -> Result<()> {
        if !self.only_by_proxy {
            return Ok(());
        }
        let story = format!(
            "the KDCs of {realm} may only be asked through a proxy, and proxies of KDCs are not \
             offered yet"
        );
        Err(Error::new(LocalFault::NoAuthority, story))
    }

    /// Asks and waits.
    fn ask(&self, realm: &str, service: KdcService, request: &KdcReq) -> Result<Heard> {
        let kind = request.msg_type;
        let judge = |answer: &[u8]| judge(answer, kind);
        let message = request.to_der();
        self.ask_raw(realm, service, &message, &judge, kind)
    }

    /// The same with a message that is encoded already.
    fn ask_raw(
        &self,
        realm: &str,
        service: KdcService,
        message: &[u8],
        judge: &dyn Fn(&[u8]) -> Verdict,
        kind: KdcMessage,
    ) -> Result<Heard> {
        self.refuse_proxy(realm)?;
        let heard = self.host.exchange(&KdcRequest { realm, service, message, judge })?;
        let server = heard.server;
        let answer = read_answer(&heard.message, kind).map_err(|error| {
            let story = format!("the KDC {server} of {realm}: {}", error.story().unwrap_or("?"));
            Error::new(PeerFault::BadAuthority, story)
        })?;
        Ok(Heard { answer, server })
    }
}

/// What a transport may do with an answer.
fn judge(answer: &[u8], kind: KdcMessage) -> Verdict {
    match read_answer(answer, kind) {
        Ok(Answer::Refused(error)) => match error.error_code {
            error_code::KRB_ERR_RESPONSE_TOO_BIG => Verdict::UseTcp,
            error_code::KDC_ERR_SVC_UNAVAILABLE => Verdict::NextServer,
            _ => Verdict::Take,
        },
        Ok(Answer::Reply(_)) => Verdict::Take,
        Err(_) => Verdict::NextServer,
    }
}

fn read_answer(answer: &[u8], kind: KdcMessage) -> Result<Answer> {
    if application_tag(answer) == Some(application::KRB_ERROR) {
        return Ok(Answer::Refused(Box::new(KrbError::from_der(answer)?)));
    }
    let reply = KdcRep::from_der(answer)?;
    if reply.msg_type != kind {
        return Err(Error::new(PeerFault::BadAuthority, "the answer to another kind of request"));
    }
    Ok(Answer::Reply(Box::new(reply)))
}

/// A key of a message.
pub fn key_of(block: &KeyBlock) -> Result<Key> {
    let enctype = Enctype::from_number(block.enctype).ok_or_else(|| {
        let story = format!("a key of enctype {}, which is not known here", block.enctype);
        Error::new(PeerFault::EnctypeRefused, story)
    })?;
    Ok(Key::new(enctype, block.value.expose())?)
}

/// A key for a message.
pub fn block_of(key: &Key) -> KeyBlock {
    let value = SecretBytes::new(key.expose().to_vec());
    KeyBlock { enctype: key.enctype().number(), value }
}

/// Enctypes for a message.
pub fn numbers_of(enctypes: &[Enctype]) -> Vec<i32> {
    enctypes.iter().map(|enctype| enctype.number()).collect()
}

/// Enctypes for a story.
fn names_of(enctypes: &[Enctype]) -> String {
    enctypes.iter().map(|enctype| enctype.name()).collect::<Vec<_>>().join(", ")
}

/// A number of an enctype for a story.
fn name_of(enctype: i32) -> String {
    match Enctype::from_number(enctype) {
        Some(enctype) => enctype.name().to_owned(),
        None => format!("enctype {enctype}"),
    }
}

/// A time and a while.
fn later(time: KerberosTime, by: Duration) -> KerberosTime {
    KerberosTime(time.0.saturating_add(i64::try_from(by.as_secs()).unwrap_or(i64::MAX)))
}
