//! Channel bindings (RFC 2744 3.11, [MS-NLMP] 3.1.5.1.2).

use crate::crypto::digest::md5;
use crate::spi::bindings::ChannelBindings;
use crate::spi::environment::Demand;
use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::flags::ContextFlags;

/// `MsvAvChannelBindings`: MD5 over the parts in the order of `gss_channel_bindings_struct`,
/// with little-endian numbers. Zeros mean that there are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BindingsHash(pub [u8; 16]);

impl BindingsHash {
    /// The hash of bindings.
    pub fn of(bindings: &ChannelBindings) -> Self {
        Self(md5(&[&bindings.encoded()]))
    }

    /// None, whether the client said so or said nothing.
    const fn is_none(self) -> bool {
        matches!(self.0, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    }
}

/// What a server does with the client's bindings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BindingsRule {
    /// The server's own, if the program gave some.
    pub ours: Option<BindingsHash>,
    /// Requirements of the program.
    pub flags: ContextFlags,
    /// Policy.
    pub demand: Demand,
}

impl BindingsRule {
    /// Accepts or refuses the client's hash.
    pub fn check(&self, theirs: Option<BindingsHash>) -> Result<()> {
        let proxy = self.flags.contains(ContextFlags::PROXY_BINDINGS);
        if self.demand == Demand::Off || (self.ours.is_none() && !proxy) {
            return Ok(());
        }
        match theirs.filter(|hash| !hash.is_none()) {
            // Behind a proxy the channel is another one, but there must be one.
            Some(_) if proxy => Ok(()),
            Some(hash) if Some(hash) == self.ours => Ok(()),
            Some(_) => Err(refused("the client is bound to another channel")),
            None if self.may_be_missing() => Ok(()),
            None => Err(refused("the client is bound to no channel")),
        }
    }

    fn may_be_missing(&self) -> bool {
        match self.demand {
            Demand::Off | Demand::WhenSent => true,
            Demand::Caller => self.flags.contains(ContextFlags::ALLOW_MISSING_BINDINGS),
            Demand::Always => false,
        }
    }
}

fn refused(story: &str) -> Error {
    Error::new(PeerFault::BadBindings, story)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tls(data: &[u8]) -> ChannelBindings {
        ChannelBindings { application_data: data.to_vec(), ..ChannelBindings::default() }
    }

    #[test]
    fn c1_the_hash_covers_the_whole_structure() {
        let plain = BindingsHash::of(&tls(b"tls-unique:abc"));
        let by_hand = md5(&[&[0; 16], &14_u32.to_le_bytes(), b"tls-unique:abc"]);
        assert_eq!(plain.0, by_hand);
        let big_endian = md5(&[&[0; 16], &14_u32.to_be_bytes(), b"tls-unique:abc"]);
        assert_ne!(plain.0, big_endian);
        let addressed = ChannelBindings { initiator_type: 2, ..tls(b"tls-unique:abc") };
        assert_ne!(BindingsHash::of(&addressed), plain);
    }

    #[test]
    fn c3_c5_the_table_of_the_reference() {
        let (a, b) = (BindingsHash([1; 16]), BindingsHash([2; 16]));
        let zeros = BindingsHash::default();
        let (allow, proxy) = (ContextFlags::ALLOW_MISSING_BINDINGS, ContextFlags::PROXY_BINDINGS);
        let none = ContextFlags::empty();
        let table = [
            (Some(a), none, Some(a), true),
            (Some(a), none, Some(b), false),
            (Some(a), none, Some(zeros), false),
            (Some(a), none, None, false),
            (Some(a), allow, None, true),
            (Some(a), allow, Some(zeros), true),
            (Some(a), allow, Some(b), false),
            (None, proxy, Some(b), true),
            (None, proxy, Some(zeros), false),
            (None, proxy, None, false),
            (None, proxy | allow, None, true),
            (None, none, Some(b), true),
            (None, none, None, true),
        ];
        for (ours, flags, theirs, accepted) in table {
            let rule = BindingsRule { ours, flags, demand: Demand::Caller };
            assert_eq!(rule.check(theirs).is_ok(), accepted, "{rule:?} {theirs:?}");
        }
    }

    #[test]
    fn policy_stands_above_the_caller() {
        let allow = ContextFlags::ALLOW_MISSING_BINDINGS;
        let rule =
            |demand, flags| BindingsRule { ours: Some(BindingsHash([1; 16])), flags, demand };
        assert!(rule(Demand::Always, allow).check(None).is_err());
        assert!(rule(Demand::WhenSent, ContextFlags::empty()).check(None).is_ok());
        let other = Some(BindingsHash([2; 16]));
        assert!(rule(Demand::WhenSent, allow).check(other).is_err());
        assert!(rule(Demand::Off, ContextFlags::empty()).check(other).is_ok());
    }
}
