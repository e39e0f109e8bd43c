//! The forms of an account's name: what a name of each form asks for, and how a value is written
//! in one.

use crate::spi::directory::NameFormat;

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    /// An object, by its distinguished name.
    Dn(String),
    /// An account of the domain with this NetBIOS name; an empty one is the domain itself.
    Sam {
        /// The domain.
        domain: String,
        /// `sAMAccountName`
        user: String,
    },
    /// An account of the domain with this name of DNS.
    Dns {
        /// The domain.
        domain: String,
        /// `sAMAccountName`
        user: String,
    },
    /// `displayName`
    Display(String),
    /// `objectGUID`, as it is stored.
    Guid([u8; 16]),
    /// A canonical name.
    Canonical(String),
    /// A user principal name: one that is written down, else account and domain.
    Principal(String),
    /// A service principal name.
    Service(String),
    /// An account of the server's own domain.
    Account(String),
}

impl Sought {
    /// What a name asks for; `None` when it is no name of this form.
    pub fn of(name: &str, format: NameFormat) -> Option<Self> {
        if name.is_empty() || name.contains('\0') {
            return None;
        }
        match format {
            NameFormat::FullyQualifiedDn => name.contains('=').then(|| Self::Dn(name.to_owned())),
            NameFormat::SamCompatible => {
                let (domain, user) = qualified(name)?;
                Some(Self::Sam { domain, user })
            }
            NameFormat::DnsDomain => {
                let (domain, user) = qualified(name)?;
                Some(Self::Dns { domain, user })
            }
            NameFormat::Display => Some(Self::Display(name.to_owned())),
            NameFormat::UniqueId => guid(name).map(Self::Guid),
            NameFormat::Canonical => canonical(name),
            NameFormat::CanonicalEx => {
                let (above, last) = name.split_once('\n')?;
                canonical(&format!("{above}/{last}"))
            }
            NameFormat::UserPrincipal => {
                let (user, suffix) = name.rsplit_once('@')?;
                let whole = !user.is_empty() && !suffix.is_empty();
                whole.then(|| Self::Principal(name.to_owned()))
            }
            NameFormat::ServicePrincipal => service(name),
            NameFormat::GivenName | NameFormat::Surname => None,
        }
    }

    /// What a name may ask for, judged by its look: the most special form first.
    pub fn guesses(name: &str) -> Vec<Self> {
        const FORMATS: [NameFormat; 9] = [
            NameFormat::FullyQualifiedDn,
            NameFormat::UniqueId,
            NameFormat::SamCompatible,
            NameFormat::DnsDomain,
            NameFormat::UserPrincipal,
            NameFormat::CanonicalEx,
            NameFormat::Canonical,
            NameFormat::ServicePrincipal,
            NameFormat::Display,
        ];
        FORMATS.iter().filter_map(|&format| Self::of(name, format)).collect()
    }
}

/// `{4fa050f0-f561-11cf-bdd9-00aa003a77b6}` of the stored bytes.
pub fn unique_id(stored: &[u8]) -> Option<String> {
    let bytes: &[u8; 16] = stored.try_into().ok()?;
    let mut text = String::with_capacity(38);
    for (place, &at) in GUID_ORDER.iter().enumerate() {
        if [4, 6, 8, 10].contains(&place) {
            text.push('-');
        }
        let byte = bytes.get(at).copied().unwrap_or_default();
        text.push(char::from_digit(u32::from(byte >> 4), 16)?);
        text.push(char::from_digit(u32::from(byte & 0xF), 16)?);
    }
    Some(format!("{{{text}}}"))
}

/// A canonical name with a newline for its last `/`.
pub fn canonical_ex(canonical: &str) -> Option<String> {
    let (above, last) = canonical.split_at_checked(last_slash(canonical)?)?;
    Some(format!("{above}\n{}", last.strip_prefix('/')?))
}

/// The last component of a canonical name, with its escapes undone.
pub fn last_component(canonical: &str) -> Option<String> {
    let (_, last) = canonical.split_at_checked(last_slash(canonical)?)?;
    let mut name = String::new();
    let mut chars = last.strip_prefix('/')?.chars();
    while let Some(c) = chars.next() {
        name.push(if c == '\\' { chars.next()? } else { c });
    }
    Some(name)
}

/// In which order the bytes of a GUID are written: the first three numbers are little-endian.
const GUID_ORDER: [usize; 16] = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

fn guid(text: &str) -> Option<[u8; 16]> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    let groups: Vec<&str> = inner.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    if lengths != [8, 4, 4, 4, 12] {
        return None;
    }
    let digits: Vec<u8> = groups
        .concat()
        .chars()
        .map(|digit| digit.to_digit(16).map(|digit| digit as u8))
        .collect::<Option<_>>()?;
    let mut stored = [0; 16];
    for (pair, &at) in digits.chunks_exact(2).zip(&GUID_ORDER) {
        let &[high, low] = pair else { return None };
        *stored.get_mut(at)? = (high << 4) | low;
    }
    Some(stored)
}

