//! SPNEGO for the tests: an encoder and a reader of their own, in which everything can be wrong,
//! and both ends of Negotiate in one process with a middleman between them.

use std::sync::Arc;

use secur32::crypto::kerberos::Enctype;
use secur32::spi::bindings::ChannelBindings;
use secur32::spi::error::Error;
use secur32::spi::flags::ContextFlags;
use secur32::spi::identity::{Identity, PackageList};
use secur32::spi::message::{MessageProtection, Part, Qop};
use secur32::spi::package::{
    AcquireRequest, Credential, Handshake, Opening, PackageId, Progress, SecurityPackage, Step,
    StepInput, Usage,
};
use secur32::spi::packed::PackedContext;
use secur32::{kerberos, negotiate, ntlm};

use super::ap::{self, TicketMaker};
use super::env::FixedEnv;
use super::kerberos::FixedKerberos;

static MECHANISMS: [&dyn SecurityPackage; 2] = [&kerberos::PACKAGE, &ntlm::PACKAGE];
/// Negotiate over the real packages.
pub static NEGOTIATE: negotiate::Package = negotiate::Package::new(&MECHANISMS);

/// Octets of object identifiers, without tag and length.
pub const SPNEGO: &[u8] = &[0x2B, 6, 1, 5, 5, 2];
pub const MS_KRB5: &[u8] = &[0x2A, 0x86, 0x48, 0x82, 0xF7, 0x12, 1, 2, 2];
pub const KRB5: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x12, 1, 2, 2];
pub const U2U: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x12, 1, 2, 2, 3];
pub const NTLM: &[u8] = &[0x2B, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 10];
pub const NEGOEX: &[u8] = &[0x2B, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 30];
pub const UNKNOWN: &[u8] = &[0x2B, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 99];

/// `negState`
pub const COMPLETED: u8 = 0;
pub const INCOMPLETE: u8 = 1;
pub const REJECT: u8 = 2;
pub const REQUEST_MIC: u8 = 3;

/// Tag, shortest length, contents.
pub fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let skip = length.iter().take_while(|&&byte| byte == 0).count().min(7);
    let significant = &length[skip..];
    let mut out = vec![tag];
    if content.len() >= 0x80 {
        out.push(0x80 | significant.len() as u8);
    }
    out.extend_from_slice(significant);
    out.extend_from_slice(content);
    out
}

/// The same with a length of more octets than it needs: BER, but not DER.
pub fn long_tlv(tag: u8, content: &[u8], octets: usize) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let mut out = vec![tag, 0x80 | octets as u8];
    out.extend(std::iter::repeat_n(0, octets.saturating_sub(8)));
    out.extend_from_slice(&length[8_usize.saturating_sub(octets)..]);
    out.extend_from_slice(content);
    out
}

pub fn oid(octets: &[u8]) -> Vec<u8> {
    tlv(6, octets)
}

/// `MechTypeList`
pub fn list(mechanisms: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, &mechanisms.iter().flat_map(|octets| oid(octets)).collect::<Vec<_>>())
}

/// The frame of RFC 2743 3.1.
pub fn framed(mechanism: &[u8], inner: &[u8]) -> Vec<u8> {
    tlv(0x60, &[oid(mechanism), inner.to_vec()].concat())
}

/// `NegTokenInit` or, with hints, `NegTokenInit2`; what is `None` is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Init {
    /// `mechTypes`, with its own tag.
    pub list: Option<Vec<u8>>,
    /// `reqFlags`, with its own tag.
    pub flags: Option<Vec<u8>>,
    pub token: Option<Vec<u8>>,
    /// `negHints`, with its own tag.
    pub hints: Option<Vec<u8>>,
    pub mic: Option<Vec<u8>>,
    /// Further fields, whole.
    pub more: Vec<u8>,
}

impl Init {
    pub fn of(mechanisms: &[&[u8]], token: Option<&[u8]>) -> Self {
        let token = token.map(<[u8]>::to_vec);
        Self { list: Some(list(mechanisms)), token, ..Self::default() }
    }

