//! Channel bindings (RFC 4121 4.1.1.2) and what a server does with them.

use crate::crypto::digest::md5;
use crate::spi::bindings::ChannelBindings;
use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::flags::ContextFlags;

/// `Bnd`: MD5 over the parts of `gss_channel_bindings_struct` in their order, with little-endian
/// numbers. Zeros mean that there are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BindingsHash(pub [u8; 16]);

impl BindingsHash {
    /// The hash of bindings.
    pub fn of(bindings: &ChannelBindings) -> Self {
        Self(md5(&[&bindings.encoded()]))
    }
}

/// What a client says of its channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claimed {
    /// Nothing: no checksum that could hold bindings, or zeros of a client that may not know them.
    Nothing,
    /// That there is no channel: zeros of a client that knows bindings (`KERB_AP_OPTIONS_CBT`).
    NoChannel,
    /// A channel.
    Channel(BindingsHash),
}

impl Claimed {
    /// What the hash of a checksum says.
    pub fn new(hash: BindingsHash, knows_bindings: bool) -> Self {
        match knows_bindings {
            _ if hash != BindingsHash::default() => Self::Channel(hash),
            true => Self::NoChannel,
            false => Self::Nothing,
        }
    }

    /// Accepts or refuses a client, by the server's own bindings and its requirements.
    pub fn check(self, ours: Option<BindingsHash>, required: ContextFlags) -> Result<()> {
        let proxy = required.contains(ContextFlags::PROXY_BINDINGS);
        if ours.is_none() && !proxy {
            return Ok(());
        }
        match self {
            // Behind a proxy the channel is another one, but there must be one.
            Self::Channel(_) if proxy => Ok(()),
            Self::Channel(hash) if Some(hash) == ours => Ok(()),
            Self::Channel(_) => Err(refused("the client is bound to another channel")),
            Self::NoChannel => Err(refused("the client knows bindings and has no channel")),
            Self::Nothing if required.contains(ContextFlags::ALLOW_MISSING_BINDINGS) => Ok(()),
            Self::Nothing => Err(refused("the client is bound to no channel")),
        }
    }
}

fn refused(story: &str) -> Error {
    Error::new(PeerFault::BadBindings, story)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c1_kerberos_hashes_the_whole_structure() {
        let tls = ChannelBindings {
            application_data: b"tls-unique:abc".to_vec(),
            ..ChannelBindings::default()
        };
        let plain = BindingsHash::of(&tls);
        let by_hand = md5(&[&[0; 16], &14_u32.to_le_bytes(), b"tls-unique:abc"]);
        assert_eq!(plain.0, by_hand);
        let addressed = ChannelBindings { acceptor: vec![127, 0, 0, 1], ..tls };
        assert_ne!(BindingsHash::of(&addressed), plain);
    }

    #[test]
    fn c3_c5_the_table_of_the_reference_for_kerberos() {
        let (a, b) = (BindingsHash([1; 16]), BindingsHash([2; 16]));
        let (allow, proxy) = (ContextFlags::ALLOW_MISSING_BINDINGS, ContextFlags::PROXY_BINDINGS);
        let none = ContextFlags::empty();
        let claims =
            [Claimed::Channel(a), Claimed::Channel(b), Claimed::NoChannel, Claimed::Nothing];
        let table = [
            (Some(a), none, [true, false, false, false]),
            (Some(a), allow, [true, false, false, true]),
            (Some(a), proxy, [true, true, false, false]),
            (None, proxy, [true, true, false, false]),
            (None, proxy | allow, [true, true, false, true]),
            (None, none, [true; 4]),
            (None, allow, [true; 4]),
        ];
        for (ours, required, results) in table {
            for (claim, accepted) in claims.into_iter().zip(results) {
                let result = claim.check(ours, required);
                assert_eq!(result.is_ok(), accepted, "{ours:?} {required:?} {claim:?}");
            }
        }
    }
}
