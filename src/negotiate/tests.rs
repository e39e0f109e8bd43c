//! What peers do that ours do not, with mechanisms that are nothing but their number of tokens.

use std::sync::Arc;

use super::Package;
use crate::spi::environment::{AccountSource, Environment, MachineNames, Policy};
use crate::spi::error::{Error, Fault, LocalFault, PeerFault, Result};
use crate::spi::flags::ContextFlags;
use crate::spi::message::{
    KeyInfo, MessageProtection, MessageReceiver, MessageSender, Opened, Part, Qop, Sealed, Sizes,
};
use crate::spi::package::{
    AcquireRequest, Credential, Handshake, LastClientToken, Negotiation, Opening, PackageId,
    PackageInfo, Progress, Refusal, SecurityPackage, Step, StepInput, Usage,
};
use crate::spi::packed::{PackedContext, Role};
use crate::spi::secret::SecretBytes;
use crate::spi::time::FileTime;
use crate::wire::gss;
use crate::wire::spnego::{MechTypes, NegState, NegTokenInit, NegTokenResp, oid};

const COMPLETED: Option<NegState> = Some(NegState::AcceptCompleted);
const INCOMPLETE: Option<NegState> = Some(NegState::AcceptIncomplete);
const REQUEST_MIC: Option<NegState> = Some(NegState::RequestMic);

/// A mechanism of so many tokens: they are the bytes 1, 2, 3 …
struct Fake {
    info: PackageInfo,
    legs: u8,
    flags: ContextFlags,
    /// Its last message has an integrity code.
    mic_due: bool,
}

const fn fake(id: PackageId, name: &'static str, legs: u8) -> Fake {
    let sizes = Sizes { max_token: 1, max_signature: 3, block_size: 0, security_trailer: 3 };
    let (capabilities, version, rpc_id, max_token, comment) = (0, 1, 0, 1, "");
    let info = PackageInfo { id, capabilities, version, rpc_id, max_token, sizes, name, comment };
    Fake { info, legs, flags: ContextFlags::INTEGRITY, mic_due: false }
}

static TWO_LEGS: Fake = fake(PackageId::Kerberos, "Kerberos", 2);
static ONE_LEG: Fake = fake(PackageId::Kerberos, "Kerberos", 1);
static THREE_LEGS: Fake = fake(PackageId::Ntlm, "NTLM", 3);
static THREE_LEGS_WITH_MIC: Fake = Fake { mic_due: true, ..fake(PackageId::Ntlm, "NTLM", 3) };
static UNSIGNED: Fake =
    Fake { flags: ContextFlags::CONNECTION, mic_due: true, ..fake(PackageId::Ntlm, "NTLM", 3) };

static BOTH: [&dyn SecurityPackage; 2] = [&TWO_LEGS, &THREE_LEGS];
static ONE_WAY: [&dyn SecurityPackage; 2] = [&ONE_LEG, &THREE_LEGS];
static NTLM: [&dyn SecurityPackage; 1] = [&THREE_LEGS_WITH_MIC];
static UNSIGNED_NTLM: [&dyn SecurityPackage; 1] = [&UNSIGNED];

impl SecurityPackage for Fake {
    fn info(&self) -> &'static PackageInfo {
        let all = [&TWO_LEGS, &ONE_LEG, &THREE_LEGS, &THREE_LEGS_WITH_MIC, &UNSIGNED];
        &all.into_iter().find(|fake| std::ptr::eq(*fake, self)).unwrap().info
    }

    fn acquire(&self, _: AcquireRequest, _: &dyn Environment) -> Result<Arc<dyn Credential>> {
        Ok(Arc::new(FakeCredential {
            legs: self.legs,
            id: self.info.id,
            flags: self.flags,
            mic_due: self.mic_due,
        }))
    }

    fn protection(&self, _: &PackedContext) -> Result<MessageProtection> {
        let (signature_name, encrypt_name) = ("", "");
        let (key_size, signature_algorithm, encrypt_algorithm) = (0, 0, 0);
        let key_info = KeyInfo {
            signature_name,
            encrypt_name,
            key_size,
            signature_algorithm,
            encrypt_algorithm,
        };
        let sizes = self.info.sizes;
        Ok(MessageProtection {
            sizes,
            key_info,
            sender: Box::new(Count(0)),
            receiver: Box::new(Count(0)),
        })
    }
}

#[derive(Clone, Copy)]
struct FakeCredential {
    legs: u8,
    id: PackageId,
    flags: ContextFlags,
    mic_due: bool,
}

