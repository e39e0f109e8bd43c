//! The way from realm to realm where no KDC refers (RFC 4120 1.2): `[capaths]`, or the hierarchy
//! of their names.

use crate::spi::kerberos::KerberosSettings;

/// No way is longer.
const LONGEST: usize = 10;

/// A way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// The realms after the first one, in their order; the last is the destination.
    pub realms: Vec<String>,
    /// krb5.conf names it: no other realm may be on it.
    pub configured: bool,
}

/// The way from one realm to another.
pub fn path(from: &str, to: &str, settings: &KerberosSettings) -> Path {
    if let Some(listed) = settings.capaths.get(from).and_then(|of| of.get(to)) {
        let between = listed.iter().filter(|realm| *realm != "." && *realm != to).cloned();
        let realms = between.take(LONGEST).chain([to.to_owned()]).collect();
        return Path { realms, configured: true };
    }
    let mut realms = hierarchy(from, to);
    realms.truncate(LONGEST);
    realms.push(to.to_owned());
    Path { realms, configured: false }
}

/// The realms between two: up from the first to the realm above both, and down from there.
fn hierarchy(from: &str, to: &str) -> Vec<String> {
    let up: Vec<&str> = upwards(from).collect();
    let mut down: Vec<&str> = upwards(to).collect();
    let Some(top) = up.iter().find(|realm| down.contains(realm)) else { return Vec::new() };
    let climbed = up.iter().take_while(|realm| *realm != top);
    down.reverse();
    let descended = down.iter().skip_while(|realm| *realm != top);
    let way = climbed.chain(descended).filter(|realm| **realm != from && **realm != to);
    way.map(|realm| (*realm).to_owned()).collect()
}

/// A realm and those above it: each without its first label.
fn upwards(realm: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(realm), |realm| realm.split_once('.').map(|(_, parent)| parent))
        .filter(|realm| !realm.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn realms(from: &str, to: &str) -> Vec<String> {
        path(from, to, &KerberosSettings::default()).realms
    }

    #[test]
    fn the_hierarchy_goes_up_and_down() {
        assert_eq!(realms("A.B.X", "C.B.X"), ["B.X", "C.B.X"]);
        assert_eq!(realms("A.B.X", "D.C.X"), ["B.X", "X", "C.X", "D.C.X"]);
        assert_eq!(realms("A.X", "X"), ["X"]);
        assert_eq!(realms("A.B.X", "X"), ["B.X", "X"]);
        assert_eq!(realms("X", "A.B.X"), ["B.X", "A.B.X"]);
        assert_eq!(realms("ONE", "OTHER"), ["OTHER"]);
        assert_eq!(realms("", "A.B"), ["A.B"]);
    }

    #[test]
    fn what_is_configured_counts() {
        let listed = |realms: &[&str]| {
            let list = realms.iter().map(|realm| (*realm).to_owned()).collect();
            let of = [("C.X".to_owned(), list)].into();
            let capaths = [("A.X".to_owned(), of)].into();
            let settings = KerberosSettings { capaths, ..KerberosSettings::default() };
            path("A.X", "C.X", &settings)
        };
        assert_eq!(listed(&["."]), Path { realms: vec!["C.X".into()], configured: true });
        assert_eq!(listed(&["H", "I"]).realms, ["H", "I", "C.X"]);
        assert_eq!(listed(&["H"; 50]).realms.len(), LONGEST + 1);
    }
}
