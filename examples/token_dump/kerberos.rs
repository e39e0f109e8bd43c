//! Tokens of Kerberos in GSS, and the messages of the protocol without their frame.

use secur32::crypto::kerberos::Enctype;
use secur32::spi::error::{Error, PeerFault, Result};
use secur32::spi::kerberos::KerberosTime;
use secur32::wire::gss::{is_framed, tok_id, unframe};
use secur32::wire::kerberos::numbers::{
    ap_options, application, error_code, error_data, kdc_options, name_type, pa_type,
};
use secur32::wire::kerberos::{
    ApRep, ApReq, EncodedTicket, EncryptedData, EtypeInfo2Entry, KdcMessage, KdcRep, KdcReq,
    KerbErrorData, KerbExtError, KrbCred, KrbError, KrbPriv, PaData, PrincipalName, TgtRep, TgtReq,
    application_tag,
};

use crate::{Dump, hex};

/// Prints a token or a message.
pub fn dump(out: &mut Dump, token: &[u8]) -> Result<()> {
    if is_framed(token) {
        return framed(out, token);
    }
    match token {
        [5, 4, rest @ ..] => protected(out, "Wrap (RFC 4121)", rest),
        [4, 4, rest @ ..] => protected(out, "MIC (RFC 4121)", rest),
        _ => message(out, token)?,
    }
    Ok(())
}

fn framed(out: &mut Dump, token: &[u8]) -> Result<()> {
    let token = unframe(token)?;
    out.title("GSS token");
    out.line("mechanism", &format!("{:?}", token.mech));
    out.line("token id", &hex(&token.tok_id));
    match token.tok_id {
        tok_id::TGT_REQ => tgt_req(out, &TgtReq::from_der(token.body)?),
        tok_id::TGT_REP => {
            out.title("KERB-TGT-REPLY");
            ticket(out, "ticket", &TgtRep::from_der(token.body)?.ticket)?;
        }
        tok_id::MIC | tok_id::WRAP => out.line("RFC 4757 message", &hex(token.body)),
        _ => message(out, token.body)?,
    }
    Ok(())
}

fn message(out: &mut Dump, bytes: &[u8]) -> Result<()> {
    match application_tag(bytes) {
        Some(application::AP_REQ) => ap_req(out, &ApReq::from_der(bytes)?)?,
        Some(application::AP_REP) => {
            out.title("AP-REP");
            encrypted(out, "encrypted part", &ApRep::from_der(bytes)?.enc_part);
        }
        Some(application::KRB_ERROR) => krb_error(out, &KrbError::from_der(bytes)?),
        Some(application::AS_REQ | application::TGS_REQ) => {
            kdc_req(out, &KdcReq::from_der(bytes)?)?;
        }
        Some(application::AS_REP | application::TGS_REP) => {
            kdc_rep(out, &KdcRep::from_der(bytes)?)?;
        }
        Some(application::KRB_CRED) => {
            let cred = KrbCred::from_der(bytes)?;
            out.title("KRB-CRED");
            cred.tickets.iter().try_for_each(|encoded| ticket(out, "ticket", encoded))?;
            encrypted(out, "encrypted part", &cred.enc_part);
        }
        Some(application::KRB_PRIV) => {
            out.title("KRB-PRIV");
            encrypted(out, "encrypted part", &KrbPriv::from_der(bytes)?.enc_part);
        }
        Some(application::TICKET) => ticket(out, "ticket", &EncodedTicket(bytes.to_vec()))?,
        _ => {
            let story = "neither NTLM's nor Kerberos' (Negotiate's tokens are not read yet)";
            return Err(Error::new(PeerFault::MalformedToken, story));
        }
    }
    Ok(())
}

fn ap_req(out: &mut Dump, request: &ApReq) -> Result<()> {
    out.title("AP-REQ");
    out.bits("options", request.ap_options, ap_options::name);
    ticket(out, "ticket", &request.ticket)?;
    encrypted(out, "authenticator", &request.authenticator);
    Ok(())
}

fn tgt_req(out: &mut Dump, request: &TgtReq) {
    out.title("KERB-TGT-REQUEST");
    out.principal("server", request.server_name.as_ref(), request.realm.as_deref());
}

fn krb_error(out: &mut Dump, error: &KrbError) {
    out.title("KRB-ERROR");
    let name = error_code::name(error.error_code).unwrap_or("unknown");
    out.line("error", &format!("{} {name}", error.error_code));
    out.line("server's time", &format!("{}.{:06}", time(error.stime), error.susec));
    if let Some(ctime) = error.ctime {
        out.line("client's time", &time(ctime));
    }
    out.principal("client", error.cname.as_ref(), error.crealm.as_deref());
    out.principal("server", Some(&error.sname), Some(&error.realm));
    if let Some(text) = &error.e_text {
        out.line("text", text);
    }
    if let Some(data) = &error.e_data {
        error_contents(out, data);
    }
}

/// The data of an error say nowhere what they are.
fn error_contents(out: &mut Dump, data: &[u8]) {
    if let Ok(list) = PaData::list_from_der(data) {
        return padata(out, &list);
    }
    let Ok(inner) = KerbErrorData::from_der(data) else {
        return out.line("data", &hex(data));
    };
    let name = error_data::name(inner.data_type).unwrap_or("unknown");
    out.line("data", &format!("{} {name}", inner.data_type));
    let Some(value) = inner.data_value else { return };
    match KerbExtError::from_bytes(&value) {
        Ok(extended) => out.line("NTSTATUS", &format!("{:#010x}", extended.status)),
        Err(_) => out.line("", &hex(&value)),
    }
}

