//! The ticket (RFC 4120 3.2.3): decrypted with a key of ours, valid now, and its realms trusted.

use super::denied::Denied;
use super::ring::{Candidate, KeyRing, is_kdc_service};
use super::transited;
use crate::crypto::kerberos::{Enctype, Key};
use crate::kerberos::credential::AcceptorKeys;
use crate::kerberos::names;
use crate::kerberos::pac::{PacVerified, Signers};
use crate::spi::environment::Environment;
use crate::spi::error::{Error, LocalFault, PeerFault, Result};
use crate::spi::flags::ContextFlags;
use crate::spi::kerberos::{CachedTicket, KerberosSettings, KerberosTime, Principal};
use crate::spi::secret::SecretBytes;
use crate::spi::token::ClientIdentity;
use crate::wire::kerberos::numbers::{ad_type, ap_options, error_code, key_usage, ticket_flags};
use crate::wire::kerberos::{ApReq, AuthorizationDataEntry, EncTicketPart, PrincipalName, Ticket};

/// Proof that a ticket is genuine, for us, and valid.
pub(super) struct TicketVerified {
    client: Principal,
    /// The owner of the key that decrypted it: nothing vouches for the name outside.
    server: Principal,
    session: Key,
    start: KerberosTime,
    end: KerberosTime,
    /// `TicketFlags`
    flags: u32,
    user_to_user: bool,
    /// What the KDC says of the client, if it says anything.
    pac: Option<PacVerified>,
}

/// What a ticket must be, on this machine and now.
pub(super) struct Conditions<'a> {
    /// The enctypes that krb5.conf permits.
    pub permitted: &'a [Enctype],
    /// The time that counts.
    pub now: KerberosTime,
    /// krb5.conf's.
    pub settings: &'a KerberosSettings,
    /// Whether a client needs a PAC.
    pub require_pac: bool,
}

impl<'a> Conditions<'a> {
    /// Those of a world.
    pub fn new(
        permitted: &'a [Enctype],
        now: KerberosTime,
        env: &'a dyn Environment,
    ) -> Result<Self> {
        let settings = env.kerberos()?.settings();
        Ok(Self { permitted, now, settings, require_pac: env.policy().require_pac })
    }
}

impl TicketVerified {
    /// A ticket in a long-term key.
    pub fn with_keys(
        request: &ApReq,
        keys: &AcceptorKeys,
        ring: &KeyRing,
        conditions: &Conditions<'_>,
    ) -> Result<Self, Denied> {
        if request.ap_options & ap_options::USE_SESSION_KEY != 0 {
            let story = "the client wants user-to-user and did not ask for our TGT";
            return Err(Denied::new(error_code::KRB_AP_ERR_NO_TGT, PeerFault::WrongTarget, story));
        }
        let ticket = readable(request)?;
        let enctype = permitted_enctype(ticket.enc_part.etype, conditions.permitted, "the ticket")?;
        let candidate = Candidate::new(&ticket.realm, &ticket.sname, enctype, &ticket.enc_part);
        let ignore_host = conditions.settings.ignore_acceptor_hostname;
        let mut tried = false;
        for key in ring.candidates(keys, &candidate, ignore_host) {
            tried = true;
            if let Ok(plain) = key.cipher().decrypt(&ticket.enc_part.cipher) {
                let kdc = ring.kdc_of(&key.principal.realm);
                let signers = Signers { service: key.mac(), kdc: &kdc };
                return Self::check(&plain, key.principal.clone(), false, &signers, conditions);
            }
        }
        Err(undecipherable(&ticket, keys, enctype, tried))
    }

    /// A ticket in the session key of our TGT (user-to-user, RFC 4120 3.3.3). No keytab is looked
    /// at, and the client must have said which kind of ticket it is.
    pub fn in_session_key(
        request: &ApReq,
        tgt: &CachedTicket,
        conditions: &Conditions<'_>,
    ) -> Result<Self, Denied> {
        if request.ap_options & ap_options::USE_SESSION_KEY == 0 {
            let story = "the client asked for our TGT and does not use it";
            return Err(Denied::new(error_code::KRB_AP_ERR_NO_TGT, PeerFault::WrongTarget, story));
        }
        let ticket = readable(request)?;
        let enctype = permitted_enctype(ticket.enc_part.etype, conditions.permitted, "the ticket")?;
        let not_ours = || {
            let story = "the ticket is not encrypted in the session key of our TGT";
            Denied::new(error_code::KRB_AP_ERR_MODIFIED, PeerFault::WrongTarget, story)
        };
        let key = if enctype.number() == tgt.key.enctype {
            Key::new(enctype, tgt.key.value.expose()).map_err(Error::from)?
        } else {
            return Err(not_ours());
        };
        let plain = key.decrypt(key_usage::TICKET, &ticket.enc_part.cipher);
        let plain = plain.map_err(|_| not_ours())?;
        let signers = Signers { service: &key.mac(key_usage::PA_FOR_USER), kdc: &[] };
        Self::check(&plain, tgt.client.clone(), true, &signers, conditions)
    }

