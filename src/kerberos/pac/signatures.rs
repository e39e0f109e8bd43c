//! The signatures of a PAC ([MS-PAC] 2.8).

use super::refused;
use crate::crypto::kerberos::MacKey;
use crate::spi::error::{Error, Result};
use crate::wire::kerberos::numbers::ad_type;
use crate::wire::kerberos::{AuthorizationDataEntry, EncTicketPart};
use crate::wire::pac::{Pac, Signature, kind};

/// The keys that signed.
pub struct Signers<'a> {
    /// The key that decrypted the ticket.
    pub service: &'a MacKey,
    /// Those of the realm's KDC, where this machine has them; most have none.
    pub kdc: &'a [&'a MacKey],
}

/// Proof that the KDC made the PAC: it was signed with the service's key.
pub(super) struct SignaturesVerified(());

impl SignaturesVerified {
    /// The server's signature is over all of the PAC (2.8.1). The others are the KDC's own affair:
    /// they must have the shape of signatures, and hold where there is a key to tell.
    pub fn check(pac: &Pac<'_>, part: &mut EncTicketPart, signers: &Signers<'_>) -> Result<Self> {
        let server = required(pac, kind::SERVER_CHECKSUM, "the server")?;
        let kdc = required(pac, kind::KDC_CHECKSUM, "the KDC")?;
        let ticket = pac.signature(kind::TICKET_CHECKSUM)?;
        let full = pac.signature(kind::FULL_CHECKSUM)?;
        let signed = pac.signed(&[kind::SERVER_CHECKSUM, kind::KDC_CHECKSUM])?;
        if !verifies(signers.service, &server, &signed) {
            return Err(refused("the server's signature does not verify with the ticket's key"));
        }
        if signers.kdc.is_empty() {
            return Ok(Self(()));
        }
        by_kdc(signers, &kdc, &[server.checksum], "KDC")?;
        if let Some(full) = full {
            let kinds = [kind::SERVER_CHECKSUM, kind::KDC_CHECKSUM, kind::FULL_CHECKSUM];
            by_kdc(signers, &full, &pac.signed(&kinds)?, "extended KDC")?;
        }
        if let Some(ticket) = ticket {
            let (signed, elements) =
                (without_pac(&part.authorization_data)?, &mut part.authorization_data);
            let kept = std::mem::replace(elements, signed);
            let der = part.to_der_secret();
            part.authorization_data = kept;
            by_kdc(signers, &ticket, &[der.expose()], "ticket")?;
        }
        Ok(Self(()))
    }
}

fn required<'a>(pac: &Pac<'a>, kind: u32, whose: &str) -> Result<Signature<'a>> {
    pac.signature(kind)?.ok_or_else(|| refused(&format!("{whose} did not sign it")))
}

/// With one of the KDC's keys. A signature that none of them can have made is no signature: who
/// has the service's key could have made it (attack P7).
fn by_kdc(
    signers: &Signers<'_>,
    signature: &Signature<'_>,
    signed: &[&[u8]],
    name: &str,
) -> Result<()> {
    if signers.kdc.iter().any(|key| verifies(key, signature, signed)) {
        return Ok(());
    }
    let story = format!("the {name} signature does not verify with a krbtgt key of the keytab");
    Err(refused(&story))
}

/// Of the key's own type, and no other (attack P2).
fn verifies(key: &MacKey, signature: &Signature<'_>, signed: &[&[u8]]) -> bool {
    signature.checksum_type == key.enctype().checksum_type()
        && key.verify(signed.iter().copied(), signature.checksum)
}

/// The ticket's authorisation data as the ticket signature is over it (2.8.3): one zero is in the
/// PAC's place.
fn without_pac(elements: &[AuthorizationDataEntry]) -> Result<Vec<AuthorizationDataEntry>> {
    let blank = |element: &AuthorizationDataEntry| {
        if element.ad_type != ad_type::IF_RELEVANT {
            return Ok(element.clone());
        }
        let mut inner = AuthorizationDataEntry::list_from_der(&element.ad_data)?;
        let pacs = inner.iter_mut().filter(|inner| inner.ad_type == ad_type::WIN2K_PAC);
        pacs.for_each(|pac| pac.ad_data = vec![0]);
        Ok(AuthorizationDataEntry::if_relevant(&inner))
    };
    elements.iter().map(blank).collect::<Result<_, Error>>()
}
