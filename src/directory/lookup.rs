//! Searches for accounts of the server's domain, and the names of what they find ([MS-ADTS],
//! [MS-DRSR] 4.1.4 for what a form of a name means).

use super::client::{Client, Found};
use super::forms;
pub use super::forms::Sought;
use crate::spi::directory::NameFormat;
use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::text::same_name;
use crate::wire::ldap::{Entry, Filter, Scope, Search};

/// What names are made of.
const ATTRIBUTES: [&str; 8] = [
    "sAMAccountName",
    "displayName",
    "objectGUID",
    "canonicalName",
    "userPrincipalName",
    "servicePrincipalName",
    "givenName",
    "sn",
];
/// Seconds that a server may search.
const TIME_LIMIT: i32 = 10;
/// One is looked for; two say that it is not the only one.
const UNIQUE: i32 = 2;
/// Objects of one name in different places.
const NAMESAKES: i32 = 500;

/// The directory of one domain, open for questions.
pub struct Directory {
    client: Client,
    /// The domain's distinguished name.
    base: String,
    configuration: String,
    /// The domain's name of DNS.
    domain: String,
    netbios: Option<String>,
}

impl Directory {
    /// The directory behind a client that has bound itself. Where the domain is in it, the server
    /// says: by now it is known who that is.
    pub fn open(mut client: Client, realm: &str) -> Result<Self> {
        let attributes = &["defaultNamingContext", "configurationNamingContext"];
        let found = client.search(&search("", Scope::Base, everything(), attributes))?;
        let root = found.entries.first();
        let context = |name| root.and_then(|root| text(root, name).transpose());
        let (Some(base), Some(configuration)) = (context(attributes[0]), context(attributes[1]))
        else {
            let story = format!("{} serves no domain of Active Directory", client.host());
            return Err(Error::new(PeerFault::BadAuthority, story));
        };
        let (base, configuration) = (base?, configuration?);
        Ok(Self { client, base, configuration, domain: realm.to_lowercase(), netbios: None })
    }

    /// The only object that this asks for.
    pub fn find(&mut self, sought: &Sought) -> Result<Option<Entry>> {
        match sought {
            Sought::Dn(name) => self.one(&search(name, Scope::Base, everything(), &ATTRIBUTES)),
            Sought::Sam { domain, user } => {
                let ours = same_name(domain, &self.netbios_name()?);
                if ours { self.member(user) } else { Ok(None) }
            }
            Sought::Dns { domain, user } if same_name(domain, &self.domain) => self.member(user),
            Sought::Dns { .. } => Ok(None),
            Sought::Display(name) => self.equal("displayName", name.as_bytes()),
            Sought::Guid(guid) => self.equal("objectGUID", guid),
            Sought::Canonical(name) => self.canonical(name),
            Sought::Principal(name) => self.principal(name),
            Sought::Service(name) => self.equal("servicePrincipalName", name.as_bytes()),
            Sought::Account(user) => self.equal("sAMAccountName", user.as_bytes()),
        }
    }

    /// The name of an object in a form; `None` when it has none, or several.
    pub fn name(&mut self, entry: &Entry, format: NameFormat) -> Result<Option<String>> {
        match format {
            NameFormat::FullyQualifiedDn => clean(&entry.name).map(Some),
            NameFormat::SamCompatible => {
                let Some(user) = self.account_name(entry)? else { return Ok(None) };
                Ok(Some(format!("{}\\{user}", self.netbios_name()?)))
            }
            NameFormat::DnsDomain => {
                let user = self.account_name(entry)?;
                Ok(user.map(|user| format!("{}\\{user}", self.domain)))
            }
            NameFormat::UniqueId => {
                let [guid] = entry.values("objectGUID") else { return Ok(None) };
                Ok(forms::unique_id(guid))
            }
            NameFormat::CanonicalEx => {
                Ok(text(entry, "canonicalName")?.as_deref().and_then(forms::canonical_ex))
            }
            NameFormat::UserPrincipal => self.principal_name(entry),
            NameFormat::Canonical => text(entry, "canonicalName"),
            NameFormat::Display => text(entry, "displayName"),
            NameFormat::ServicePrincipal => text(entry, "servicePrincipalName"),
            NameFormat::GivenName => text(entry, "givenName"),
            NameFormat::Surname => text(entry, "sn"),
        }
    }

    /// An account of the domain, or the domain itself.
    fn member(&mut self, user: &str) -> Result<Option<Entry>> {
        if user.is_empty() {
            let base = self.base.clone();
            return self.one(&search(&base, Scope::Base, everything(), &ATTRIBUTES));
        }
        self.equal("sAMAccountName", user.as_bytes())
    }

