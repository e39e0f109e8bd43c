//! Kerberos messages: what can be read can be written, and is read as the same; what is inside
//! is read too.

use secur32::wire::gss::unframe;
use secur32::wire::kerberos::*;

/// Reads, writes, reads again.
macro_rules! stable {
    ($type:ident, $data:expr) => {
        stable!($type, $data, |value: &$type| value.to_der())
    };
    (secret $type:ident, $data:expr) => {
        stable!($type, $data, |value: &$type| value.to_der_secret().expose().to_vec())
    };
    (framed $type:ident, $data:expr) => {{
        let value = $type::from_bytes($data).ok();
        if let Some(value) = &value {
            assert_eq!($type::from_bytes(&value.to_bytes().unwrap()).as_ref(), Ok(value));
        }
        value
    }};
    ($type:ident, $data:expr, $write:expr) => {{
        let value = $type::from_der($data).ok();
        if let Some(value) = &value {
            let written = $write(value);
            assert_eq!($type::from_der(&written).as_ref(), Ok(value));
        }
        value
    }};
}

macro_rules! stable_list {
    ($type:ident, $data:expr) => {{
        let list = $type::list_from_der($data).unwrap_or_default();
        let written = $type::list_to_der(&list);
        assert_eq!($type::list_from_der(&written).as_ref(), Ok(&list));
        list
    }};
}

/// What a KDC sends and gets.
pub fn kdc_rep(data: &[u8]) {
    if let Some(reply) = stable!(KdcRep, data) {
        ticket(&reply.ticket);
        reply.padata.iter().for_each(padata);
    }
    if let Some(request) = stable!(KdcReq, data) {
        request.req_body.additional_tickets.iter().for_each(ticket);
        request.padata.iter().for_each(padata);
    }
    if let Some(message) = EncKdcRepPart::tag(data) {
        let write = |part: &EncKdcRepPart| part.to_der_secret(message).expose().to_vec();
        stable!(EncKdcRepPart, data, write);
    }
    stable_list!(PaData, data).iter().for_each(padata);
}

/// What a client and a server send each other.
pub fn ap_req(data: &[u8]) {
    let body = unframe(data).map_or(data, |token| token.body);
    if let Some(request) = stable!(ApReq, body) {
        ticket(&request.ticket);
    }
    if let Some(part) = stable!(secret Authenticator, body) {
        if let Some(checksum) = part.cksum {
            gss_checksum(&checksum.checksum);
        }
        authorization_data(&part.authorization_data);
    }
    if let Some(part) = stable!(secret EncTicketPart, body) {
        authorization_data(&part.authorization_data);
    }
    if let Some(reply) = stable!(TgtRep, body) {
        ticket(&reply.ticket);
    }
    stable!(TgtReq, body);
    stable!(ApRep, body);
    stable!(secret EncApRepPart, body);
}

/// An error, and what may be in it.
pub fn krb_error(data: &[u8]) {
    let body = unframe(data).map_or(data, |token| token.body);
    let Some(error) = stable!(KrbError, body) else { return };
    let Some(inner) = error.e_data else { return };
    stable_list!(PaData, &inner).iter().for_each(padata);
    stable_list!(TypedData, &inner);
    if let Some(value) = stable!(KerbErrorData, &inner).and_then(|data| data.data_value)
        && let Ok(extended) = KerbExtError::from_bytes(&value)
    {
        assert!(value.starts_with(&extended.to_bytes()));
    }
}

/// The checksum 0x8003, byte by byte the same.
pub fn gss_checksum(data: &[u8]) {
    let Ok(checksum) = GssChecksum::from_bytes(data) else { return };
    assert_eq!(checksum.to_bytes().unwrap(), data);
    if let Some(delegation) = checksum.delegation {
        krb_cred(&delegation);
    }
}

/// Delegated tickets.
pub fn krb_cred(data: &[u8]) {
    if let Some(cred) = stable!(KrbCred, data) {
        cred.tickets.iter().for_each(ticket);
        // Old peers do not encrypt it.
        krb_cred_part(&cred.enc_part.cipher);
    }
    krb_cred_part(data);
}

/// What password servers send and get.
pub fn kpasswd(data: &[u8]) {
    if let Some(request) = stable!(framed KpasswdRequest, data) {
        ap_req(&request.ap_req);
        krb_priv(&request.krb_priv);
    }
    match stable!(framed KpasswdReply, data) {
        Some(KpasswdReply::Protected { ap_rep, krb_priv: private }) => {
            ap_req(&ap_rep);
            krb_priv(&private);
        }
        Some(KpasswdReply::Error(error)) => krb_error(&error),
        None => {}
    }
    krb_priv(data);
    stable!(secret ChangePasswdData, data);
    if let Ok(result) = KpasswdResult::from_bytes(data) {
        let again = KpasswdResult::from_bytes(&result.to_bytes());
        assert_eq!(again.map(|again| again.code), Ok(result.code));
    }
}

fn krb_cred_part(data: &[u8]) {
    stable!(secret EncKrbCredPart, data);
}

fn krb_priv(data: &[u8]) {
    stable!(KrbPriv, data);
    stable!(secret EncKrbPrivPart, data);
}

fn ticket(encoded: &EncodedTicket) {
    if let Ok(ticket) = encoded.parse() {
        assert_eq!(ticket.encode().parse(), Ok(ticket));
    }
}

fn padata(padata: &PaData) {
    let value = &padata.padata_value;
    stable_list!(EtypeInfoEntry, value);
    stable_list!(EtypeInfo2Entry, value);
    stable!(PaEncTsEnc, value);
    stable!(PaPacOptions, value);
    stable!(PaPacRequest, value);
    stable!(EncryptedData, value);
    stable!(Checksum, value);
}

fn authorization_data(list: &[AuthorizationDataEntry]) {
    let found = AuthorizationDataEntry::find(list, numbers::ad_type::ETYPE_NEGOTIATION);
    for entry in found.unwrap_or_default() {
        stable!(EtypeList, &entry.ad_data);
    }
}
