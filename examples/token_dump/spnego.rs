//! Tokens of SPNEGO, and what is in them.

use secur32::spi::error::Result;
use secur32::wire::gss::Mechanism;
use secur32::wire::spnego::{Kind, MechTypes, NegTokenInit, NegTokenResp, oid};

use crate::{Dump, hex, mechanism};

/// Prints a token of this kind.
pub fn dump(out: &mut Dump, kind: Kind, token: &[u8]) -> Result<()> {
    match kind {
        Kind::Init => init(out, &NegTokenInit::decode(token)?),
        _ => response(out, &NegTokenResp::decode(token)?),
    }
}

fn init(out: &mut Dump, init: &NegTokenInit<'_>) -> Result<()> {
    out.title(if init.has_hints { "SPNEGO NegTokenInit2" } else { "SPNEGO NegTokenInit" });
    list(out, init.mech_types);
    inner(out, init.mech_token, init.mech_list_mic)
}

fn response(out: &mut Dump, response: &NegTokenResp<'_>) -> Result<()> {
    out.title("SPNEGO NegTokenResp");
    if let Some(state) = response.neg_state {
        out.line("negState", &format!("{state:?}"));
    }
    if let Some(oid) = response.supported_mech {
        out.line("supportedMech", &name(oid));
    }
    inner(out, response.response_token, response.mech_list_mic)
}

fn list(out: &mut Dump, list: MechTypes<'_>) {
    for oid in list.iter() {
        out.line("mechType", &name(oid));
    }
}

fn inner(out: &mut Dump, token: Option<&[u8]>, mic: Option<&[u8]>) -> Result<()> {
    if let Some(mic) = mic {
        out.line("mechListMIC", &hex(mic));
    }
    // SPNEGO is not looked for again: it is in no token of a mechanism.
    token.map_or(Ok(()), |token| mechanism(out, token))
}

fn name(oid: &[u8]) -> String {
    let kerberos = [Mechanism::MsKrb5, Mechanism::Krb5, Mechanism::UserToUser];
    if let Some(found) = kerberos.into_iter().find(|mechanism| mechanism.oid() == oid) {
        return format!("{found:?}");
    }
    match oid {
        oid::NTLM => "Ntlm".to_owned(),
        oid::NEGOEX => "NegoEx".to_owned(),
        other => hex(other),
    }
}