    /// A principal name that is written down; else account and domain, which each account has.
    fn principal(&mut self, name: &str) -> Result<Option<Entry>> {
        if let Some(entry) = self.equal("userPrincipalName", name.as_bytes())? {
            return Ok(Some(entry));
        }
        match name.rsplit_once('@') {
            Some((user, suffix)) if same_name(suffix, &self.domain) => {
                self.equal("sAMAccountName", user.as_bytes())
            }
            _ => Ok(None),
        }
    }

    /// A canonical name cannot be searched for: of all objects of its last name, the one.
    fn canonical(&mut self, name: &str) -> Result<Option<Entry>> {
        let Some(last) = forms::last_component(name) else { return Ok(None) };
        let domain = name.split_once('/').map_or("", |(domain, _)| domain);
        if !same_name(domain, &self.domain) {
            return Ok(None);
        }
        if last.is_empty() {
            let root = self.member("")?;
            return Ok(root.filter(|_| name.trim_end_matches('/') == domain));
        }
        let base = self.base.clone();
        let filter = Filter::Equal("name", last.as_bytes());
        let namesakes =
            Search { size_limit: NAMESAKES, ..search(&base, Scope::Subtree, filter, &ATTRIBUTES) };
        let found = self.client.search(&namesakes)?;
        let mut fitting = Vec::new();
        for entry in found.entries {
            // A namesake with a name that cannot be read is not the one.
            let found = text(&entry, "canonicalName").ok().flatten();
            if found.is_some_and(|found| same_name(&found, name)) {
                fitting.push(entry);
            }
        }
        Ok(only(Found { entries: fitting, cut_off: false }))
    }

    fn equal(&mut self, attribute: &str, value: &[u8]) -> Result<Option<Entry>> {
        let base = self.base.clone();
        let filter = Filter::Equal(attribute, value);
        self.one(&search(&base, Scope::Subtree, filter, &ATTRIBUTES))
    }

    fn one(&mut self, search: &Search<'_>) -> Result<Option<Entry>> {
        self.client.search(search).map(only)
    }

    /// The domain's NetBIOS name, which its cross-reference tells ([MS-ADTS] 6.1.1.2.1.1).
    fn netbios_name(&mut self) -> Result<String> {
        if let Some(name) = &self.netbios {
            return Ok(name.clone());
        }
        let partitions = format!("CN=Partitions,{}", self.configuration);
        let base = self.base.clone();
        let filter = Filter::And(vec![
            Filter::Equal("objectClass", b"crossRef"),
            Filter::Equal("nCName", base.as_bytes()),
        ]);
        let found = self.one(&search(&partitions, Scope::OneLevel, filter, &["nETBIOSName"]))?;
        let name = match &found {
            Some(reference) => text(reference, "nETBIOSName")?,
            None => None,
        };
        let name = name.ok_or_else(|| {
            let story = format!("{} does not tell the domain's NetBIOS name", self.client.host());
            Error::new(PeerFault::BadAuthority, story)
        })?;
        self.netbios = Some(name.clone());
        Ok(name)
    }

    /// An account's own name; nothing for the domain itself.
    fn account_name(&self, entry: &Entry) -> Result<Option<String>> {
        if same_name(&entry.name, &self.base) {
            return Ok(Some(String::new()));
        }
        text(entry, "sAMAccountName")
    }

    /// The principal name that is written down, else account and domain.
    fn principal_name(&self, entry: &Entry) -> Result<Option<String>> {
        if let Some(name) = text(entry, "userPrincipalName")? {
            return Ok(Some(name));
        }
        let user = text(entry, "sAMAccountName")?;
        Ok(user.map(|user| format!("{user}@{}", self.domain)))
    }
}

const fn search<'a>(
    base: &'a str,
    scope: Scope,
    filter: Filter<'a>,
    attributes: &'a [&'a str],
) -> Search<'a> {
    Search { base, scope, size_limit: UNIQUE, time_limit: TIME_LIMIT, filter, attributes }
}

const fn everything<'a>() -> Filter<'a> {
    Filter::Present("objectClass")
}

fn only(found: Found) -> Option<Entry> {
    let mut entries = found.entries.into_iter();
    let first = entries.next()?;
    (entries.next().is_none() && !found.cut_off).then_some(first)
}

/// The only value of an attribute.
fn text(entry: &Entry, attribute: &str) -> Result<Option<String>> {
    let [value] = entry.values(attribute) else { return Ok(None) };
    let value = str::from_utf8(value).map_err(|_| {
        Error::new(PeerFault::BadAuthority, format!("{attribute} of {:?} is no text", entry.name))
    })?;
    clean(value).map(Some)
}

/// A name that a caller can be given: of one line, and with no end before its end.
fn clean(value: &str) -> Result<String> {
    if value.is_empty() || value.chars().any(char::is_control) {
        let story = format!("the directory gives {value:?} for a name");
        return Err(Error::new(PeerFault::BadAuthority, story));
    }
    Ok(value.to_owned())
}
