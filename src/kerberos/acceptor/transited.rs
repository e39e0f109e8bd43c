//! Through which realms a client's ticket came (RFC 4120 3.3.3.2), and whether they may vouch
//! for it.

use std::collections::HashSet;

use crate::spi::kerberos::KerberosSettings;

/// `DOMAIN-X500-COMPRESS`
const DOMAIN_X500_COMPRESS: i32 = 1;

/// More realms than any chain of trusts has.
const MAX_REALMS: usize = 64;
/// A longer list names no more of them.
const MAX_LENGTH: usize = 4096;

/// Checks the transited realms of a ticket; the error says which may not be there.
pub fn check(
    tr_type: i32,
    contents: &[u8],
    client: &str,
    server: &str,
    settings: &KerberosSettings,
) -> Result<(), String> {
    if matches!(contents, [] | [0]) {
        // One hop at most: the two realms trust each other.
        return Ok(());
    }
    if tr_type != DOMAIN_X500_COMPRESS {
        return Err(format!("the list of realms has the unknown form {tr_type}"));
    }
    let realms = expand(contents, client, server)
        .ok_or_else(|| "the list of realms cannot be read".to_owned())?;
    let trusted = trusted(client, server, settings);
    match realms.iter().find(|realm| !trusted.contains(realm.as_str())) {
        None => Ok(()),
        Some(realm) => Err(format!("{realm:?} does not stand between {client} and {server}")),
    }
}

/// The realms that may stand between two: those of `[capaths]`, else those above either.
fn trusted(client: &str, server: &str, settings: &KerberosSettings) -> HashSet<String> {
    let configured = settings.capaths.get(client).and_then(|paths| paths.get(server));
    let between = match configured {
        Some(path) => path.iter().filter(|realm| *realm != ".").cloned().collect(),
        None => between(client, server),
    };
    between.into_iter().chain([client.to_owned(), server.to_owned()]).collect()
}

/// The realms on the way up from one to what both have in common, and down to the other.
fn between(from: &str, to: &str) -> Vec<String> {
    let (up, down) = (with_parents(from), with_parents(to));
    let common = up.iter().find(|realm| down.contains(realm)).copied();
    let top = up.iter().position(|realm| Some(*realm) == common);
    let above = up.iter().take(top.map_or(up.len(), |top| top.saturating_add(1)));
    let below: Vec<_> = down.iter().take_while(|realm| Some(**realm) != common).collect();
    let way = above.chain(below.into_iter().rev());
    way.filter(|realm| **realm != from && **realm != to).map(|realm| (*realm).to_owned()).collect()
}

/// A realm, and what follows each of its dots.
fn with_parents(realm: &str) -> Vec<&str> {
    let dots = realm.match_indices('.');
    let parents = dots.filter_map(|(at, _)| realm.get(at.saturating_add(1)..));
    [realm].into_iter().chain(parents).collect()
}

/// Takes the compression off. `None` for a list that is malformed or endless.
fn expand(contents: &[u8], client: &str, server: &str) -> Option<Vec<String>> {
    // Realms are compared with all that stand above others.
    if contents.len() > MAX_LENGTH {
        return None;
    }
    let text = std::str::from_utf8(contents).ok()?;
    let mut realms: Vec<String> = Vec::new();
    let mut gap = false;
    let mut previous = client.to_owned();
    for field in fields(text)? {
        if field.text.is_empty() {
            // All realms between the neighbours.
            gap = true;
            continue;
        }
        let realm = field.whole(realms.last().map(String::as_str))?;
        if gap {
            realms.extend(between(&previous, &realm));
            gap = false;
        }
        previous.clone_from(&realm);
        realms.push(realm);
        if realms.len() > MAX_REALMS {
            return None;
        }
    }
    if gap {
        realms.extend(between(&previous, server));
    }
    Some(realms)
}

/// A subfield, its quotes taken off.
#[derive(Default)]
struct Field {
    text: String,
    /// A leading space, or a quote before the last dot: this is no abbreviation.
    begins_whole: bool,
    ends_whole: bool,
}

impl Field {
    /// The realm: a field that ends in a dot goes before its predecessor, one that begins with a
    /// slash behind it.
    fn whole(self, previous: Option<&str>) -> Option<String> {
        if self.text.ends_with('.') && !self.ends_whole {
            return Some([&self.text, previous?].concat());
        }
        match previous {
            Some(previous) if self.text.starts_with('/') && !self.begins_whole => {
                Some([previous, &self.text].concat())
            }
            _ => Some(self.text),
        }
    }
}