fn qualified(name: &str) -> Option<(String, String)> {
    let (domain, user) = name.split_once('\\')?;
    let good = !domain.is_empty() && !user.contains('\\');
    good.then(|| (domain.to_owned(), user.to_owned()))
}

fn canonical(name: &str) -> Option<Sought> {
    let (domain, _) = name.split_once('/')?;
    let good = !domain.is_empty() && last_slash(name).is_some() && !name.contains('\n');
    good.then(|| Sought::Canonical(name.to_owned()))
}

/// `class/host@realm` is the service of that realm; the directory stores it without.
fn service(name: &str) -> Option<Sought> {
    let bare = name.rsplit_once('@').map_or(name, |(bare, _)| bare);
    let (class, rest) = bare.split_once('/')?;
    (!class.is_empty() && !rest.is_empty()).then(|| Sought::Service(bare.to_owned()))
}

/// Where the last `/` is that no backslash is before.
fn last_slash(canonical: &str) -> Option<usize> {
    let mut escaped = false;
    let mut last = None;
    for (at, c) in canonical.char_indices() {
        if c == '/' && !escaped {
            last = Some(at);
        }
        escaped = c == '\\' && !escaped;
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unique_id_goes_over_and_back() {
        let text = "{4fa050f0-f561-11cf-bdd9-00aa003a77b6}";
        let stored = guid(text).unwrap();
        assert_eq!(stored[..8], [0xf0, 0x50, 0xa0, 0x4f, 0x61, 0xf5, 0xcf, 0x11]);
        assert_eq!(unique_id(&stored).unwrap(), text);
        assert_eq!(guid(&text.to_uppercase()), Some(stored));
        for wrong in [
            "",
            "{}",
            &text[1..],
            "{4fa050f0f56111cfbdd900aa003a77b6}",
            "{4fa050f-0f561-11cf-bdd9-00aa003a77b6}",
            "{gfa050f0-f561-11cf-bdd9-00aa003a77b6}",
            "{4fa050f0-f561-11cf-bdd9-00aa003a77bé}",
        ] {
            assert_eq!(guid(wrong), None, "{wrong}");
        }
        assert_eq!(unique_id(&stored[1..]), None);
    }

    #[test]
    fn canonical_names_know_escaped_slashes() {
        assert_eq!(last_component("a.b/c/d"), Some("d".into()));
        assert_eq!(last_component("a.b/c/d\\/e"), Some("d/e".into()));
        assert_eq!(last_component("a.b/c\\\\/d"), Some("d".into()));
        assert_eq!(last_component("a.b/"), Some(String::new()));
        assert_eq!(last_component("a.b"), None);
        assert_eq!(canonical_ex("a.b/c/d\\/e").unwrap(), "a.b/c\nd\\/e");
        assert_eq!(canonical_ex("a.b/").unwrap(), "a.b\n");
        let sought = Sought::of("a.b/c\nd", NameFormat::CanonicalEx);
        assert_eq!(sought, Some(Sought::Canonical("a.b/c/d".into())));
        assert_eq!(Sought::of("a.b/c/d", NameFormat::CanonicalEx), None);
        assert_eq!(Sought::of("a.b\nc\nd", NameFormat::CanonicalEx), None);
    }

    #[test]
    fn names_of_each_form_are_told_from_others() {
        let sam =
            |domain: &str, user: &str| Sought::Sam { domain: domain.into(), user: user.into() };
        assert_eq!(Sought::of("D\\u", NameFormat::SamCompatible), Some(sam("D", "u")));
        assert_eq!(Sought::of("D\\", NameFormat::SamCompatible), Some(sam("D", "")));
        for (name, format) in [
            ("u", NameFormat::SamCompatible),
            ("\\u", NameFormat::SamCompatible),
            ("D\\u\\v", NameFormat::SamCompatible),
            ("u", NameFormat::UserPrincipal),
            ("@d", NameFormat::UserPrincipal),
            ("u@", NameFormat::UserPrincipal),
            ("u", NameFormat::FullyQualifiedDn),
            ("/u", NameFormat::Canonical),
            ("host", NameFormat::ServicePrincipal),
            ("a\0b", NameFormat::Display),
            ("", NameFormat::Display),
            ("u", NameFormat::GivenName),
        ] {
            assert_eq!(Sought::of(name, format), None, "{name:?} {format:?}");
        }
        let service = Sought::of("www/h@D", NameFormat::ServicePrincipal);
        assert_eq!(service, Some(Sought::Service("www/h".into())));
        let guesses = Sought::guesses("u@d");
        assert_eq!(guesses, [Sought::Principal("u@d".into()), Sought::Display("u@d".into())]);
        assert_eq!(Sought::guesses("D\\u")[0], sam("D", "u"));
        assert_eq!(
            Sought::guesses("x=y"),
            [Sought::Dn("x=y".into()), Sought::Display("x=y".into())]
        );
    }
}
