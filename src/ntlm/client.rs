//! The client ([MS-NLMP] 3.1).

use std::sync::Arc;

use super::bindings::BindingsHash;
use super::charset::Charset;
use super::credential::{KnownAccount, NtlmCredential, Speaker};
use super::keys::Key;
use super::negotiation::{self, Compatibility, PROTECTION};
use super::reflection;
use super::responses::{self, LmField, Responses};
use super::seal::Protection;
use crate::crypto::hmac_md5::hmac_md5;
use crate::crypto::rc4::rc4k;
use crate::spi::environment::Environment;
use crate::spi::error::{CallerFault, Error, PeerFault, Result};
use crate::spi::flags::ContextFlags;
use crate::spi::package::{
    Handshake, LastClientToken, Negotiation, Opening, PackageId, Progress, Refusal, Step, StepInput,
};
use crate::spi::packed::{PackedContext, Role};
use crate::spi::secret::{Secret, SecretBytes};
use crate::spi::text::{from_utf16le, utf16le};
use crate::spi::time::FileTime;
use crate::wire::ntlm::{
    Authenticate, AvFlags, AvId, AvPairs, Challenge, Mic, Negotiate, NegotiateFlags,
    Ntlmv2Response, Version, single_host, write_av_pair,
};

/// Nothing was sent yet.
pub struct Start {
    credential: Arc<NtlmCredential>,
    opening: Opening,
}

/// The NEGOTIATE message is out; datagrams have none.
struct ExpectChallenge {
    credential: Arc<NtlmCredential>,
    opening: Opening,
    bindings: BindingsHash,
    offered: NegotiateFlags,
    negotiate: Vec<u8>,
}

impl Start {
    /// A handshake towards the opening's target.
    pub const fn new(credential: Arc<NtlmCredential>, opening: Opening) -> Self {
        Self { credential, opening }
    }
}

impl Handshake for Start {
    fn step(self: Box<Self>, input: StepInput<'_>, env: &dyn Environment) -> Result<Step, Refusal> {
        if input.token.is_some() {
            let story = "a client speaks first, and this one was given a token";
            return Err(Error::new(PeerFault::UnexpectedToken, story).into());
        }
        let Self { credential, opening } = *self;
        let anonymous = credential.is_anonymous(opening.flags);
        let offered = negotiation::client_offer(opening.flags, env.policy(), anonymous);
        let negotiate = if opening.flags.contains(ContextFlags::DATAGRAM) {
            Vec::new()
        } else {
            let version = Some(Version::OURS);
            Negotiate { flags: offered, version, ..Negotiate::default() }.encode()?
        };
        let token = negotiate.clone();
        let bindings = input.bindings.map(BindingsHash::of).unwrap_or_default();
        let next = ExpectChallenge { credential, opening, bindings, offered, negotiate };
        let progress = Progress {
            package: PackageId::Ntlm,
            flags: negotiation::context_flags(offered),
            last_client_token: LastClientToken::No,
            negotiation: Negotiation::Complete,
        };
        Ok(Step::Continue { next: Box::new(next), token, progress })
    }
}

impl Handshake for ExpectChallenge {
    fn step(self: Box<Self>, input: StepInput<'_>, env: &dyn Environment) -> Result<Step, Refusal> {
        let token = input.token.ok_or_else(|| {
            Error::new(PeerFault::MalformedToken, "the NTLM CHALLENGE message is missing")
        })?;
        let mut state = *self;
        if let Some(bindings) = input.bindings {
            state.bindings = BindingsHash::of(bindings);
        }
        let (context, token, mech_list_mic_due) = state.answer(token, env)?;
        let context = Box::new(context);
        Ok(Step::Done { context, token, delegated: None, mech_list_mic_due })
    }
}

/// What the responses are made of.
struct Exchange<'a> {
    challenge: Challenge<'a>,
    /// What both sides agree on; becomes the AUTHENTICATE message's flags.
    flags: NegotiateFlags,
    charset: Charset,
    /// The server's description of itself.
    pairs: Option<AvPairs<'a>>,
    client_challenge: [u8; 8],
    random_session_key: Key,
    now: FileTime,
}

impl ExpectChallenge {
    /// 3.1.5.1.2: reads the challenge, proves the account, and has the context, the message, and
    /// whether that carries a MIC.
    fn answer(self, token: &[u8], env: &dyn Environment) -> Result<(PackedContext, Vec<u8>, bool)> {
        let mut exchange = self.read(token, env)?;
        let speaker = Arc::clone(&self.credential).speaker(&self.opening, env)?;
        let responses = self.respond(&mut exchange, &speaker, env)?;
        let (exported, encrypted) = exchange.exchange_key(&responses);
        let message = exchange.write(&speaker, &responses, &encrypted, env)?;
        let token = self.protect(&exchange, &speaker, &exported, token, message)?;
        if env.policy().refuse_reflection {
            reflection::remember(exchange.challenge.server_challenge, exchange.now);
        }
        let has_mic = exchange.mic_is_due(&speaker);
        Ok((self.context(&exchange, &speaker, exported), token, has_mic))
    }