    /// The fields, one behind the other.
    fn fields(&self) -> Vec<u8> {
        let octets = |value: &Vec<u8>| tlv(4, value);
        let mic_tag = if self.hints.is_some() { 0xA4 } else { 0xA3 };
        [
            field(0xA0, self.list.clone()),
            field(0xA1, self.flags.clone()),
            field(0xA2, self.token.as_ref().map(octets)),
            field(0xA3, self.hints.clone()),
            field(mic_tag, self.mic.as_ref().map(octets)),
            self.more.clone(),
        ]
        .concat()
    }

    /// Without the frame.
    pub fn unframed(&self) -> Vec<u8> {
        tlv(0xA0, &tlv(0x30, &self.fields()))
    }

    pub fn encode(&self) -> Vec<u8> {
        framed(SPNEGO, &self.unframed())
    }

    pub fn read(token: &[u8]) -> Option<Self> {
        let frame = whole(0x60, token)?;
        let (mechanism, inner) = element(6, frame)?;
        let mut rest = whole(0x30, whole(0xA0, inner).filter(|_| mechanism == SPNEGO)?)?;
        let mut init = Self::default();
        while let Some((&tag, _)) = rest.split_first() {
            let (value, behind) = element(tag, rest)?;
            rest = behind;
            match (tag, value.first()) {
                (0xA0, _) => init.list = Some(value.to_vec()),
                (0xA1, _) => init.flags = Some(value.to_vec()),
                (0xA2, _) => init.token = Some(whole(4, value)?.to_vec()),
                (0xA3, Some(0x30)) => init.hints = Some(value.to_vec()),
                (0xA3 | 0xA4, _) => init.mic = Some(whole(4, value)?.to_vec()),
                _ => return None,
            }
        }
        Some(init)
    }

    /// The mechanisms of the list.
    pub fn mechanisms(&self) -> Vec<Vec<u8>> {
        let mut rest = self.list.as_deref().and_then(|list| whole(0x30, list)).unwrap_or_default();
        let mut found = Vec::new();
        while let Some((octets, behind)) = element(6, rest) {
            found.push(octets.to_vec());
            rest = behind;
        }
        found
    }
}

/// `NegTokenResp`; what is `None` is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resp {
    pub state: Option<u8>,
    /// `supportedMech`: the octets of the identifier.
    pub mech: Option<Vec<u8>>,
    pub token: Option<Vec<u8>>,
    pub mic: Option<Vec<u8>>,
    /// Further fields, whole.
    pub more: Vec<u8>,
}

impl Resp {
    pub fn state(state: u8) -> Self {
        Self { state: Some(state), ..Self::default() }
    }

    fn fields(&self) -> Vec<u8> {
        let octets = |value: &Vec<u8>| tlv(4, value);
        [
            field(0xA0, self.state.map(|state| tlv(10, &[state]))),
            field(0xA1, self.mech.as_deref().map(oid)),
            field(0xA2, self.token.as_ref().map(octets)),
            field(0xA3, self.mic.as_ref().map(octets)),
            self.more.clone(),
        ]
        .concat()
    }

    pub fn encode(&self) -> Vec<u8> {
        tlv(0xA1, &tlv(0x30, &self.fields()))
    }

    pub fn read(token: &[u8]) -> Option<Self> {
        let mut rest = whole(0x30, whole(0xA1, token)?)?;
        let mut resp = Self::default();
        while let Some((&tag, _)) = rest.split_first() {
            let (value, behind) = element(tag, rest)?;
            rest = behind;
            match tag {
                0xA0 => resp.state = whole(10, value)?.first().copied(),
                0xA1 => resp.mech = Some(whole(6, value)?.to_vec()),
                0xA2 => resp.token = Some(whole(4, value)?.to_vec()),
                0xA3 => resp.mic = Some(whole(4, value)?.to_vec()),
                _ => return None,
            }
        }
        Some(resp)
    }
}

