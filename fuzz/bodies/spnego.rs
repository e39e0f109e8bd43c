//! SPNEGO: tokens, and whole handshakes of Negotiate with a peer that lies. The first byte says
//! where the lie is. The world is fixed, so that what is genuine is known beforehand: whoever is
//! done must have heard it.

use secur32::spi::package::PackageId;
use secur32::wire::kerberos::ApReq;
use secur32::wire::spnego::{Kind, MechTypes, NegTokenInit, NegTokenResp};

use super::support::spnego::{
    End, Ends, INCOMPLETE, Init, KRB5, MS_KRB5, NTLM, Resp, framed, tlv, try_open,
};

/// What can be read can be written, and is read as the same.
pub fn token(data: &[u8]) {
    let kind = Kind::of(data);
    if let Ok(resp) = NegTokenResp::decode(data) {
        assert_eq!(kind, Some(Kind::Response));
        assert_eq!(NegTokenResp::decode(&resp.encode()), Ok(resp));
    }
    let Ok(init) = NegTokenInit::decode(data) else { return };
    assert_eq!(kind, Some(Kind::Init));
    assert_eq!(MechTypes::encode(init.mech_types.iter()), init.mech_types.der());
    let token = init.mech_token.unwrap_or_default();
    let written = NegTokenInit::encode(init.mech_types.der(), token);
    let again = NegTokenInit::decode(&written).unwrap();
    assert_eq!(again.mech_types, init.mech_types);
    assert_eq!(again.mech_token.unwrap_or_default(), token);
}

/// How many places for a lie there are, in servers and in clients.
pub const PLACES: u8 = 8;

/// A client that lies to our server.
pub fn server(data: &[u8]) {
    let Some((place, data)) = data.split_first() else { return };
    let offer = |mechanism: &[u8]| Init::of(&[mechanism], Some(data)).encode();
    let ends = Ends::kerberos();
    let end = match place % PLACES {
        0 => ends.serve(data),
        1 => ends.serve(&offer(MS_KRB5)),
        2 => ends.serve(&offer(NTLM)),
        3 => ends.serve(&Init { list: Some(data.to_vec()), ..Init::default() }.encode()),
        4 => ends.serve(&framed(KRB5, data)),
        5 => return later(&Ends::ntlm(), 2, data),
        6 => return later(&Ends::fallback(), 2, data),
        _ => return later(&Ends::fallback(), 4, data),
    };
    if let End::Done(context, ..) = &end {
        let heard = contains(data, &authenticator(&ends.first().1));
        assert!(heard && context.package == PackageId::Kerberos, "a forged client was accepted");
        assert!(try_open(context).is_ok());
    }
}

/// A server that lies to our client.
pub fn client(data: &[u8]) {
    let Some((place, data)) = data.split_first() else { return };
    let answer = |mech: Option<&[u8]>, token: Option<&[u8]>, mic: Option<&[u8]>| {
        let owned = |part: Option<&[u8]>| part.map(<[u8]>::to_vec);
        let (mech, token, mic) = (owned(mech), owned(token), owned(mic));
        Resp { state: Some(INCOMPLETE), mech, token, mic, ..Resp::default() }.encode()
    };
    match place % PLACES {
        0 => later(&Ends::kerberos(), 1, data),
        1 => later(&Ends::ntlm(), 1, data),
        2 => later(&Ends::fallback(), 1, data),
        3 => later(&Ends::ntlm(), 3, data),
        4 => later(&Ends::fallback(), 5, data),
        5 => later(&Ends::kerberos(), 1, &answer(Some(MS_KRB5), Some(data), None)),
        6 => later(&Ends::ntlm(), 1, &answer(Some(NTLM), Some(data), None)),
        _ => later(&Ends::ntlm(), 3, &answer(None, None, Some(data))),
    }
}

/// A handshake in which one token is another one.
fn later(ends: &Ends, leg: usize, data: &[u8]) {
    let mut genuine = None;
    let talk = ends.run_through(|number, token| {
        if number == leg {
            genuine = Some(std::mem::replace(token, data.to_vec()));
        }
    });
    let Some(genuine) = genuine.and_then(|token| Resp::read(&token)) else { return };
    let victim = if leg.is_multiple_of(2) { &talk.server } else { &talk.client };
    if victim.is_done() {
        let parts = [genuine.token, genuine.mic].into_iter().flatten();
        for part in parts {
            assert!(contains(data, &part), "a forged token was accepted: {}", talk.say());
        }
    }
    if let (Some(client), Some(server)) = (talk.client.context(), talk.server.context()) {
        assert_eq!(client.package, server.package);
        assert!(client.session_key.expose() == server.session_key.expose());
    }
}

/// What of a genuine offer nobody can make: the encrypted authenticator.
fn authenticator(first: &[u8]) -> Vec<u8> {
    let token = Init::read(first).unwrap().token.unwrap();
    let body = secur32::wire::gss::unframe(&token).unwrap().body.to_vec();
    ApReq::from_der(&body).unwrap().authenticator.cipher
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// Something genuine for each place.
pub fn samples() -> Vec<super::Sample> {
    let [kerberos, ntlm, fallback] =
        [Ends::kerberos(), Ends::ntlm(), Ends::fallback()].map(|ends| ends.run().tokens);
    let init = |tokens: &[Vec<u8>]| Init::read(&tokens[0]).unwrap();
    let inner = |tokens: &[Vec<u8>]| init(tokens).token.unwrap();
    let resp = |token: &[u8]| Resp::read(token).unwrap();
    let servers = [
        kerberos[0].clone(),
        inner(&kerberos),
        inner(&ntlm),
        init(&kerberos).list.unwrap(),
        inner(&kerberos)[15..].to_vec(),
        ntlm[2].clone(),
        fallback[2].clone(),
        fallback[4].clone(),
    ];
    let clients = [
        kerberos[1].clone(),
        ntlm[1].clone(),
        fallback[1].clone(),
        ntlm[3].clone(),
        fallback[5].clone(),
        resp(&kerberos[1]).token.unwrap(),
        resp(&ntlm[1]).token.unwrap(),
        resp(&ntlm[3]).mic.unwrap(),
    ];
    let hint = [init(&ntlm).list.unwrap(), tlv(0x30, &tlv(0xA0, &tlv(0x1B, b"hint")))];
    let [list, hints] = hint.map(Some);
    let hint = Init { list, hints, ..Init::default() }.encode();
    let all = [&kerberos[..], &ntlm, &fallback, &[hint]].concat();
    let tokens = all.into_iter().map(|bytes| (token as fn(&[u8]), bytes));
    let placed = |body: fn(&[u8]), bytes: [Vec<u8>; 8]| {
        let inputs = (0..PLACES).zip(bytes);
        inputs.map(move |(place, bytes)| (body, [&[place], &bytes[..]].concat()))
    };
    tokens.chain(placed(server, servers)).chain(placed(client, clients)).collect()
}