    fn read<'a>(&self, token: &'a [u8], env: &dyn Environment) -> Result<Exchange<'a>> {
        let challenge = Challenge::decode(token)?;
        let policy = env.policy();
        let (flags, charset) = negotiation::client_agree(self.offered, challenge.flags, policy)?;
        // Pairs that we write ourselves may come in any number: they are left out.
        let pairs = challenge.target_info.map(|info| AvPairs::decode_except(info, &OURS));
        let pairs = pairs.transpose()?;
        if pairs.is_some_and(|pairs| pairs.tail().iter().any(|&byte| byte != 0)) {
            let story = "something follows the end of the server's target information";
            return Err(Error::new(PeerFault::MalformedToken, story));
        }
        let mut random = Secret::new([0; 24]);
        env.random(random.expose_mut())?;
        let (client_challenge, key) = split_random(&random);
        let now = env.now();
        let random_session_key = key;
        Ok(Exchange { challenge, flags, charset, pairs, client_challenge, random_session_key, now })
    }

    fn respond(
        &self,
        exchange: &mut Exchange<'_>,
        speaker: &Speaker,
        env: &dyn Environment,
    ) -> Result<Responses> {
        let Some(account) = speaker.account() else {
            exchange.flags.remove(PROTECTION | NegotiateFlags::KEY_EXCH);
            exchange.flags |= NegotiateFlags::ANONYMOUS;
            return Ok(responses::anonymous());
        };
        let policy = env.policy();
        let (server, client) = (exchange.challenge.server_challenge, exchange.client_challenge);
        if policy.client_sends_v2() {
            let blob = self.blob(exchange)?;
            let lm = self.lm_field(exchange);
            responses::ntlm_v2(account, server, client, &blob, lm)
        } else {
            let sends_lm = policy.client_sends_lm();
            responses::ntlm_v1(account, server, client, &mut exchange.flags, sends_lm)
        }
    }

    fn lm_field(&self, exchange: &Exchange<'_>) -> LmField {
        if self.opening.flags.contains(ContextFlags::DATAGRAM) {
            LmField::Empty
        } else if exchange.timestamp().is_some() {
            LmField::Zeros
        } else {
            LmField::LmV2
        }
    }

    /// `temp` (3.3.2) around the server's pairs, unchanged and in their order, and ours.
    fn blob(&self, exchange: &Exchange<'_>) -> Result<Vec<u8>> {
        let pairs = exchange.described_server()?;
        let mut list = Vec::with_capacity(512);
        for pair in pairs.iter().filter(|pair| !OURS.contains(&pair.id)) {
            write_av_pair(&mut list, pair.id, pair.value)?;
        }
        let flags = self.av_flags(exchange, pairs);
        if !flags.is_empty() {
            write_av_pair(&mut list, AvId::FLAGS, &flags.bits().to_le_bytes())?;
        }
        let host = single_host(&self.credential.machine_id);
        write_av_pair(&mut list, AvId::SINGLE_HOST, &host)?;
        write_av_pair(&mut list, AvId::CHANNEL_BINDINGS, &self.bindings.0)?;
        let target = utf16le(self.opening.target.as_deref().unwrap_or_default());
        write_av_pair(&mut list, AvId::TARGET_NAME, &target)?;
        write_av_pair(&mut list, AvId::EOL, &[])?;
        let time = exchange.timestamp().unwrap_or(exchange.now.0);
        let blob = Ntlmv2Response::encode_blob(time, &exchange.client_challenge, &list);
        if blob.len() > MAX_BLOB {
            return Err(too_long(target.len()));
        }
        Ok(blob)
    }

    /// The server's word counts only for what it alone knows.
    fn av_flags(&self, exchange: &Exchange<'_>, pairs: AvPairs<'_>) -> AvFlags {
        let mut flags = pairs.flags();
        flags.set(AvFlags::MIC_PRESENT, exchange.timestamp().is_some());
        let unverified = self.opening.flags.contains(ContextFlags::UNVERIFIED_TARGET_NAME);
        flags.set(AvFlags::UNVERIFIED_TARGET_NAME, unverified);
        flags
    }

    /// Puts the message integrity code (3.1.5.1.2) into its place, if one is due.
    fn protect(
        &self,
        exchange: &Exchange<'_>,
        speaker: &Speaker,
        exported: &Key,
        challenge: &[u8],
        mut message: Vec<u8>,
    ) -> Result<Vec<u8>> {
        if exchange.mic_is_due(speaker) {
            let mic = hmac_md5(exported.expose(), &[&self.negotiate, challenge, &message]);
            let [before, place, _] = Mic::ROOM.around(&message)?.map(<[u8]>::len);
            if let Some(place) = message.get_mut(before..before + place) {
                place.copy_from_slice(&mic);
            }
        }
        Ok(message)
    }

    fn context(self, exchange: &Exchange<'_>, speaker: &Speaker, exported: Key) -> PackedContext {
        let account = speaker.account();
        let domain = account.map(|account| account.domain.clone());
        let authority = domain.filter(|domain| !domain.is_empty()).or_else(|| {
            let name = exchange.pairs?.find(AvId::NB_DOMAIN_NAME)?;
            from_utf16le(name)
        });
        let session_key = SecretBytes::new(exported.expose().to_vec());
        let protection = Protection { flags: exchange.flags, exported_session_key: exported };
        PackedContext {
            package: PackageId::Ntlm,
            negotiated: false,
            role: Role::Initiator,
            flags: negotiation::context_flags(exchange.flags),
            client_name: account.map(KnownAccount::qualified_name).unwrap_or_default(),
            client: None,
            server_name: self.opening.target.clone(),
            authority,
            client_target: self.opening.target,
            target_information: exchange.challenge.target_info.unwrap_or_default().to_vec(),
            start: exchange.now,
            expiry: FileTime::NEVER,
            password_expiry: FileTime::NEVER,
            logon: None,
            session_key,
            protection: protection.encode(),
            sender: None,
            receiver: None,
        }
    }
}