fn field(tag: u8, value: Option<Vec<u8>>) -> Vec<u8> {
    value.map_or_else(Vec::new, |value| tlv(tag, &value))
}

/// The contents of one element, and what follows it.
pub fn element(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&found, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first().filter(|_| found == tag)?;
    let octets = if first < 0x80 { 0 } else { usize::from(first & 0x7F) };
    if octets > 4 {
        return None;
    }
    let (length, rest) = rest.split_at_checked(octets)?;
    let length = match octets {
        0 => usize::from(first),
        _ => length.iter().fold(0, |sum, &byte| sum << 8 | usize::from(byte)),
    };
    rest.split_at_checked(length)
}

/// The contents of an element that is everything.
pub fn whole(tag: u8, bytes: &[u8]) -> Option<&[u8]> {
    element(tag, bytes).filter(|(_, behind)| behind.is_empty()).map(|(value, _)| value)
}

/// Changes the `NegTokenInit` that a token is.
pub fn edit_init(token: &mut Vec<u8>, change: impl FnOnce(&mut Init)) {
    let mut init = Init::read(token).unwrap_or_else(|| panic!("no NegTokenInit: {token:x?}"));
    change(&mut init);
    *token = init.encode();
}

/// Changes the `NegTokenResp` that a token is.
pub fn edit_resp(token: &mut Vec<u8>, change: impl FnOnce(&mut Resp)) {
    let mut resp = Resp::read(token).unwrap_or_else(|| panic!("no NegTokenResp: {token:x?}"));
    change(&mut resp);
    *token = resp.encode();
}

/// Both ends of Negotiate.
pub struct Ends {
    pub client_env: FixedEnv,
    pub server_env: FixedEnv,
    pub kerberos: Arc<FixedKerberos>,
    pub target: Option<String>,
    /// What the client's credential may use, as in `PackageList`.
    pub client_packages: &'static str,
    pub server_packages: &'static str,
    /// Makes the client's identity; `None` are its default credentials.
    pub identity: Option<fn() -> Identity>,
    pub asked: ContextFlags,
    pub required: ContextFlags,
    pub client_bindings: Option<ChannelBindings>,
    pub server_bindings: Option<ChannelBindings>,
}

/// The enctype of the tickets.
pub const AES: Enctype = Enctype::Aes256CtsHmacSha1;

/// What callers usually ask for.
pub const USUAL: ContextFlags = ContextFlags::INTEGRITY
    .union(ContextFlags::CONFIDENTIALITY)
    .union(ContextFlags::REPLAY_DETECT)
    .union(ContextFlags::SEQUENCE_DETECT)
    .union(ContextFlags::MUTUAL_AUTH);

impl Ends {
    /// Both can do Kerberos and NTLM: Kerberos it will be.
    pub fn kerberos() -> Self {
        Self::on(ap::machine(&[&TicketMaker::new(AES)]))
    }

    pub fn on(kerberos: FixedKerberos) -> Self {
        let kerberos = Arc::new(kerberos);
        Self {
            client_env: ap::world(&kerberos),
            server_env: ap::world(&kerberos),
            kerberos,
            target: Some(ap::TARGET.into()),
            client_packages: "",
            server_packages: "",
            identity: None,
            asked: USUAL,
            required: ContextFlags::empty(),
            client_bindings: None,
            server_bindings: None,
        }
    }

    /// The client may do NTLM alone, which is then its first choice.
    pub fn ntlm() -> Self {
        Self { client_packages: "NTLM", ..Self::kerberos() }
    }

    /// The client offers Kerberos first, and the server may do NTLM alone.
    pub fn fallback() -> Self {
        Self { server_packages: "NTLM", ..Self::kerberos() }
    }

    pub fn client_credential(&self) -> Arc<dyn Credential> {
        let packages = PackageList::parse(self.client_packages);
        let identity = self.identity.map(|make| make());
        let usage = Usage { inbound: false, outbound: true };
        let request = AcquireRequest { usage, identity, packages, ..AcquireRequest::default() };
        NEGOTIATE.acquire(request, &self.client_env).unwrap()
    }

