//! How an NTLM server describes itself, as `SECPKG_ATTR_TARGET_INFORMATION` tells it.
//!
//! Holds: AV pairs as target information. May use: `wire`, `spi`. Must not touch: everything else.

use crate::spi::packed::PackedContext;
use crate::spi::target::{Name, TargetInformation, host_of};
use crate::spi::text::from_utf16le;
use crate::wire::ntlm::{AvId, AvPairs};

/// The server of a context: what its AV pairs say, and what the client called it.
pub fn of(context: &PackedContext) -> TargetInformation {
    const NAMES: [(Name, AvId); 5] = [
        (Name::NetbiosServer, AvId::NB_COMPUTER_NAME),
        (Name::DnsServer, AvId::DNS_COMPUTER_NAME),
        (Name::NetbiosDomain, AvId::NB_DOMAIN_NAME),
        (Name::DnsDomain, AvId::DNS_DOMAIN_NAME),
        (Name::DnsTree, AvId::DNS_TREE_NAME),
    ];
    // What a client writes itself may come more than once, and says nothing of the server.
    let ours = [AvId::FLAGS, AvId::SINGLE_HOST, AvId::TARGET_NAME, AvId::CHANNEL_BINDINGS];
    let pairs = AvPairs::decode_except(&context.target_information, &ours).ok();
    let target = context.client_target.as_deref().and_then(host_of);
    let mut information = TargetInformation::new("NTLM").with(Name::Target, target);
    for (name, id) in NAMES {
        let value = pairs.and_then(|pairs| from_utf16le(pairs.find(id)?));
        information = information.with(name, value.as_deref());
    }
    information
}
