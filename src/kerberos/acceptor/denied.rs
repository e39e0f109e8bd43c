//! A request that is not accepted, and what the client is told of it.

use crate::kerberos::clock;
use crate::spi::environment::Environment;
use crate::spi::error::{Error, Fault};
use crate::spi::flags::ContextFlags;
use crate::wire::gss::{self, Mechanism, tok_id};
use crate::wire::kerberos::numbers::{ap_options, error_code};
use crate::wire::kerberos::{ApReq, KerbErrorData, KrbError, PrincipalName, TgtReq};

/// Why, for us and for the client.
pub(super) struct Denied {
    /// For us.
    pub error: Error,
    /// For the client; what is malformed or our own affair is not told ([MS-KILE] 3.4.5).
    code: Option<i32>,
}

impl Denied {
    /// A denial that the client is told of.
    pub fn new(code: i32, fault: impl Into<Fault>, story: impl Into<String>) -> Self {
        Self::of(code, Error::new(fault, story))
    }

    /// The same, of an error that is there.
    pub const fn of(code: i32, error: Error) -> Self {
        Self { error, code: Some(code) }
    }

    /// The clocks are apart.
    pub const fn is_skew(&self) -> bool {
        matches!(self.code, Some(error_code::KRB_AP_ERR_SKEW))
    }
}

impl<E: Into<Error>> From<E> for Denied {
    fn from(error: E) -> Self {
        Self { error: error.into(), code: None }
    }
}

/// Whether and how the client is told.
pub(super) struct Told<'a> {
    request: &'a ApReq,
    mech: Option<Mechanism>,
    due: bool,
}

const TELLING: ContextFlags = ContextFlags::MUTUAL_AUTH.union(ContextFlags::EXTENDED_ERROR);

impl<'a> Told<'a> {
    /// A client that wants an answer is told, and all are where the server's program says so.
    pub const fn new(mech: Option<Mechanism>, request: &'a ApReq, required: ContextFlags) -> Self {
        let due = request.ap_options & ap_options::MUTUAL_REQUIRED != 0
            || required.contains(ContextFlags::EXTENDED_ERROR);
        Self { request, mech, due }
    }

    /// Takes the flags of the checksum into account.
    pub fn heard(&mut self, flags: ContextFlags) {
        self.due |= flags.intersects(TELLING);
    }

    /// The KRB-ERROR, if one is due. Names are those that the client used: it knows them.
    pub fn token(&self, denied: &Denied, env: &dyn Environment) -> Option<Vec<u8>> {
        let error_code = denied.code.filter(|_| self.due)?;
        let ticket = self.request.ticket.parse().ok()?;
        let e_data = denied.is_skew().then(|| KerbErrorData::skew_recovery().to_der());
        let error = KrbError { e_data, ..error(error_code, ticket.realm, ticket.sname, env) };
        let message = error.to_der();
        Some(match self.mech {
            Some(mech) => gss::frame(mech, tok_id::ERROR, &message),
            None => message,
        })
    }
}

/// What a client is told that asks for our TGT when there is none (user-to-user).
pub(super) fn no_tgt(request: TgtReq, env: &dyn Environment) -> Vec<u8> {
    let name = request.server_name;
    let name = name.unwrap_or(PrincipalName { name_type: 0, name_string: Vec::new() });
    let realm = request.realm.unwrap_or_default();
    let message = error(error_code::KRB_AP_ERR_NO_TGT, realm, name, env).to_der();
    gss::frame(Mechanism::UserToUser, tok_id::ERROR, &message)
}

fn error(error_code: i32, realm: String, sname: PrincipalName, env: &dyn Environment) -> KrbError {
    let (stime, susec) = clock::kerberos_time(env.now(), 0);
    KrbError {
        ctime: None,
        cusec: None,
        stime,
        susec,
        error_code,
        crealm: None,
        cname: None,
        realm,
        sname,
        e_text: None,
        e_data: None,
    }
}