    pub fn server_credential(&self) -> Arc<dyn Credential> {
        let packages = PackageList::parse(self.server_packages);
        let usage = Usage { inbound: true, outbound: false };
        let request = AcquireRequest { usage, packages, ..AcquireRequest::default() };
        NEGOTIATE.acquire(request, &self.server_env).unwrap()
    }

    pub fn client(&self) -> Box<dyn Handshake> {
        let opening = Opening { target: self.target.clone(), flags: self.asked };
        self.client_credential().initiate(opening, &self.client_env).unwrap()
    }

    pub fn server(&self) -> Box<dyn Handshake> {
        let opening = Opening { target: None, flags: self.required };
        self.server_credential().accept(opening, &self.server_env).unwrap()
    }

    /// One step of the client.
    pub fn client_step(&self, side: Box<dyn Handshake>, token: &[u8]) -> End {
        End::of(side, token, self.client_bindings.as_ref(), &self.client_env)
    }

    /// One step of the server.
    pub fn server_step(&self, side: Box<dyn Handshake>, token: &[u8]) -> End {
        End::of(side, token, self.server_bindings.as_ref(), &self.server_env)
    }

    /// What a new server makes of a first token.
    pub fn serve(&self, token: &[u8]) -> End {
        self.server_step(self.server(), token)
    }

    /// The client's first token, and the client.
    pub fn first(&self) -> (Box<dyn Handshake>, Vec<u8>) {
        let End::Going(next, token, _) = self.client_step(self.client(), &[]) else {
            panic!("the client does not begin")
        };
        (next, token)
    }

    pub fn run(&self) -> Talk {
        self.run_through(|_, _| {})
    }

    /// With a middleman who changes each token; they are counted from 0, the client's first.
    /// What a side sends although it failed is handed on, too.
    pub fn run_through(&self, wire: impl FnMut(usize, &mut Vec<u8>)) -> Talk {
        self.run_between(self.client(), self.server(), wire)
    }

    /// Likewise, with these two.
    pub fn run_between(
        &self,
        client: Box<dyn Handshake>,
        server: Box<dyn Handshake>,
        mut wire: impl FnMut(usize, &mut Vec<u8>),
    ) -> Talk {
        let mut ends = [client, server].map(|side| End::Going(side, Vec::new(), None));
        let (mut token, mut tokens, mut turn) = (Vec::new(), Vec::new(), 0);
        loop {
            let end = std::mem::replace(&mut ends[turn], End::Over);
            let End::Going(side, _, _) = end else {
                // It is done or has failed, and hears no more.
                ends[turn] = end;
                break;
            };
            ends[turn] = match turn {
                0 => self.client_step(side, &token),
                _ => self.server_step(side, &token),
            };
            token = ends[turn].token();
            if token.is_empty() {
                break;
            }
            tokens.push(token.clone());
            wire(tokens.len() - 1, &mut token);
            assert!(tokens.len() < 12, "they talk for ever: {tokens:x?}");
            turn = 1 - turn;
        }
        let [client, server] = ends;
        Talk { client, server, tokens }
    }
}

/// Where one side stands.
pub enum End {
    /// It waits for a token, having sent this one; what it said of itself.
    Going(Box<dyn Handshake>, Vec<u8>, Option<Progress>),
    /// It is done.
    Done(Box<PackedContext>, Vec<u8>, Option<Arc<dyn Credential>>),
    /// It refused.
    Failed(Error, Vec<u8>),
    /// Taken away.
    Over,
}

