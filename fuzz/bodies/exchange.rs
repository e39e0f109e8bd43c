//! Whole handshakes of Kerberos with a peer that lies. The first byte says where the lie is: in
//! the token, or behind the encryption, where a peer with a genuine key can put anything.

use secur32::crypto::kerberos::Enctype;
use secur32::kerberos::seal;
use secur32::spi::flags::ContextFlags;
use secur32::spi::message::{Part, Qop};
use secur32::spi::package::{Handshake, Opening, Step, StepInput};
use secur32::spi::packed::PackedContext;
use secur32::wire::gss::{self, Mechanism, tok_id};
use secur32::wire::kerberos::numbers::{ap_options, key_usage};
use secur32::wire::kerberos::{
    ApRep, ApReq, EncodedTicket, EncryptedData, PrincipalName, TgtReq, Ticket,
};

use super::support::{ap, env};
use ap::{BOTH, DCE, Forger, Loop, TicketMaker, acquire, key};
use env::FixedEnv;

const AES: Enctype = Enctype::Aes128CtsHmacSha256;
/// How many places for a lie there are.
pub const PLACES: u8 = 8;

/// A client that lies to our server.
pub fn krb_acceptor(data: &[u8]) {
    let Some((place, data)) = data.split_first() else { return };
    let ticket = TicketMaker::new(AES);
    let setup = Loop::new(&ticket);
    let mut forger = Forger::new(&ticket);
    let token = match place % PLACES {
        0 => data.to_vec(),
        1 => gss::frame(Mechanism::Krb5, tok_id::AP_REQ, data),
        2 => request(&forger, forger_ticket(&ticket, data), None),
        3 => request(&forger, ticket.mint(), Some(data)),
        4 => {
            forger.checksum = Some((ap::GSS, data.to_vec()));
            forger.token()
        }
        5 => {
            let ticket = EncodedTicket(data.to_vec());
            request(&forger, ticket, None)
        }
        6 => return third_leg(&setup, forger, data),
        _ => return tgt_request(&setup, data),
    };
    if let Some(Step::Done { context, .. }) = step(setup.server(), &token, &setup.server_env) {
        assert_eq!(context.server_name.as_deref(), Some(ap::SERVICE));
        assert_eq!(setup.kerberos.replays.len(), 1);
        use_it(&context);
    }
}

/// A server that lies to our client.
pub fn krb_initiator(data: &[u8]) {
    let Some((place, data)) = data.split_first() else { return };
    let mut setup = Loop::new(&TicketMaker::new(AES));
    let place = place % PLACES;
    match place {
        6 => setup.asked = ContextFlags::DCE_STYLE,
        7 => setup.asked |= ContextFlags::USE_SESSION_KEY,
        _ => {}
    }
    let Some(Step::Continue { next, token: request, .. }) =
        step(setup.client(), &[], &setup.client_env)
    else {
        panic!("the client did not begin")
    };
    let token = match place {
        0 | 6 => data.to_vec(),
        1 => gss::frame(Mechanism::Krb5, tok_id::AP_REP, data),
        2 => gss::frame(Mechanism::Krb5, tok_id::ERROR, data),
        7 => gss::frame(Mechanism::UserToUser, tok_id::TGT_REP, data),
        _ => gss::frame(Mechanism::Krb5, tok_id::AP_REP, &ap_rep(data)),
    };
    match step(next, &token, &setup.client_env) {
        Some(Step::Done { context, .. }) => {
            assert_eq!(context.client_name, ap::CLIENT);
            if place < 3 || place == 6 {
                assert_eq!(token, genuine(&setup, &request), "a forged answer was accepted");
            }
            use_it(&context);
        }
        // Once more by the server's clock, and not again.
        Some(Step::Continue { next, .. }) => {
            let again = step(next, &token, &setup.client_env);
            assert!(again.is_none() || place == 7);
        }
        None => {}
    }
}

fn step(side: Box<dyn Handshake>, token: &[u8], env: &FixedEnv) -> Option<Step> {
    let token = Some(token).filter(|token| !token.is_empty());
    side.step(StepInput { token, bindings: None }, env).ok()
}

/// What our server says to the same request.
fn genuine(setup: &Loop, request: &[u8]) -> Vec<u8> {
    match step(setup.server(), request, &setup.server_env) {
        Some(Step::Done { token, .. } | Step::Continue { token, .. }) => token,
        None => Vec::new(),
    }
}

/// A ticket in the genuine key, with anything in it.
fn forger_ticket(ticket: &TicketMaker, plain: &[u8]) -> EncodedTicket {
    let cipher = key(AES, ticket.service_key).encrypt(key_usage::TICKET, &[7; 16], plain);
    let enc_part = EncryptedData { etype: AES.number(), kvno: None, cipher };
    let sname = PrincipalName::of(&ticket.server);
    Ticket { realm: ticket.server.realm.clone(), sname, enc_part }.encode()
}

/// A request with this ticket, and with an authenticator in the genuine key that has this in it.
fn request(forger: &Forger, ticket: EncodedTicket, authenticator: Option<&[u8]>) -> Vec<u8> {
    let mut request = forger.request();
    request.ticket = ticket;
    if let Some(plain) = authenticator {
        let session = key(AES, forger.ticket.session_key);
        let usage = key_usage::AP_REQ_AUTHENTICATOR;
        request.authenticator.cipher = session.encrypt(usage, &[9; 16], plain);
    }
    gss::frame(Mechanism::Krb5, tok_id::AP_REQ, &request.to_der())
}

