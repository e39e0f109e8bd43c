//! The messages of Kerberos V5 (RFC 4120, 3244, 4537, 6806, [MS-KILE], [MS-SFU]), and the
//! formats of its files.
//!
//! Messages are values that own what they hold. An embedded ticket stays as its bytes. Reading
//! is strict DER: nothing may be missing, repeated, out of order or left over. Optional lists
//! that are empty are not written.

mod ap;
mod asn1;
mod authorization;
pub mod ccache;
mod checksum8003;
mod cred;
mod error;
mod kdc;
pub mod keytab;
mod kpasswd;
pub mod numbers;
mod octets;
mod preauth;
mod private;
mod s4u;
mod ticket;
mod types;
mod unparse;

use std::fmt;

pub use ap::{ApRep, ApReq, Authenticator, EncApRepPart, TgtRep, TgtReq};
pub use asn1::MAX_MESSAGE;
pub(super) use asn1::Writer;
pub use authorization::{ApOptions, AuthorizationDataEntry, EtypeList};
pub use checksum8003::{GssChecksum, GssExtension};
pub use cred::{EncKrbCredPart, KrbCred, KrbCredInfo};
pub use error::{KerbErrorData, KerbExtError, KrbError, TypedData};
pub use kdc::{EncKdcRepPart, KdcMessage, KdcRep, KdcReq, KdcReqBody, LastReq};
pub use kpasswd::{
    ChangePasswdData, KpasswdMessage, KpasswdReply, KpasswdRequest, KpasswdResult, PasswordPolicy,
    VERSION_CHANGE, VERSION_SET,
};
pub use octets::{FormatError, MAX_FILE};
pub use preauth::{
    EtypeInfo2Entry, EtypeInfoEntry, PaData, PaEncTsEnc, PaPacOptions, PaPacRequest,
};
pub use private::{EncKrbPrivPart, KrbPriv};
pub use s4u::{EncodedUserId, PaForUser, PaS4uX509User, S4uUserId};
pub use ticket::{EncTicketPart, EncodedTicket, Ticket, TransitedEncoding};
pub use types::{Checksum, EncryptedData, HostAddress, PrincipalName};
pub use unparse::unparse;

use crate::spi::error::{Error, PeerFault};

/// Bytes that are not the message that they should be. As an [`Error`] it is a malformed token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireError(String);

impl WireError {
    fn new(name: &str, why: impl fmt::Display) -> Self {
        Self(format!("malformed {name}: {why}"))
    }
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WireError {}

impl From<WireError> for Error {
    fn from(error: WireError) -> Self {
        Self::new(PeerFault::MalformedToken, error.0)
    }
}

/// The number of the APPLICATION tag that a message begins with (RFC 4120 5.10), which tells
/// what it is before it is read: [`numbers::application`].
pub fn application_tag(message: &[u8]) -> Option<u8> {
    message.first().filter(|first| *first & 0xE0 == 0x60).map(|first| first & 0x1F)
}
