//! The local name that krb5.conf gives a principal: MIT's `krb5_aname_to_localname`.
//!
//! Holds: `auth_to_local_names` and `auth_to_local` of the default realm, and what they say of a
//! principal. May use: `rule`, `spi`. Must not touch: everything else. Whether a name may be used
//! is the caller's to say.

use std::collections::HashMap;

use super::rule::{self, Applied};
use crate::spi::kerberos::Principal;

/// What krb5.conf's `[realms]` says of names, for its default realm.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LocalNames {
    /// `default_realm`
    pub default_realm: Option<String>,
    /// `auth_to_local_names`: names without realm, and local names.
    pub names: HashMap<String, String>,
    /// `auth_to_local`, in its order.
    pub rules: Vec<String>,
}

/// A local name, and how krb5.conf comes by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalName {
    /// The name.
    pub name: String,
    /// By what.
    pub by: By,
}

/// How a local name was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// `auth_to_local_names`, which knows no realms.
    Names,
    /// A `RULE`.
    Rule {
        /// Whether it looked at the realm.
        saw_realm: bool,
    },
    /// `DEFAULT`, written or not.
    Default,
}

impl LocalNames {
    /// The local name of a principal; `None` when it has none. The error is for people: a rule
    /// that cannot be read ends the search.
    pub fn local_name(&self, principal: &Principal) -> Result<Option<LocalName>, String> {
        self.find(principal, |_| true)
    }

    /// Likewise, passing over what is not accepted.
    pub fn find(
        &self,
        principal: &Principal,
        accept: impl Fn(By) -> bool,
    ) -> Result<Option<LocalName>, String> {
        let Some(default_realm) = &self.default_realm else { return Ok(None) };
        if let Some(name) = self.names.get(&without_realm(principal)).filter(|_| accept(By::Names))
        {
            return Ok(Some(LocalName { name: name.clone(), by: By::Names }));
        }
        let unwritten = ["DEFAULT".to_owned()];
        let rules = if self.rules.is_empty() { &unwritten[..] } else { &self.rules[..] };
        for rule in rules {
            let found = apply(rule, principal, default_realm)
                .map_err(|why| format!("krb5.conf: auth_to_local = {rule:.200}: {why}"))?;
            if let Some(found) = found.filter(|found| accept(found.by)) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

fn apply(
    value: &str,
    principal: &Principal,
    default_realm: &str,
) -> Result<Option<LocalName>, &'static str> {
    let (kind, rest) = value.split_once(':').map_or((value, None), |(k, rest)| (k, Some(rest)));
    match (kind, rest) {
        ("DEFAULT", _) => Ok(default_name(principal, default_realm)),
        ("RULE", Some(rule)) => match rule::apply(rule, principal) {
            Applied::Name { name, saw_realm } => {
                Ok(Some(LocalName { name, by: By::Rule { saw_realm } }))
            }
            Applied::NotForIt => Ok(None),
            Applied::Broken(why) => Err(why),
        },
        _ => Err("it is neither RULE nor DEFAULT"),
    }
}

/// `name@REALM` and `name/REALM@REALM` of the default realm.
fn default_name(principal: &Principal, realm: &str) -> Option<LocalName> {
    let name = match &*principal.components {
        [name] => name,
        [name, second] if second == realm => name,
        _ => return None,
    };
    let found = || LocalName { name: name.clone(), by: By::Default };
    (principal.realm == realm).then(found)
}

/// The principal without `@REALM`, with MIT's escapes; an `@` has none then.
pub fn without_realm(principal: &Principal) -> String {
    let mut line = String::new();
    for (number, component) in principal.components.iter().enumerate() {
        if number > 0 {
            line.push('/');
        }
        for c in component.chars() {
            let escaped = match c {
                '/' | '\\' => c,
                '\n' => 'n',
                '\t' => 't',
                '\u{8}' => 'b',
                '\0' => '0',
                _ => {
                    line.push(c);
                    continue;
                }
            };
            line.extend(['\\', escaped]);
        }
    }
    line
}
