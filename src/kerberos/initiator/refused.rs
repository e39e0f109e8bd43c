//! What a KRB-ERROR in the place of an answer means. Nothing in it is protected: it can end a
//! handshake, which an attacker can do anyway, and nothing else.

use crate::spi::error::{Error, PeerFault};
use crate::wire::kerberos::KrbError;
use crate::wire::kerberos::numbers::error_code;

/// A server's refusal.
pub(super) struct Refused<'a>(pub &'a KrbError);

impl Refused<'_> {
    /// The clocks are apart.
    pub const fn is_skew(&self) -> bool {
        self.0.error_code == error_code::KRB_AP_ERR_SKEW
    }

    /// The error, with what the server says.
    pub fn error(&self, spn: &str) -> Error {
        let code = self.0.error_code;
        let text = self.0.e_text.as_deref().unwrap_or_default();
        let text: String = text.chars().filter(|c| !c.is_control()).take(200).collect();
        let story = format!("{spn} refused the ticket: error {code} ({}) {text}", meaning(code));
        Error::new(fault(code), story.trim_end())
    }
}

const fn fault(code: i32) -> PeerFault {
    match code {
        error_code::KRB_AP_ERR_SKEW => PeerFault::TimeSkew,
        error_code::KRB_AP_ERR_TKT_EXPIRED | error_code::KRB_AP_ERR_TKT_NYV => {
            PeerFault::TicketExpired
        }
        error_code::KRB_AP_ERR_MODIFIED
        | error_code::KRB_AP_ERR_BAD_INTEGRITY
        | error_code::KRB_AP_ERR_BADMATCH
        | error_code::KRB_AP_ERR_NOT_US
        | error_code::KRB_AP_ERR_BADKEYVER
        | error_code::KRB_AP_ERR_NOKEY => PeerFault::WrongTarget,
        error_code::KDC_ERR_ETYPE_NOSUPP => PeerFault::EnctypeRefused,
        error_code::KRB_AP_ERR_MUT_FAIL => PeerFault::MutualAuthFailed,
        error_code::KRB_AP_ERR_NO_TGT => PeerFault::NoTgtReply,
        error_code::KRB_AP_ERR_MSG_TYPE | error_code::KRB_AP_ERR_BADVERSION => {
            PeerFault::UnexpectedToken
        }
        _ => PeerFault::LogonDenied,
    }
}

/// The name of a code, for the story.
const fn meaning(code: i32) -> &'static str {
    match code {
        error_code::KRB_AP_ERR_SKEW => "the clocks are too far apart",
        error_code::KRB_AP_ERR_TKT_EXPIRED => "it has expired",
        error_code::KRB_AP_ERR_TKT_NYV => "it is not valid yet",
        error_code::KRB_AP_ERR_REPEAT => "a replay",
        error_code::KRB_AP_ERR_MODIFIED | error_code::KRB_AP_ERR_BAD_INTEGRITY => {
            "the service cannot decrypt it: is the name another account's?"
        }
        error_code::KRB_AP_ERR_BADMATCH => "ticket and authenticator do not fit",
        error_code::KRB_AP_ERR_NOT_US => "it is for somebody else",
        error_code::KRB_AP_ERR_BADKEYVER => "the service has no key of that version",
        error_code::KRB_AP_ERR_NOKEY => "the service has no key",
        error_code::KDC_ERR_ETYPE_NOSUPP => "its enctype is not supported",
        error_code::KRB_AP_ERR_NO_TGT => "the service has no TGT",
        error_code::KRB_AP_ERR_USER_TO_USER_REQUIRED => "the service wants user-to-user",
        error_code::KRB_AP_PATH_NOT_ACCEPTED => "the realms on its way are not trusted",
        _ => "",
    }
}