impl Credential for FakeCredential {
    fn name(&self, _: &dyn Environment) -> Result<String> {
        Ok(String::new())
    }

    fn initiate(&self, _: Opening, _: &dyn Environment) -> Result<Box<dyn Handshake>> {
        Ok(Box::new(Legs { what: *self, role: Role::Initiator, expected: 0 }))
    }

    fn accept(&self, _: Opening, _: &dyn Environment) -> Result<Box<dyn Handshake>> {
        Ok(Box::new(Legs { what: *self, role: Role::Acceptor, expected: 1 }))
    }
}

struct Legs {
    what: FakeCredential,
    role: Role,
    /// The number of the peer's next token; 0 before a client's first.
    expected: u8,
}

impl Handshake for Legs {
    fn step(self: Box<Self>, input: StepInput<'_>, _: &dyn Environment) -> Result<Step, Refusal> {
        let Self { what, role, expected } = *self;
        let came = input.token.map_or(0, |token| token[0]);
        if came != expected {
            return Err(Error::new(PeerFault::MutualAuthFailed, format!("{came}")).into());
        }
        let token = if came < what.legs { vec![came + 1] } else { Vec::new() };
        if came + 1 < what.legs {
            let progress = Progress {
                package: what.id,
                flags: what.flags,
                last_client_token: LastClientToken::No,
                negotiation: Negotiation::Complete,
            };
            let next = Box::new(Self { what, role, expected: came + 2 });
            return Ok(Step::Continue { next, token, progress });
        }
        let context = Box::new(context(what, role));
        Ok(Step::Done { context, token, delegated: None, mech_list_mic_due: what.mic_due })
    }
}

fn context(what: FakeCredential, role: Role) -> PackedContext {
    PackedContext {
        package: what.id,
        negotiated: false,
        role,
        flags: what.flags,
        client_name: String::new(),
        client: None,
        server_name: None,
        authority: None,
        client_target: None,
        target_information: Vec::new(),
        start: FileTime(0),
        expiry: FileTime::NEVER,
        password_expiry: FileTime::NEVER,
        logon: None,
        session_key: SecretBytes::default(),
        protection: SecretBytes::default(),
        sender: None,
        receiver: None,
    }
}

/// Signatures: the number of the message, the length and the sum of what is signed.
struct Count(u8);

fn signature(number: u8, parts: &[&[u8]]) -> [u8; 3] {
    let bytes = parts.concat();
    [number, bytes.len() as u8, bytes.iter().fold(0, |sum, byte| sum.wrapping_add(*byte))]
}

impl MessageSender for Count {
    fn sign(&mut self, _: Qop, parts: &[&[u8]], token: &mut [u8], _: u32) -> Result<usize> {
        token[..3].copy_from_slice(&signature(self.0, parts));
        self.0 += 1;
        Ok(3)
    }

    fn seal(
        &mut self,
        _: Qop,
        _: &mut [Part<'_>],
        _: &mut [u8],
        _: &mut [u8],
        _: u32,
    ) -> Result<Sealed> {
        unreachable!()
    }

    fn save(&self) -> SecretBytes {
        SecretBytes::new(vec![self.0])
    }
}

impl MessageReceiver for Count {
    fn verify(&mut self, parts: &[&[u8]], token: &[u8], _: u32) -> Result<Option<Qop>> {
        if token != signature(self.0, parts) {
            return Err(PeerFault::MessageAltered.into());
        }
        self.0 += 1;
        Ok(None)
    }

    fn unseal(
        &mut self,
        _: &mut [Part<'_>],
        _: &mut [u8],
        _: &mut [u8],
        _: u32,
    ) -> Result<Option<Qop>> {
        unreachable!()
    }

    fn unseal_stream(&mut self, _: &mut [u8], _: u32) -> Result<Opened> {
        unreachable!()
    }

    fn save(&self) -> SecretBytes {
        SecretBytes::new(vec![self.0])
    }
}

struct Nowhere {
    machine: MachineNames,
    policy: Policy,
}

impl Environment for Nowhere {
    fn now(&self) -> FileTime {
        FileTime(0)
    }

    fn random(&self, _: &mut [u8]) -> Result<()> {
        Err(LocalFault::NoRandom.into())
    }

    fn machine(&self) -> &MachineNames {
        &self.machine
    }

    fn policy(&self) -> &Policy {
        &self.policy
    }