fn fields(text: &str) -> Option<Vec<Field>> {
    let mut fields = Vec::new();
    let mut field = Field::default();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            ',' => fields.push(std::mem::take(&mut field)),
            ' ' if field.text.is_empty() && !field.begins_whole => field.begins_whole = true,
            '\\' => {
                field.text.push(chars.next()?);
                field.ends_whole = true;
            }
            '\0' => return None,
            c => {
                field.text.push(c);
                field.ends_whole = false;
            }
        }
        if fields.len() > MAX_REALMS {
            return None;
        }
    }
    fields.push(field);
    Some(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(text: &str, client: &str, server: &str) -> Vec<String> {
        expand(text.as_bytes(), client, server).unwrap()
    }

    fn list(realms: &[&str]) -> Vec<String> {
        realms.iter().map(|&realm| realm.to_owned()).collect()
    }

    #[test]
    fn the_examples_of_the_rfc() {
        let (a, b) = ("CLIENT", "SERVER");
        assert_eq!(
            expanded("EDU,MIT.,ATHENA.,WASHINGTON.EDU,CS.", a, b),
            list(&["EDU", "MIT.EDU", "ATHENA.MIT.EDU", "WASHINGTON.EDU", "CS.WASHINGTON.EDU"])
        );
        assert_eq!(
            expanded("/COM,/HP,/APOLLO, /COM/DEC", a, b),
            list(&["/COM", "/COM/HP", "/COM/HP/APOLLO", "/COM/DEC"])
        );
        let (client, server) = ("ATHENA.MIT.EDU", "CS.WASHINGTON.EDU");
        let way = list(&["MIT.EDU", "EDU", "WASHINGTON.EDU"]);
        assert_eq!(expanded(",", client, server), way);
        assert_eq!(expanded(",EDU,", client, server), list(&["MIT.EDU", "EDU", "WASHINGTON.EDU"]));
        assert_eq!(expanded("A\\,B\\.", a, b), list(&["A,B."]));
    }

    #[test]
    fn ways_go_up_and_down() {
        assert_eq!(between("A.B.C", "X.B.C"), ["B.C"]);
        assert_eq!(between("A.B.C", "C"), ["B.C"]);
        assert_eq!(between("C", "A.B.C"), ["B.C"]);
        assert_eq!(between("B.C", "A.B.C"), <[&str; 0]>::default());
        assert_eq!(between("E.COM", "F.ORG"), ["COM", "ORG"]);
        assert_eq!(between("ONE", "TWO"), <[&str; 0]>::default());
        assert_eq!(between("", "."), [""; 0]);
        assert_eq!(between("A", "A"), [""; 0]);
    }

    #[test]
    fn k19_only_realms_on_the_way_may_vouch() {
        let mut settings = KerberosSettings::default();
        let check = |settings: &KerberosSettings, tr_type, contents: &[u8]| {
            check(tr_type, contents, "A.X.COM", "B.Y.COM", settings).is_ok()
        };
        assert!(check(&settings, 1, b"X.COM,COM,Y."), "hierarchy");
        assert!(check(&settings, 1, b","), "hierarchy, implied");
        assert!(check(&settings, 0, b""), "direct");
        assert!(!check(&settings, 0, b"X.COM"), "unknown form");
        assert!(!check(&settings, 2, b"X.COM"), "unknown form");
        assert!(!check(&settings, 1, b"EVIL.COM"));
        assert!(!check(&settings, 1, b"X.COM,EVIL."));
        let endless = b"A.".repeat(100_000);
        for malformed in [&b"X.COM\\"[..], b"\0X", b"\xFF", b"AB.", &[b','; 1000], &endless] {
            let result = check(&settings, 1, malformed);
            assert!(!result, "{malformed:?}");
        }
        let path = |realms: &[&str]| {
            let realms = realms.iter().map(|&realm| realm.to_owned()).collect::<Vec<_>>();
            [("A.X.COM".to_owned(), [("B.Y.COM".to_owned(), realms)].into())].into()
        };
        settings.capaths = path(&["HUB"]);
        assert!(check(&settings, 1, b"HUB"));
        assert!(!check(&settings, 1, b"X.COM"), "capaths stand above the hierarchy");
        assert!(!check(&settings, 1, b","), "and above what is implied");
        settings.capaths = path(&["."]);
        assert!(!check(&settings, 1, b"HUB"), "a dot means that the trust is direct");
    }
}
