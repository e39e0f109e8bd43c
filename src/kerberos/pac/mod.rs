//! The PAC of a ticket ([MS-PAC], [MS-KILE] 3.4.5.3): found, verified, compared with the ticket.
//!
//! Nothing of its contents is looked at before the server's signature holds. A PAC that is there
//! and does not hold refuses the ticket: the client that it was made for cannot be told.

mod identity;
mod signatures;

pub(super) use self::identity::Vouched;
use self::signatures::SignaturesVerified;
pub(super) use self::signatures::Signers;
use super::names;
use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::kerberos::KerberosTime;
use crate::wire::kerberos::numbers::{ad_type, name_type};
use crate::wire::kerberos::{AuthorizationDataEntry, EncTicketPart};
use crate::wire::pac::{ClientInfo, Pac, kind};

/// Proof that the KDC which made a ticket says this of its client.
pub(super) struct PacVerified(Vouched);

impl PacVerified {
    /// Finds and verifies the PAC of a decrypted ticket; `None` when there is none.
    pub fn check(part: &mut EncTicketPart, signers: &Signers<'_>) -> Result<Option<Self>> {
        let Some(bytes) = find(&part.authorization_data)? else { return Ok(None) };
        let pac = Pac::parse(&bytes)?;
        let proof = SignaturesVerified::check(&pac, part, signers)?;
        check_client(&pac, part)?;
        Vouched::read(&pac, &proof).map(|vouched| Some(Self(vouched)))
    }

    /// What it says.
    pub fn into_vouched(self) -> Vouched {
        self.0
    }
}

/// The PAC, which is in an AD-IF-RELEVANT of the ticket and nowhere else (attack P5). Of two
/// none is the one that was meant.
fn find(elements: &[AuthorizationDataEntry]) -> Result<Option<Vec<u8>>> {
    let mut found = None;
    for element in elements.iter().filter(|element| element.ad_type == ad_type::IF_RELEVANT) {
        for inner in AuthorizationDataEntry::list_from_der(&element.ad_data)? {
            if inner.ad_type == ad_type::WIN2K_PAC && found.replace(inner.ad_data).is_some() {
                return Err(refused("it has two of them"));
            }
        }
    }
    Ok(found)
}

/// A PAC belongs into the ticket whose client and time of logon it names (2.7).
fn check_client(pac: &Pac<'_>, part: &EncTicketPart) -> Result<()> {
    let info = pac.buffer(kind::CLIENT_INFO).ok_or_else(|| refused("it does not say whose"))?;
    let info = ClientInfo::from_bytes(info)?;
    if KerberosTime::of(info.client_id) != part.authtime {
        return Err(refused("it is of another logon than the ticket"));
    }
    if is_client(&info.name, part) {
        return Ok(());
    }
    let client = part.cname.in_realm(&part.crealm);
    let (theirs, ours) = (excerpt(&info.name), names::unparse(&client));
    Err(refused(&format!("it is {theirs}'s and the ticket is {}'s", excerpt(&ours))))
}

/// The name of the ticket without its realm, as KDCs write it; some write the realm of a foreign
/// client too, and no escapes in a name that is one component by its type.
fn is_client(name: &str, part: &EncTicketPart) -> bool {
    let cname = &part.cname;
    if cname.name_type == name_type::ENTERPRISE && cname.name_string == [name] {
        return true;
    }
    names::parse(name).is_some_and(|named| {
        named.components == cname.name_string
            && (named.realm.is_empty() || named.realm == part.crealm)
    })
}

fn excerpt(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(100).collect()
}

fn refused(why: &str) -> Error {
    Error::new(PeerFault::PacRefused, format!("the ticket's PAC is not accepted: {why}"))
}
