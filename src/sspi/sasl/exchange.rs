//! The two messages of a layer's agreement, protected by the context itself.
//!
//! Holds: their protection. May use: `established`, `spi`. Must not touch: everything else.

use zeroize::Zeroize;

use crate::spi::error::{Error, LocalFault, PeerFault, Result};
use crate::spi::message::{Part, Qop};
use crate::sspi::established::Established;

/// Signs a message in the form of `GSS_Wrap` with conf_flag FALSE.
pub fn wrap(established: &Established, message: &[u8]) -> Result<Vec<u8>> {
    let mut token = vec![0; established.sizes.security_trailer as usize];
    let mut padding = vec![0; established.sizes.block_size as usize];
    let mut data = message.to_vec();
    let mut parts = [Part::Data(&mut data)];
    let sealed =
        established.sender()?.seal(Qop::WrapNoEncrypt, &mut parts, &mut token, &mut padding, 0)?;
    let token = token.get(..sealed.token).ok_or(LocalFault::Internal)?;
    let padding = padding.get(..sealed.padding).ok_or(LocalFault::Internal)?;
    Ok([token, &data, padding].concat())
}

/// Opens the peer's message. RFC 4752 has it signed; one that is encrypted as well is as good.
pub fn unwrap(established: &Established, token: &[u8]) -> Result<Vec<u8>> {
    if token.is_empty() {
        let story = "the message that agrees on the security layer is missing";
        return Err(Error::new(PeerFault::MalformedToken, story));
    }
    let mut stream = token.to_vec();
    let opened = established
        .receiver()?
        .unseal_stream(&mut stream, 0)
        .map_err(|error| error.context("the message that agrees on the security layer"))?;
    let message = stream.get(opened.data).ok_or(LocalFault::Internal)?.to_vec();
    stream.zeroize();
    Ok(message)
}
