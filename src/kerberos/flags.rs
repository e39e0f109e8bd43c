//! What a context offers, in GSS' numbers (RFC 4121 4.1.1.1, [MS-KILE] 3.2.5.2) and in ours.

use crate::spi::flags::ContextFlags;

/// The type of the pseudo checksum that carries them.
pub const GSS_CHECKSUM: i32 = 0x8003;

/// Our flags beside those of the checksum 0x8003. What has no number there stays on this machine.
const TABLE: [(ContextFlags, u32); 9] = [
    (ContextFlags::DELEGATE, 0x1),
    (ContextFlags::MUTUAL_AUTH, 0x2),
    (ContextFlags::REPLAY_DETECT, 0x4),
    (ContextFlags::SEQUENCE_DETECT, 0x8),
    (ContextFlags::CONFIDENTIALITY, 0x10),
    (ContextFlags::INTEGRITY, 0x20),
    (ContextFlags::DCE_STYLE, 0x1000),
    (ContextFlags::IDENTIFY, 0x2000),
    (ContextFlags::EXTENDED_ERROR, 0x4000),
];

/// What each side decides for itself, without a word to the other.
const LOCAL: ContextFlags =
    ContextFlags::DATAGRAM.union(ContextFlags::CONNECTION).union(ContextFlags::STREAM);

/// Messages out of order are only seen when none can be changed.
const IMPLIES_INTEGRITY: ContextFlags =
    ContextFlags::REPLAY_DETECT.union(ContextFlags::SEQUENCE_DETECT);

/// The flags of a checksum.
pub fn to_gss(flags: ContextFlags) -> u32 {
    let set = TABLE.iter().filter(|(ours, _)| flags.contains(*ours));
    set.fold(0, |gss, (_, number)| gss | number)
}

/// The flags of a checksum, as ours; bits that nobody knows are passed over.
pub fn from_gss(gss: u32) -> ContextFlags {
    let set = TABLE.iter().filter(|(_, number)| gss & number != 0);
    set.fold(ContextFlags::empty(), |flags, (ours, _)| flags | *ours)
}

/// What a client will have, if the peer agrees, of what its caller asks for. Integrity comes
/// unasked, as on Windows, unless the caller does not want it and nothing else needs it.
pub fn wanted(asked: ContextFlags) -> ContextFlags {
    let kinds = from_gss(u32::MAX) | LOCAL | ContextFlags::USE_SESSION_KEY;
    let mut flags = asked & kinds;
    if flags.contains(ContextFlags::DCE_STYLE) {
        flags |= ContextFlags::MUTUAL_AUTH;
    }
    if !flags.contains(ContextFlags::MUTUAL_AUTH) {
        // A server that proves nothing is given nothing.
        flags.remove(ContextFlags::DELEGATE);
    }
    let unwanted = asked.contains(ContextFlags::NO_INTEGRITY);
    if unwanted && !flags.contains(ContextFlags::CONFIDENTIALITY) {
        flags.remove(ContextFlags::INTEGRITY | IMPLIES_INTEGRITY);
    } else {
        flags |= ContextFlags::INTEGRITY;
    }
    with_connection(flags)
}

/// What a server has of its client's wishes, and of its own for what is its own affair.
pub fn accepted(of_client: ContextFlags, required: ContextFlags) -> ContextFlags {
    let own = LOCAL | ContextFlags::IDENTIFY | ContextFlags::EXTENDED_ERROR;
    let mut flags = of_client | (required & own);
    if flags.contains(ContextFlags::DCE_STYLE) {
        // Windows' clients leave the flag out at times.
        flags |= ContextFlags::MUTUAL_AUTH;
    }
    // The order of messages does not: Cyrus SASL's clients ask for it where they want no layer.
    if flags.contains(ContextFlags::CONFIDENTIALITY) {
        flags |= ContextFlags::INTEGRITY;
    }
    with_connection(flags)
}

/// Connection-oriented is the default.
fn with_connection(mut flags: ContextFlags) -> ContextFlags {
    if !flags.contains(ContextFlags::DATAGRAM) {
        flags |= ContextFlags::CONNECTION;
    }
    flags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_documents() {
        assert_eq!(to_gss(ContextFlags::all()), 0x703F);
        for (ours, number) in TABLE {
            assert_eq!((to_gss(ours), from_gss(number)), (number, ours));
        }
        // prot-ready, trans, channel-bound and what nobody knows.
        assert_eq!(from_gss(0xFFFF_8FC0), ContextFlags::empty());
    }

    #[test]
    fn integrity_comes_unasked_unless_it_is_unwanted() {
        let integrity = ContextFlags::INTEGRITY;
        let none = ContextFlags::NO_INTEGRITY;
        assert!(wanted(ContextFlags::empty()).contains(integrity));
        assert!(!wanted(none).contains(integrity));
        let detecting = none | integrity | ContextFlags::SEQUENCE_DETECT;
        assert_eq!(wanted(detecting), ContextFlags::CONNECTION);
        assert!(wanted(none | ContextFlags::CONFIDENTIALITY).contains(integrity));
    }

    #[test]
    fn dce_style_is_mutual_and_delegation_needs_that() {
        let (dce, mutual) = (ContextFlags::DCE_STYLE, ContextFlags::MUTUAL_AUTH);
        let delegate = ContextFlags::DELEGATE;
        assert!(wanted(dce).contains(mutual));
        assert!(accepted(dce, ContextFlags::empty()).contains(mutual));
        assert!(!wanted(delegate).contains(delegate));
        assert!(wanted(delegate | mutual).contains(delegate));
    }

    #[test]
    fn a_server_has_the_integrity_that_its_client_asked_for() {
        let (integrity, order) = (ContextFlags::INTEGRITY, ContextFlags::SEQUENCE_DETECT);
        let nothing = ContextFlags::empty();
        assert!(!accepted(order, nothing).contains(integrity));
        assert!(accepted(order | integrity, nothing).contains(integrity));
        assert!(accepted(ContextFlags::CONFIDENTIALITY, nothing).contains(integrity));
    }

    #[test]
    fn a_servers_own_wishes_give_no_protection() {
        let wishes = ContextFlags::INTEGRITY | ContextFlags::MUTUAL_AUTH | ContextFlags::STREAM;
        let flags = accepted(ContextFlags::empty(), wishes);
        assert_eq!(flags, ContextFlags::STREAM | ContextFlags::CONNECTION);
        let datagram = accepted(ContextFlags::empty(), ContextFlags::DATAGRAM);
        assert_eq!(datagram, ContextFlags::DATAGRAM);
    }
}
