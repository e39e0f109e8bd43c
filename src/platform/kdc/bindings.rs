//! Which KDCs this process was told to ask first.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::address::Server;
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::kerberos::KdcBinding;

/// Nobody has more realms; the oldest goes.
const MOST: usize = 64;
const PORT: u16 = 88;
/// Longer than any name of a host with a port.
const LONGEST: usize = 300;

/// Takes a binding in, in the place of an older one of the realm.
pub fn bind(binding: KdcBinding) -> Result<()> {
    if let Err(why) = server_of(&binding) {
        let story = format!("no KDC can be bound: {why}");
        return Err(Error::new(CallerFault::InvalidParameter, story));
    }
    let mut bindings = bindings();
    bindings.retain(|other| !same_realm(&other.realm, &binding.realm));
    bindings.push_front(binding);
    bindings.truncate(MOST);
    Ok(())
}

/// All of them, the latest first.
pub fn all() -> Vec<KdcBinding> {
    bindings().iter().cloned().collect()
}

/// Forgets all.
pub fn purge() {
    bindings().clear();
}

/// The KDC of a realm.
pub fn find(realm: &str) -> Option<Server> {
    let binding = bindings().iter().find(|binding| same_realm(&binding.realm, realm)).cloned()?;
    server_of(&binding).ok()
}

fn bindings() -> MutexGuard<'static, VecDeque<KdcBinding>> {
    static BINDINGS: Mutex<VecDeque<KdcBinding>> = Mutex::new(VecDeque::new());
    BINDINGS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Windows' domains have no case; two realms that differ in nothing else are not known.
fn same_realm(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

fn server_of(binding: &KdcBinding) -> std::result::Result<Server, String> {
    let wrong =
        |text: &str| text.is_empty() || text.len() > LONGEST || text.contains(char::is_control);
    let address = binding.address.strip_prefix("\\\\").unwrap_or(&binding.address);
    if wrong(&binding.realm) || wrong(address) || address.contains(char::is_whitespace) {
        return Err("the realm or the address is none".to_owned());
    }
    Server::parse(address, PORT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::kdc::address::Carrier;

    fn binding(realm: &str, address: &str) -> KdcBinding {
        KdcBinding { realm: realm.into(), address: address.into(), ..KdcBinding::default() }
    }

    /// One test: the table is the process's.
    #[test]
    fn the_latest_binding_of_a_realm_counts_and_what_is_no_address_is_refused() {
        bind(binding("One.Bound.Test", "10.0.0.1")).unwrap();
        bind(binding("TWO.BOUND.TEST", "\\\\kdc.bound.test")).unwrap();
        bind(binding("ONE.BOUND.TEST", "tcp/[::1]:1088")).unwrap();
        let server = find("one.bound.test").unwrap();
        assert_eq!((&*server.host, server.port, server.carrier), ("::1", 1088, Carrier::Tcp));
        assert_eq!(find("TWO.BOUND.TEST").unwrap().host, "kdc.bound.test");
        assert_eq!(find("THREE.BOUND.TEST"), None);
        let ours = |list: Vec<KdcBinding>| {
            list.into_iter().filter(|b| b.realm.ends_with("BOUND.TEST")).count()
        };
        assert_eq!(ours(all()), 2);
        for (realm, address) in [
            ("", "10.0.0.1"),
            ("R", ""),
            ("R", "\\\\"),
            ("R", "https://kdc/"),
            ("R", "a b"),
            ("R", "a\0b"),
            ("R\n", "a"),
            ("R", "kdc:0"),
            ("R", &"a".repeat(301)),
        ] {
            let error = bind(binding(realm, address)).unwrap_err();
            assert_eq!(
                error.fault(),
                CallerFault::InvalidParameter.into(),
                "{realm:?} {address:?}"
            );
        }
        for number in 0..2 * MOST {
            bind(binding(&format!("{number}.MANY"), "10.0.0.1")).unwrap();
        }
        assert_eq!(all().len(), MOST);
        purge();
        assert_eq!(all(), []);
    }
}
