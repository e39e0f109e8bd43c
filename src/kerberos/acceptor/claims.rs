//! The authenticator's checksum: flags, channel bindings, a delegated ticket (RFC 4121 4.1.1).

use super::authenticator::AuthenticatorVerified;
use super::denied::Denied;
use super::ticket::TicketVerified;
use crate::kerberos::bindings::{BindingsHash, Claimed};
use crate::kerberos::flags;
use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::flags::ContextFlags;
use crate::wire::kerberos::numbers::{ad_type, ap_options, error_code, key_usage};
use crate::wire::kerberos::{
    ApOptions, ApReq, AuthorizationDataEntry, Checksum, EtypeList, GssChecksum,
};

/// Proof that what the client says of the context comes with its authenticator, and can be had.
pub(super) struct ClaimsVerified {
    flags: ContextFlags,
    bindings: Claimed,
    delegation: Option<Vec<u8>>,
    /// RFC 4537: enctypes that the client likes better.
    enctypes: Vec<i32>,
}

impl ClaimsVerified {
    /// Reads and judges; `raw` says that the token had no frame, which is DCE style's alone.
    pub fn check(
        authenticator: &AuthenticatorVerified,
        request: &ApReq,
        raw: bool,
        ticket: &TicketVerified,
    ) -> Result<Self, Denied> {
        let content = authenticator.content();
        let mutual = request.ap_options & ap_options::MUTUAL_REQUIRED != 0;
        let elements = &content.authorization_data;
        let mut claims = match &content.cksum {
            None => Self::nothing(mutual),
            Some(checksum) if checksum.cksumtype == flags::GSS_CHECKSUM => {
                Self::of_gss(checksum, knows_bindings(elements)?)?
            }
            Some(checksum) => Self::of_others(checksum, mutual, ticket)?,
        };
        claims.enctypes = enctypes(elements)?;
        if raw != claims.flags.contains(ContextFlags::DCE_STYLE) {
            let story = "a token without a frame and DCE style go together";
            return Err(Error::new(PeerFault::UnexpectedToken, story).into());
        }
        Ok(claims)
    }

    /// Hand-made clients send no checksum: no flags, and no bindings ([MS-KILE] 3.4.5).
    const fn nothing(mutual: bool) -> Self {
        let flags = if mutual { ContextFlags::MUTUAL_AUTH } else { ContextFlags::empty() };
        Self { flags, bindings: Claimed::Nothing, delegation: None, enctypes: Vec::new() }
    }

    fn of_gss(checksum: &Checksum, knows_bindings: bool) -> Result<Self> {
        let gss = GssChecksum::from_bytes(&checksum.checksum)?;
        Ok(Self {
            flags: flags::from_gss(gss.flags),
            bindings: Claimed::new(BindingsHash(gss.bindings), knows_bindings),
            delegation: gss.delegation,
            enctypes: Vec::new(),
        })
    }

    /// Old Samba: the checksum of nothing. One over data belongs to another protocol, from which
    /// the request was taken (attacks K15, K26).
    fn of_others(
        checksum: &Checksum,
        mutual: bool,
        ticket: &TicketVerified,
    ) -> Result<Self, Denied> {
        let (number, sum) = (checksum.cksumtype, &checksum.checksum);
        let usage = key_usage::AP_REQ_CHECKSUM;
        let verified = ticket.session().verify_checksum(usage, number, &[], sum);
        verified.map_err(|_| {
            let story = format!("the authenticator's checksum of type {number} does not verify");
            Denied::new(error_code::KRB_AP_ERR_INAPP_CKSUM, PeerFault::LogonDenied, story)
        })?;
        let mut claims = Self::nothing(mutual);
        claims.flags |= ContextFlags::REPLAY_DETECT | ContextFlags::SEQUENCE_DETECT;
        Ok(claims)
    }

    /// What the client wants of the context.
    pub const fn flags(&self) -> ContextFlags {
        self.flags
    }

    /// The KRB-CRED of a client that delegates.
    pub fn delegation(&self) -> Option<&[u8]> {
        self.delegation.as_deref()
    }

    /// The enctypes that the client likes better than the session key's, best first.
    pub fn enctypes(&self) -> &[i32] {
        &self.enctypes
    }

    /// Whether the client is at the other end of the server's channel.
    pub fn check_bindings(
        &self,
        ours: Option<BindingsHash>,
        required: ContextFlags,
    ) -> Result<(), Denied> {
        self.bindings
            .check(ours, required)
            .map_err(|error| Denied::of(error_code::KRB_ERR_GENERIC, error))
    }
}

/// `KERB_AP_OPTIONS_CBT`, in any of the elements (attack C4).
fn knows_bindings(elements: &[AuthorizationDataEntry]) -> Result<bool> {
    for element in AuthorizationDataEntry::find(elements, ad_type::AP_OPTIONS)? {
        if ApOptions::from_bytes(&element.ad_data)?.0 & ApOptions::CBT != 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

fn enctypes(elements: &[AuthorizationDataEntry]) -> Result<Vec<i32>> {
    let found = AuthorizationDataEntry::find(elements, ad_type::ETYPE_NEGOTIATION)?;
    match found.first() {
        Some(element) => Ok(EtypeList::from_der(&element.ad_data)?.0),
        None => Ok(Vec::new()),
    }
}