/// An AP-REP in the genuine key, with anything in it.
fn ap_rep(plain: &[u8]) -> Vec<u8> {
    let cipher = key(AES, 0x52).encrypt(key_usage::AP_REP, &[3; 16], plain);
    ApRep { enc_part: EncryptedData { etype: AES.number(), kvno: None, cipher } }.to_der()
}

fn third_leg(setup: &Loop, mut forger: Forger, data: &[u8]) {
    forger.set_gss(|gss| gss.flags |= DCE);
    forger.mech = None;
    let Some(Step::Continue { next, .. }) =
        step(setup.server(), &forger.token(), &setup.server_env)
    else {
        panic!("no second leg")
    };
    let (choice, plain) = data.split_first().unwrap_or((&0, data));
    let token = if choice & 1 == 0 { plain.to_vec() } else { ap_rep(plain) };
    if let Some(Step::Done { context, .. }) = step(next, &token, &setup.server_env) {
        use_it(&context);
    }
}

/// User-to-user: a request for a TGT, and what comes after a genuine one.
fn tgt_request(setup: &Loop, data: &[u8]) {
    let server = || {
        let credential = acquire(None, None, BOTH, &setup.server_env);
        credential.accept(Opening::default(), &setup.server_env).unwrap()
    };
    let lies = gss::frame(Mechanism::UserToUser, tok_id::TGT_REQ, data);
    assert!(!matches!(step(server(), &lies, &setup.server_env), Some(Step::Done { .. })));
    let asks = TgtReq { server_name: None, realm: None }.to_der();
    let asks = gss::frame(Mechanism::UserToUser, tok_id::TGT_REQ, &asks);
    let Some(Step::Continue { next, .. }) = step(server(), &asks, &setup.server_env) else {
        panic!("no TGT")
    };
    let request = ApReq {
        ap_options: ap_options::USE_SESSION_KEY,
        ..Forger::new(&TicketMaker::new(AES)).request()
    };
    let token = match ApReq::from_der(data) {
        Ok(lies) => lies.to_der(),
        Err(_) => request.to_der(),
    };
    let token = gss::frame(Mechanism::UserToUser, tok_id::AP_REQ, &token);
    assert!(step(next, &token, &setup.server_env).is_none());
}

fn use_it(context: &PackedContext) {
    let mut protection = seal::open(context).unwrap();
    let (mut token, mut data) = ([0; 100], [7; 50]);
    drop(protection.sender.sign(Qop::Default, &[&data], &mut token, 1));
    let parts = &mut [Part::Data(&mut data)];
    drop(protection.sender.seal(Qop::Default, parts, &mut token, &mut [], 2));
    drop(protection.receiver.unseal_stream(&mut data, 3));
    let packed = context.encode();
    assert_eq!(PackedContext::decode(packed.expose()).as_ref(), Ok(context));
}

/// A body, and something genuine for it.
pub type Sample = (fn(&[u8]), Vec<u8>);

/// Something genuine for each place.
pub fn samples() -> Vec<Sample> {
    let ticket = TicketMaker::new(AES);
    let forger = Forger::new(&ticket);
    let request = forger.request();
    let session = key(AES, ticket.session_key);
    let opened = |usage, cipher: &[u8]| session.decrypt(usage, cipher).unwrap().expose().to_vec();
    let authenticator = opened(key_usage::AP_REQ_AUTHENTICATOR, &request.authenticator.cipher);
    let parsed = ticket.mint().parse().unwrap();
    let service = key(AES, ticket.service_key);
    let part = service.decrypt(key_usage::TICKET, &parsed.enc_part.cipher).unwrap();
    let setup = Loop::new(&ticket);
    let reply = genuine(&setup, &forger.token());
    let body = gss::unframe(&reply).unwrap().body.to_vec();
    let rep = ApRep::from_der(&body).unwrap();
    let rep_part = opened(key_usage::AP_REP, &rep.enc_part.cipher);
    let own = Loop::new(&ticket).run().unwrap();
    let acceptor: [(u8, Vec<u8>); 9] = [
        (0, forger.token()),
        (1, request.to_der()),
        (2, part.expose().to_vec()),
        (3, authenticator),
        (4, forger.checksum.clone().unwrap().1),
        (5, ticket.mint().0),
        (6, [&[1], &rep_part[..]].concat()),
        (7, TgtReq { server_name: None, realm: None }.to_der()),
        (7, request.to_der()),
    ];
    let initiator: [(u8, Vec<u8>); 6] = [
        (0, own.tokens[1].clone()),
        (1, body.clone()),
        (2, body.clone()),
        (3, rep_part),
        (6, body),
        (7, ticket.tgt().mint().0),
    ];
    let of = |body: fn(&[u8])| {
        move |(place, data): (u8, Vec<u8>)| (body, [&[place], &data[..]].concat())
    };
    let acceptor = acceptor.into_iter().map(of(krb_acceptor));
    acceptor.chain(initiator.into_iter().map(of(krb_initiator))).collect()
}