impl Exchange<'_> {
    fn timestamp(&self) -> Option<u64> {
        self.pairs.and_then(AvPairs::timestamp)
    }

    fn mic_is_due(&self, speaker: &Speaker) -> bool {
        self.timestamp().is_some() && speaker.account().is_some()
    }

    /// What `NTLMv2` needs: a server that says who it is, by both names where messages are to be
    /// protected (3.1.5.1.2).
    fn described_server(&self) -> Result<AvPairs<'_>> {
        let pairs = self.pairs.ok_or_else(|| {
            let story = "the server sent no target information, which NTLMv2 needs";
            Error::new(PeerFault::CapabilityMissing, story)
        })?;
        let named = [AvId::NB_COMPUTER_NAME, AvId::NB_DOMAIN_NAME]
            .iter()
            .all(|&id| pairs.find(id).is_some());
        if self.flags.intersects(PROTECTION) && !named {
            let story = "the server does not name its computer and domain";
            return Err(Error::new(PeerFault::LogonDenied, story));
        }
        Ok(pairs)
    }

    fn write(
        &self,
        speaker: &Speaker,
        responses: &Responses,
        session_key: &[u8],
        env: &dyn Environment,
    ) -> Result<Vec<u8>> {
        let charset = self.charset;
        let account = speaker.account();
        let domain = account.map_or_else(Vec::new, |account| charset.encode(&account.domain));
        let user = account.map_or_else(Vec::new, |account| charset.encode(&account.user));
        let workstation = charset.encode(&env.machine().netbios_computer);
        let message = Authenticate {
            lm: &responses.lm,
            nt: &responses.nt,
            domain: &domain,
            user: &user,
            workstation: &workstation,
            session_key,
            flags: Some(self.flags),
            version: Some(Version::OURS),
            mic: self.mic_is_due(speaker).then_some(Mic::ROOM),
        };
        message.encode()
    }

    /// `ExportedSessionKey` and `EncryptedRandomSessionKey` (3.1.5.1.2).
    fn exchange_key(&self, responses: &Responses) -> (Key, Vec<u8>) {
        let key = &responses.key_exchange_key;
        if !self.flags.contains(NegotiateFlags::KEY_EXCH) {
            return (key.duplicate(), Vec::new());
        }
        let encrypted = rc4k(key.expose(), *self.random_session_key.expose());
        (self.random_session_key.duplicate(), encrypted.to_vec())
    }
}

/// What the 16-bit length of the NT response leaves beside the proof.
const MAX_BLOB: usize = 0xFFFF - 16;

/// Whose fault it is: the caller's, if the target name alone takes half of the room.
fn too_long(target: usize) -> Error {
    let story = "target name and target information do not fit into the NTLMv2 response";
    if target > MAX_BLOB / 2 {
        Error::new(CallerFault::InvalidParameter, story)
    } else {
        Error::new(PeerFault::MalformedToken, story)
    }
}

/// The pairs that a client adds, in Windows' order.
const OURS: [AvId; 4] = [AvId::FLAGS, AvId::SINGLE_HOST, AvId::CHANNEL_BINDINGS, AvId::TARGET_NAME];

/// Client challenge and session key, in one draw.
fn split_random(random: &Secret<24>) -> ([u8; 8], Key) {
    let mut client_challenge = [0; 8];
    let mut key = Secret::new([0; 16]);
    let (head, tail) = random.expose().split_at(8);
    client_challenge.copy_from_slice(head);
    key.expose_mut().copy_from_slice(tail);
    (client_challenge, key)
}