    fn accounts(&self) -> Option<&dyn AccountSource> {
        None
    }
}

/// One of ours, and what it said last.
struct Ours {
    state: Option<Box<dyn Handshake>>,
    done: Option<PackedContext>,
    said: Vec<u8>,
}

impl Ours {
    fn client(mechanisms: &'static [&'static dyn SecurityPackage], flags: ContextFlags) -> Self {
        let opening = Opening { target: Some("HTTP/host".into()), flags };
        let handshake = credential(mechanisms).initiate(opening, &nowhere()).unwrap();
        let mut client = Self { state: Some(handshake), done: None, said: Vec::new() };
        client.step(None).unwrap();
        client
    }

    fn server(mechanisms: &'static [&'static dyn SecurityPackage]) -> Self {
        let handshake = credential(mechanisms).accept(Opening::default(), &nowhere()).unwrap();
        Self { state: Some(handshake), done: None, said: Vec::new() }
    }

    fn step(&mut self, token: Option<&[u8]>) -> Result<(), Fault> {
        let handshake = self.state.take().expect("it goes on");
        let step = handshake.step(StepInput { token, bindings: None }, &nowhere());
        match step.map_err(|refusal| refusal.error.fault())? {
            Step::Continue { next, token, .. } => (self.state, self.said) = (Some(next), token),
            Step::Done { context, token, .. } => (self.done, self.said) = (Some(*context), token),
        }
        Ok(())
    }

    fn hears(&mut self, answer: &NegTokenResp<'_>) -> Result<(), Fault> {
        self.step(Some(&answer.encode()))
    }

    fn said(&self) -> NegTokenResp<'_> {
        NegTokenResp::decode(&self.said).unwrap()
    }

    /// The numbers of both directions, if the list was signed.
    fn numbers(&self) -> Option<[u8; 2]> {
        let context = self.done.as_ref().expect("it is complete");
        assert!(context.negotiated);
        let of = |state: &Option<SecretBytes>| state.as_ref().map(|state| state.expose()[0]);
        Some([of(&context.sender)?, of(&context.receiver)?])
    }
}

fn credential(mechanisms: &'static [&'static dyn SecurityPackage]) -> Arc<dyn Credential> {
    let usage = Usage { inbound: true, outbound: true };
    let request = AcquireRequest { usage, ..AcquireRequest::default() };
    Package::new(mechanisms).acquire(request, &nowhere()).unwrap()
}

fn nowhere() -> Nowhere {
    Nowhere { machine: MachineNames::default(), policy: Policy::default() }
}

fn both() -> Vec<u8> {
    MechTypes::encode([MS_KRB5, KRB5, oid::NTLM])
}

fn answer<'a>(
    neg_state: Option<NegState>,
    supported_mech: Option<&'a [u8]>,
    token: &'a [u8],
    mic: &'a [u8],
) -> NegTokenResp<'a> {
    let given = |bytes: &'a [u8]| Some(bytes).filter(|bytes| !bytes.is_empty());
    NegTokenResp {
        neg_state,
        supported_mech,
        response_token: given(token),
        mech_list_mic: given(mic),
    }
}

const MS_KRB5: &[u8] = gss::Mechanism::MsKrb5.oid();
const KRB5: &[u8] = gss::Mechanism::Krb5.oid();
const NONE: ContextFlags = ContextFlags::empty();
const SIGNED: ContextFlags = ContextFlags::INTEGRITY;

#[test]
fn a_servers_signature_in_its_only_answer_is_not_answered() {
    let mut client = Ours::client(&BOTH, SIGNED);
    let mic = signature(0, &[&both()]);
    client.hears(&answer(COMPLETED, Some(MS_KRB5), &[2], &mic)).unwrap();
    assert!(client.said.is_empty());
    // Ours was not made: no number was taken for it.
    assert_eq!(client.numbers(), Some([0, 1]));
}

#[test]
fn a_server_that_waits_though_nothing_is_due_wants_our_signature() {
    let mut client = Ours::client(&BOTH, SIGNED);
    client.hears(&answer(INCOMPLETE, Some(MS_KRB5), &[2], &[])).unwrap();
    let mic = signature(0, &[&both()]);
    assert_eq!(client.said(), answer(INCOMPLETE, None, &[], &mic));
    // And must give its own.
    client.hears(&answer(COMPLETED, None, &[], &mic)).unwrap();
    assert_eq!(client.numbers(), Some([1, 1]));
}