    fn check(
        plain: &SecretBytes,
        server: Principal,
        user_to_user: bool,
        signers: &Signers<'_>,
        conditions: &Conditions<'_>,
    ) -> Result<Self, Denied> {
        let &Conditions { permitted, now, settings, require_pac } = conditions;
        let mut part = EncTicketPart::from_der(plain.expose()).map_err(Error::from)?;
        check_times(&part, now, settings)?;
        check_realm(&part.crealm)?;
        check_realms(&part, &server, settings)?;
        check_restrictions(&part.authorization_data)?;
        let enctype = permitted_enctype(part.key.enctype, permitted, "the session key")?;
        let session = Key::new(enctype, part.key.value.expose()).map_err(Error::from)?;
        let pac = check_pac(&mut part, signers, require_pac)?;
        Ok(Self {
            client: part.cname.into_principal(part.crealm),
            server,
            session,
            start: part.starttime.unwrap_or(part.authtime),
            end: part.endtime,
            flags: part.flags,
            user_to_user,
            pac,
        })
    }

    /// Whose ticket it is.
    pub const fn client(&self) -> &Principal {
        &self.client
    }

    /// Who that is: what the KDC says of it, or no more than the name.
    pub fn into_identity(self) -> ClientIdentity {
        match self.pac {
            Some(pac) => pac.into_vouched().identity(self.client),
            None => names::identity(self.client),
        }
    }

    /// Whether this is the client's name.
    pub fn is_client(&self, realm: &str, name: &PrincipalName) -> bool {
        self.client.realm == realm && self.client.components == name.name_string
    }

    /// For whom it is.
    pub const fn server(&self) -> &Principal {
        &self.server
    }

    /// The session key.
    pub const fn session(&self) -> &Key {
        &self.session
    }

    /// Since when it is valid.
    pub const fn start(&self) -> KerberosTime {
        self.start
    }

    /// Until when.
    pub const fn end(&self) -> KerberosTime {
        self.end
    }

    /// Its `TicketFlags`. What they permit the KDC decides, and no server (attack K29).
    pub const fn ticket_flags(&self) -> u32 {
        self.flags
    }

    /// What the kind of ticket adds to the context's flags.
    pub const fn flags(&self) -> ContextFlags {
        if self.user_to_user { ContextFlags::USE_SESSION_KEY } else { ContextFlags::empty() }
    }
}

/// The ticket's open part. A ticket for the KDC itself is for no service (attack K5).
fn readable(request: &ApReq) -> Result<Ticket, Denied> {
    let ticket = request.ticket.parse().map_err(Error::from)?;
    if is_kdc_service(&ticket.sname.name_string) {
        let story = "the ticket is for the KDC and not for a service";
        return Err(Denied::new(error_code::KRB_AP_ERR_NOT_US, PeerFault::WrongTarget, story));
    }
    Ok(ticket)
}

/// An enctype that krb5.conf permits (attack K14).
pub(super) fn permitted_enctype(
    number: i32,
    permitted: &[Enctype],
    what: &str,
) -> Result<Enctype, Denied> {
    let enctype = Enctype::from_number(number).filter(|enctype| permitted.contains(enctype));
    enctype.ok_or_else(|| {
        let story = format!("{what} is of enctype {number}, which is not permitted");
        Denied::new(error_code::KDC_ERR_ETYPE_NOSUPP, PeerFault::EnctypeRefused, story)
    })
}