impl End {
    pub fn of(
        side: Box<dyn Handshake>,
        token: &[u8],
        bindings: Option<&ChannelBindings>,
        env: &FixedEnv,
    ) -> Self {
        let token = Some(token).filter(|token| !token.is_empty());
        match side.step(StepInput { token, bindings }, env) {
            Ok(Step::Continue { next, token, progress }) => {
                Self::Going(next, token, Some(progress))
            }
            Ok(Step::Done { context, token, delegated, .. }) => {
                Self::Done(context, token, delegated)
            }
            Err(refusal) => Self::Failed(refusal.error, refusal.token.unwrap_or_default()),
        }
    }

    /// The token that it sent last.
    pub fn token(&self) -> Vec<u8> {
        match self {
            Self::Going(_, token, _) | Self::Done(_, token, _) | Self::Failed(_, token) => {
                token.clone()
            }
            Self::Over => Vec::new(),
        }
    }

    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done(..))
    }

    /// The context, if it is done.
    pub fn context(&self) -> Option<&PackedContext> {
        match self {
            Self::Done(context, _, _) => Some(context),
            _ => None,
        }
    }

    /// The error, if it refused.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Failed(error, _) => Some(error),
            _ => None,
        }
    }

    /// A word for messages of tests.
    pub fn say(&self) -> String {
        match self {
            Self::Going(_, token, _) => format!("waits after {token:x?}"),
            Self::Done(context, ..) => format!("done with {:?}", context.package),
            Self::Failed(error, _) => format!("refused: {error}"),
            Self::Over => "over".into(),
        }
    }
}

/// What came of it.
pub struct Talk {
    pub client: End,
    pub server: End,
    /// As they were sent, before the middleman.
    pub tokens: Vec<Vec<u8>>,
}

impl Talk {
    /// Both contexts; fails unless both sides are done.
    #[track_caller]
    pub fn both(&self) -> (&PackedContext, &PackedContext) {
        match (self.client.context(), self.server.context()) {
            (Some(client), Some(server)) => (client, server),
            _ => panic!("{}", self.say()),
        }
    }

    pub fn say(&self) -> String {
        let tokens = &self.tokens;
        format!("client {}; server {}; {tokens:x?}", self.client.say(), self.server.say())
    }

    /// Fails unless both are done with this package, agree, and hear each other.
    #[track_caller]
    pub fn agree_on(&self, package: PackageId) {
        let (client, server) = self.both();
        assert_eq!((client.package, server.package), (package, package));
        assert!(client.negotiated && server.negotiated);
        assert!(client.session_key.expose() == server.session_key.expose(), "keys differ");
        converse(client, server);
    }
}

/// Message protection as the program opens it.
pub fn open(context: &PackedContext) -> MessageProtection {
    NEGOTIATE.protection(context).unwrap()
}

/// Sealed and signed messages in both directions.
#[track_caller]
pub fn converse(client: &PackedContext, server: &PackedContext) {
    let (mut client, mut server) = (open(client), open(server));
    for round in 0..3 {
        one_way(&mut client, &mut server, &[round; 33]);
        one_way(&mut server, &mut client, &[0x80 | round; 70]);
    }
}

#[track_caller]
fn one_way(from: &mut MessageProtection, to: &mut MessageProtection, text: &[u8]) {
    let sizes = from.sizes;
    let mut token = vec![0; sizes.max_signature as usize];
    let used = from.sender.sign(Qop::Default, &[text], &mut token, 0).unwrap();
    to.receiver.verify(&[text], &token[..used], 0).unwrap();
    let (mut token, mut data) = (vec![0; sizes.security_trailer as usize], text.to_vec());
    let mut padding = vec![0; sizes.block_size as usize];
    let parts = &mut [Part::Data(&mut data)];
    let used = from.sender.seal(Qop::Default, parts, &mut token, &mut padding, 0).unwrap();
    let mut stream = [&token[..used.token], &data[..], &padding[..used.padding]].concat();
    let opened = to.receiver.unseal_stream(&mut stream, 0).unwrap();
    assert_eq!(&stream[opened.data], text);
}

/// Likewise, where it may fail.
pub fn try_open(context: &PackedContext) -> Result<MessageProtection, Error> {
    NEGOTIATE.protection(context)
}
