//! Messages of MSV1_0, which is NTLM by its older name.
//!
//! Holds: the challenge and the change of a password. May use: the rest of the boundary, `lsa`.
//! Must not touch: protocols.

use super::reply::Reply;
use super::status::Refused;
use super::submit::Submit;
use super::{Answer, password};
use crate::abi::types::enumerations::_MSV1_0_PROTOCOL_MESSAGE_TYPE as Message;
use crate::abi::types::{STATUS_INVALID_PARAMETER, STATUS_NOT_IMPLEMENTED};
use crate::lsa;
use crate::spi::error::Result;

/// Answers a message. Of those that only Windows' own services send, ntsecapi.h has the number
/// and not the structure.
pub fn call(message: u32, submit: &Submit<'_>) -> Answer {
    const CHALLENGE: u32 = Message::MsV1_0Lm20ChallengeRequest as u32;
    const CHANGE_PASSWORD: u32 = Message::MsV1_0ChangePassword as u32;
    const LAST: u32 = Message::MsV1_0DeleteTbalSecrets as u32;
    match message {
        CHALLENGE => challenge().map(Some).map_err(Refused::from),
        CHANGE_PASSWORD => password::change_msv1_0(submit),
        1..=LAST => {
            let story = format!("MSV1_0 offers no message {message}");
            Err(Refused::new(STATUS_NOT_IMPLEMENTED, story))
        }
        _ => {
            let story = format!("MSV1_0 has no message {message}");
            Err(Refused::new(STATUS_INVALID_PARAMETER, story))
        }
    }
}

/// `MsV1_0Lm20ChallengeRequest`: the type of the message and eight random bytes, to be sent to a
/// client whose answers `LsaLogonUser` verifies.
fn challenge() -> Result<Reply> {
    let challenge = lsa::challenge()?;
    let mut reply = Reply::new(4 + challenge.len());
    reply.put_u32(0, Message::MsV1_0Lm20ChallengeRequest as u32)?;
    reply.put(4, challenge)?;
    Ok(reply)
}