fn undecipherable(ticket: &Ticket, keys: &AcceptorKeys, enctype: Enctype, tried: bool) -> Denied {
    let name = names::unparse(&ticket.sname.in_realm(&ticket.realm));
    let name: String = name.chars().take(256).collect();
    let kvno = ticket.enc_part.kvno.unwrap_or(0);
    let what = format!("the ticket for {name}, {enctype}, kvno {kvno}");
    let known = |components: &[String]| {
        keys.any_name || keys.entries.iter().any(|entry| entry.principal.components == components)
    };
    let ours = known(&ticket.sname.name_string);
    let source = &keys.source;
    if !tried && (ours || keys.entries.is_empty()) {
        let story = format!("{what}: {source} has no key for it");
        return Denied::new(error_code::KRB_AP_ERR_NOKEY, LocalFault::NoServiceKey, story);
    }
    let story = format!("{what}: no key of {source} decrypts it");
    let fault = if ours { PeerFault::LogonDenied } else { PeerFault::WrongTarget };
    Denied::new(error_code::KRB_AP_ERR_MODIFIED, fault, story)
}

/// Valid, begun, and not over; clocks may be apart by the skew.
fn check_times(
    part: &EncTicketPart,
    now: KerberosTime,
    settings: &KerberosSettings,
) -> Result<(), Denied> {
    let skew = i64::try_from(settings.clock_skew.as_secs()).unwrap_or(i64::MAX);
    let start = part.starttime.unwrap_or(part.authtime);
    let expired = |code, story: &str| Err(Denied::new(code, PeerFault::TicketExpired, story));
    if part.flags & ticket_flags::INVALID != 0 {
        return expired(error_code::KRB_AP_ERR_TKT_NYV, "the ticket was never validated");
    }
    if start.0.saturating_sub(skew) > now.0 {
        return expired(error_code::KRB_AP_ERR_TKT_NYV, "the ticket is not valid yet");
    }
    if part.endtime < start || part.endtime.0.saturating_add(skew) < now.0 {
        return expired(error_code::KRB_AP_ERR_TKT_EXPIRED, "the ticket has expired");
    }
    Ok(())
}

/// A realm that can be none is nobody's: whoever reads the name as a C string, or in a line of a
/// log, would see another one (attack K31).
fn check_realm(realm: &str) -> Result<(), Denied> {
    if names::may_be_realm(realm) {
        return Ok(());
    }
    let story = "the client's realm is empty, endless or has control characters";
    Err(Denied::new(error_code::KRB_AP_PATH_NOT_ACCEPTED, PeerFault::LogonDenied, story))
}

/// RFC 4120 2.7: the KDC may have looked at the realms on the way itself, and then says so.
fn check_realms(
    part: &EncTicketPart,
    server: &Principal,
    settings: &KerberosSettings,
) -> Result<(), Denied> {
    if part.flags & ticket_flags::TRANSITED_POLICY_CHECKED != 0 {
        return Ok(());
    }
    let (path, client) = (&part.transited, &part.crealm);
    transited::check(path.tr_type, &path.contents, client, &server.realm, settings).map_err(
        |story| Denied::new(error_code::KRB_AP_PATH_NOT_ACCEPTED, PeerFault::LogonDenied, story),
    )
}

/// A PAC holds, or the ticket does not; without one the client is a name, where that is enough.
fn check_pac(
    part: &mut EncTicketPart,
    signers: &Signers<'_>,
    required: bool,
) -> Result<Option<PacVerified>, Denied> {
    let pac = PacVerified::check(part, signers)
        .map_err(|error| Denied::of(error_code::KRB_AP_ERR_MODIFIED, error))?;
    if required && pac.is_none() {
        let story = "the ticket has no PAC, which RequirePac demands";
        return Err(Denied::new(error_code::KRB_ERR_GENERIC, PeerFault::PacRefused, story));
    }
    Ok(pac)
}

/// RFC 4120 5.2.6: what restricts a ticket and is not understood makes it worthless, unless it is
/// said to be no more than a hint.
pub(super) fn check_restrictions(elements: &[AuthorizationDataEntry]) -> Result<(), Denied> {
    const HARMLESS: [i32; 5] = [
        ad_type::IF_RELEVANT,
        ad_type::KDC_ISSUED,
        ad_type::MANDATORY_FOR_KDC,
        ad_type::INITIAL_VERIFIED_CAS,
        ad_type::WIN2K_PAC,
    ];
    match elements.iter().find(|element| !HARMLESS.contains(&element.ad_type)) {
        None => Ok(()),
        Some(element) => {
            let story = format!("the ticket is restricted by unknown data {}", element.ad_type);
            Err(Denied::new(error_code::KRB_ERR_GENERIC, PeerFault::LogonDenied, story))
        }
    }
}