#[test]
fn s2_a_server_that_waits_for_ever_is_left() {
    for state in [INCOMPLETE, REQUEST_MIC, None, COMPLETED] {
        let mut client = Ours::client(&BOTH, SIGNED);
        client.hears(&answer(INCOMPLETE, Some(MS_KRB5), &[2], &[])).unwrap();
        client.hears(&answer(state, None, &[], &[])).unwrap_err();
    }
}

#[test]
fn servers_that_know_no_states_and_name_no_mechanism_are_understood() {
    let mut client = Ours::client(&BOTH, SIGNED);
    client.hears(&answer(None, None, &[2], &[])).unwrap();
    assert_eq!(client.numbers(), None);
    assert!(client.said.is_empty());
}

#[test]
fn kerberos_by_its_other_name_is_kerberos() {
    // A server that took the first token.
    let mut client = Ours::client(&BOTH, SIGNED);
    client.hears(&answer(COMPLETED, Some(KRB5), &[2], &[])).unwrap();
    assert_eq!(client.numbers(), None);
    // One that did not look at it.
    let mut client = Ours::client(&BOTH, SIGNED);
    client.hears(&answer(REQUEST_MIC, Some(KRB5), &[], &[])).unwrap();
    assert_eq!(client.said(), answer(INCOMPLETE, None, &[1], &[]));
    let mic = signature(0, &[&both()]);
    client.hears(&answer(INCOMPLETE, None, &[2], &mic)).unwrap();
    assert_eq!(client.said(), answer(COMPLETED, None, &[], &mic));
    assert_eq!(client.numbers(), Some([1, 1]));
}

#[test]
fn one_way_kerberos_waits_for_the_servers_word() {
    for state in [COMPLETED, None] {
        let mut client = Ours::client(&ONE_WAY, SIGNED);
        assert!(client.done.is_none());
        client.hears(&answer(state, Some(MS_KRB5), &[], &[])).unwrap();
        assert_eq!(client.numbers(), None);
    }
    // The server wants the list signed: whoever sent the last token begins.
    let mut client = Ours::client(&ONE_WAY, SIGNED);
    client.hears(&answer(REQUEST_MIC, Some(MS_KRB5), &[], &[])).unwrap();
    let mic = signature(0, &[&both()]);
    assert_eq!(client.said(), answer(INCOMPLETE, None, &[], &mic));
    client.hears(&answer(COMPLETED, None, &[], &mic)).unwrap();
}

#[test]
fn s2_a_silent_server_is_accepted_only_by_who_wants_no_signatures() {
    for (flags, accepted) in [(NONE, true), (SIGNED, false)] {
        let mut client = Ours::client(&NTLM, flags);
        client.hears(&answer(INCOMPLETE, Some(oid::NTLM), &[2], &[])).unwrap();
        assert_eq!(client.said().response_token, Some(&[3][..]));
        assert!(client.said().mech_list_mic.is_some());
        let end = client.hears(&answer(COMPLETED, None, &[], &[]));
        assert_eq!(end.is_ok(), accepted);
        // Not if the server itself asked for signatures.
        let mut client = Ours::client(&NTLM, flags);
        client.hears(&answer(REQUEST_MIC, Some(oid::NTLM), &[2], &[])).unwrap();
        let end = client.hears(&answer(COMPLETED, None, &[], &[]));
        assert_eq!(end, Err(PeerFault::MicMismatch.into()));
    }
}

#[test]
fn a_mechanism_that_cannot_sign_is_not_asked_to() {
    let mut client = Ours::client(&UNSIGNED_NTLM, SIGNED);
    client.hears(&answer(INCOMPLETE, Some(oid::NTLM), &[2], &[])).unwrap();
    assert_eq!(client.said(), answer(INCOMPLETE, None, &[3], &[]));
    client.hears(&answer(COMPLETED, None, &[], &[])).unwrap();
    assert_eq!(client.numbers(), None);

    let mut server = Ours::server(&UNSIGNED_NTLM);
    server.step(Some(&NegTokenInit::encode(&both(), &[1]))).unwrap();
    assert_eq!(server.said(), answer(REQUEST_MIC, Some(oid::NTLM), &[], &[]));
    server.hears(&answer(None, None, &[1], &[])).unwrap();
    server.hears(&answer(None, None, &[3], &[])).unwrap();
    assert_eq!(server.said(), answer(COMPLETED, None, &[], &[]));
}