fn kdc_req(out: &mut Dump, request: &KdcReq) -> Result<()> {
    let body = &request.req_body;
    out.title(if request.msg_type == KdcMessage::As { "AS-REQ" } else { "TGS-REQ" });
    out.bits("options", body.kdc_options, kdc_options::name);
    out.principal("client", body.cname.as_ref(), Some(&body.realm));
    out.principal("server", body.sname.as_ref(), Some(&body.realm));
    out.line("till", &time(body.till));
    out.line("nonce", &body.nonce.to_string());
    let enctypes: Vec<_> = body.etype.iter().map(|number| enctype(*number)).collect();
    out.line("enctypes", &enctypes.join(", "));
    padata(out, &request.padata);
    body.additional_tickets.iter().try_for_each(|encoded| ticket(out, "further ticket", encoded))
}

fn kdc_rep(out: &mut Dump, reply: &KdcRep) -> Result<()> {
    out.title(if reply.msg_type == KdcMessage::As { "AS-REP" } else { "TGS-REP" });
    out.principal("client", Some(&reply.cname), Some(&reply.crealm));
    padata(out, &reply.padata);
    ticket(out, "ticket", &reply.ticket)?;
    encrypted(out, "encrypted part", &reply.enc_part);
    Ok(())
}

fn padata(out: &mut Dump, list: &[PaData]) {
    for item in list {
        let name = pa_type::name(item.padata_type).unwrap_or("unknown");
        let length = item.padata_value.len();
        out.line("padata", &format!("{} {name}, {length} bytes", item.padata_type));
        if item.padata_type == pa_type::ETYPE_INFO2 {
            etype_info2(out, &item.padata_value);
        }
    }
}

fn etype_info2(out: &mut Dump, value: &[u8]) {
    for entry in EtypeInfo2Entry::list_from_der(value).unwrap_or_default() {
        let salt = match &entry.salt {
            Some(salt) => format!("salt \"{}\"", String::from_utf8_lossy(salt)),
            None => "the default salt".to_owned(),
        };
        let parameters = entry.s2kparams.map(|bytes| format!(", parameters {}", hex(&bytes)));
        let parameters = parameters.unwrap_or_default();
        out.line("", &format!("{}: {salt}{parameters}", enctype(entry.etype)));
    }
}

fn ticket(out: &mut Dump, name: &str, encoded: &EncodedTicket) -> Result<()> {
    let ticket = encoded.parse()?;
    out.principal(name, Some(&ticket.sname), Some(&ticket.realm));
    encrypted(out, "", &ticket.enc_part);
    Ok(())
}

fn encrypted(out: &mut Dump, name: &str, data: &EncryptedData) {
    let kvno = data.kvno.map(|kvno| format!(", kvno {kvno}")).unwrap_or_default();
    out.line(name, &format!("{}{kvno}, {} bytes", enctype(data.etype), data.cipher.len()));
}

/// A token of RFC 4121 behind its two bytes of id.
fn protected(out: &mut Dump, title: &str, rest: &[u8]) {
    out.title(title);
    let [flags, 0xFF, a, b, c, d, sequence @ ..] = rest else {
        return out.line("not a header", &hex(rest));
    };
    let (Some((sequence, data)), flags) = (sequence.split_first_chunk(), *flags) else {
        return out.line("cut off", &hex(rest));
    };
    let names = [(1, "sent by the acceptor"), (2, "sealed"), (4, "acceptor's subkey")];
    out.line("flags", &format!("{flags:#04x}"));
    for (_, name) in names.iter().filter(|(bit, _)| flags & bit != 0) {
        out.line("", name);
    }
    if title.starts_with("Wrap") {
        out.line("extra count", &u16::from_be_bytes([*a, *b]).to_string());
        out.line("right rotation", &u16::from_be_bytes([*c, *d]).to_string());
    }
    out.line("sequence", &u64::from_be_bytes(*sequence).to_string());
    out.line("data", &format!("{} bytes", data.len()));
}

impl Dump {
    fn principal(&mut self, what: &str, name: Option<&PrincipalName>, realm: Option<&str>) {
        let Some(name) = name else { return };
        let kind = name_type::name(name.name_type)
            .map_or_else(|| format!("name type {}", name.name_type), str::to_owned);
        let realm = realm.map(|realm| format!("@{realm}")).unwrap_or_default();
        self.line(what, &format!("{}{realm} ({kind})", name.name_string.join("/")));
    }

    fn bits(&mut self, what: &str, bits: u32, name: fn(u32) -> Option<&'static str>) {
        self.line(what, &format!("{bits:#010x}"));
        for bit in (0..32).rev().map(|at| 1 << at).filter(|bit| bits & bit != 0) {
            match name(bit) {
                Some(name) => self.line("", name),
                None => self.line("", &format!("unknown {bit:#x}")),
            }
        }
    }
}

fn enctype(number: i32) -> String {
    match Enctype::from_number(number) {
        Some(enctype) => enctype.name().to_owned(),
        None => format!("enctype {number}"),
    }
}

/// Seconds since 1970 are what `date -d @…` takes.
fn time(time: KerberosTime) -> String {
    format!("@{}", time.0)
}