#[test]
fn s2_a_client_must_not_let_itself_be_led_to_a_mechanism_that_cannot_sign() {
    static MIXED: [&dyn SecurityPackage; 2] = [&TWO_LEGS, &UNSIGNED];
    let mut client = Ours::client(&MIXED, NONE);
    client.hears(&answer(REQUEST_MIC, Some(oid::NTLM), &[], &[])).unwrap();
    client.hears(&answer(INCOMPLETE, None, &[2], &[])).unwrap();
    let end = client.hears(&answer(COMPLETED, None, &[], &[]));
    assert_eq!(end, Err(PeerFault::MicMismatch.into()));
}

#[test]
fn clients_that_say_no_state_are_answered_once_more() {
    for (state, answered) in [(COMPLETED, false), (INCOMPLETE, true), (None, true)] {
        let list = MechTypes::encode([oid::NTLM, MS_KRB5]);
        let mut server = Ours::server(&BOTH);
        server.step(Some(&NegTokenInit::encode(&list, &[1]))).unwrap();
        assert_eq!(server.said(), answer(REQUEST_MIC, Some(MS_KRB5), &[], &[]));
        server.hears(&answer(None, None, &[1], &[])).unwrap();
        let mic = signature(0, &[&list]);
        assert_eq!(server.said(), answer(INCOMPLETE, None, &[2], &mic));
        server.hears(&answer(state, None, &[], &mic)).unwrap();
        assert_eq!(server.numbers(), Some([1, 1]));
        assert_eq!(!server.said.is_empty(), answered);
    }
}

#[test]
fn an_offer_that_is_signed_at_once_is_signed_back() {
    let (list, mut server) = (both(), Ours::server(&ONE_WAY));
    let token = NegTokenInit::encode(&list, &[1]);
    let offer = NegTokenInit::decode(&token).unwrap();
    assert!(offer.mech_list_mic.is_none());
    let mic = signature(0, &[&list]);
    let mut server_without = Ours::server(&ONE_WAY);
    server_without.step(Some(&token)).unwrap();
    assert_eq!(server_without.said(), answer(COMPLETED, Some(MS_KRB5), &[], &[]));
    // The same offer, and behind the token the code.
    let inner = |tag: u8, contents: &[u8]| [&[tag, contents.len() as u8], contents].concat();
    let fields = [inner(0xA0, &list), inner(0xA2, &[4, 1, 1]), inner(0xA3, &inner(4, &mic))];
    let name = [&[6, 6][..], oid::SPNEGO].concat();
    let offer = inner(0x60, &[name, inner(0xA0, &inner(0x30, &fields.concat()))].concat());
    server.step(Some(&offer)).unwrap();
    assert_eq!(server.said(), answer(COMPLETED, Some(MS_KRB5), &[], &mic));
    assert_eq!(server.numbers(), Some([1, 1]));
}

#[test]
fn the_server_prefers_and_the_client_names() {
    let user_to_user = gss::Mechanism::UserToUser.oid();
    let cases: [(&[&[u8]], &[u8]); 6] = [
        (&[MS_KRB5, KRB5, oid::NTLM], MS_KRB5),
        (&[KRB5, MS_KRB5], KRB5),
        (&[oid::NTLM, KRB5], KRB5),
        (&[user_to_user, KRB5, oid::NTLM], KRB5),
        (&[user_to_user, oid::NTLM], user_to_user),
        (&[oid::NEGOEX, oid::NTLM], oid::NTLM),
    ];
    for (offered, chosen) in cases {
        let list = MechTypes::encode(offered.iter().copied());
        let mut server = Ours::server(&BOTH);
        server.step(Some(&NegTokenInit::encode(&list, &[1]))).unwrap();
        let said = server.said();
        assert_eq!(said.supported_mech, Some(chosen), "{offered:x?}");
        let first = offered[0] == chosen;
        assert_eq!(said.neg_state == REQUEST_MIC, !first, "{offered:x?}");
        assert_eq!(said.response_token.is_some(), first, "{offered:x?}");
    }
}

#[test]
fn s8_a_server_without_spnego_is_heard_where_nothing_was_chosen() {
    // The fake's tokens are no raw ones; a server's raw answer reaches the mechanism as it is.
    let mut client = Ours::client(&NTLM, SIGNED);
    assert_eq!(client.step(Some(b"NTLMSSP\0")), Err(PeerFault::MutualAuthFailed.into()));
    let mut client = Ours::client(&BOTH, SIGNED);
    assert_eq!(client.step(Some(b"NTLMSSP\0")), Err(PeerFault::UnexpectedToken.into()));
    let mut client = Ours::client(&BOTH, SIGNED);
    assert_eq!(client.step(Some(&[0x6F, 0])), Err(PeerFault::MutualAuthFailed.into()));
}
