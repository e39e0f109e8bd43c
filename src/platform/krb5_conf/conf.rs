//! The typed reading of a profile.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use super::expand::expand;
use super::include::load;
use super::profile::{Profile, Section, Value};
use super::values::{boolean, duration, number, typed};
use crate::platform::mapping::LocalNames;
use crate::platform::sys;
use crate::spi::error::Result;
use crate::spi::kerberos::{HostCanonicalization, KerberosSettings};

const DEFAULT_PATH: &str = "/etc/krb5.conf";

/// Everything that krb5.conf tells us.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Krb5Conf {
    /// What the packages ask for.
    pub settings: KerberosSettings,
    /// How servers are spoken to.
    pub transport: Transport,
    /// `[realms]`: who the servers are.
    pub realms: HashMap<String, RealmServers>,
    /// Where tickets and keys lie.
    pub names: FileNames,
    /// Which accounts of this machine principals are.
    pub local_names: LocalNames,
}

/// How servers are found and spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transport {
    /// `dns_lookup_kdc`, or the older `dns_fallback`.
    pub dns_lookup_kdc: bool,
    /// `udp_preference_limit`: larger messages go by TCP first.
    pub udp_preference_limit: usize,
    /// `kdc_timeout`: how long one server is waited for before the next is asked too.
    pub kdc_timeout: Duration,
    /// `max_retries`: how often the list of servers is gone through.
    pub max_retries: u32,
    /// `request_timeout`: after which nobody is waited for.
    pub request_timeout: Duration,
}

/// The servers of a realm, as they are written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RealmServers {
    /// `kdc`
    pub kdc: Vec<String>,
    /// `primary_kdc`, or the older `master_kdc`.
    pub primary_kdc: Vec<String>,
    /// `kpasswd_server`
    pub kpasswd_server: Vec<String>,
    /// `admin_server`
    pub admin_server: Vec<String>,
}

/// The names of caches and keytabs, whose tokens are replaced when they are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileNames {
    ccache: Option<Value>,
    keytab: Option<Value>,
    client_keytab: Option<Value>,
    rcache: Option<Value>,
    kcm_socket: Option<Value>,
}

impl Default for Transport {
    fn default() -> Self {
        Self {
            dns_lookup_kdc: true,
            udp_preference_limit: 1465,
            kdc_timeout: Duration::from_secs(1),
            max_retries: 3,
            request_timeout: Duration::from_secs(30),
        }
    }
}

impl Krb5Conf {
    /// Reads the files of `KRB5_CONFIG`, or `/etc/krb5.conf`; none is an empty configuration.
    pub fn load() -> Result<Self> {
        let paths = match sys::secure_variable("KRB5_CONFIG") {
            Some(list) => std::env::split_paths(&list).collect(),
            None => vec![PathBuf::from(DEFAULT_PATH)],
        };
        Self::from_profile(&load(&paths)?)
    }

    /// Reads what a profile says.
    pub fn from_profile(profile: &Profile) -> Result<Self> {
        let defaults = profile.section(&["libdefaults"]);
        Ok(Self {
            settings: settings(profile, defaults)?,
            transport: transport(defaults)?,
            realms: realms(profile),
            names: FileNames::of(defaults),
            local_names: local_names(profile),
        })
    }
}

impl FileNames {
    /// `default_ccache_name`
    pub fn ccache(&self) -> Result<Option<String>> {
        self.ccache.as_ref().map(expand).transpose()
    }

    /// `default_keytab_name`
    pub fn keytab(&self) -> Result<Option<String>> {
        self.keytab.as_ref().map(expand).transpose()
    }

    /// `default_client_keytab_name`
    pub fn client_keytab(&self) -> Result<Option<String>> {
        self.client_keytab.as_ref().map(expand).transpose()
    }

    /// `default_rcache_name`
    pub fn rcache(&self) -> Result<Option<String>> {
        self.rcache.as_ref().map(expand).transpose()
    }

    /// `kcm_socket`
    pub fn kcm_socket(&self) -> Option<String> {
        self.kcm_socket.as_ref().map(|value| value.text.clone())
    }

    fn of(defaults: Option<&Section>) -> Self {
        let name = |tag| defaults.and_then(|section| section.value(tag)).cloned();
        Self {
            ccache: name("default_ccache_name"),
            keytab: name("default_keytab_name"),
            client_keytab: name("default_client_keytab_name"),
            rcache: name("default_rcache_name"),
            kcm_socket: name("kcm_socket"),
        }
    }
}

fn settings(profile: &Profile, defaults: Option<&Section>) -> Result<KerberosSettings> {
    let usual = KerberosSettings::default();
    let text = |tag| defaults.and_then(|s| s.value(tag)).map(|value| value.text.clone());
    let flag = |tag| typed(defaults, tag, boolean, "boolean");
    let time = |tag| typed(defaults, tag, duration, "duration");
    let canonicalization =
        typed(defaults, "dns_canonicalize_hostname", canonicalization, "boolean, nor `fallback`")?;
    Ok(KerberosSettings {
        default_realm: text("default_realm"),
        permitted_enctypes: text("permitted_enctypes"),
        default_tkt_enctypes: text("default_tkt_enctypes"),
        default_tgs_enctypes: text("default_tgs_enctypes"),
        allow_rc4: flag("allow_rc4")?.or(flag("allow_weak_crypto")?).unwrap_or(usual.allow_rc4),
        ticket_lifetime: time("ticket_lifetime")?.unwrap_or(usual.ticket_lifetime),
        renew_lifetime: time("renew_lifetime")?.unwrap_or(usual.renew_lifetime),
        forwardable: flag("forwardable")?.unwrap_or(usual.forwardable),
        proxiable: flag("proxiable")?.unwrap_or(usual.proxiable),
        canonicalize: flag("canonicalize")?.unwrap_or(usual.canonicalize),
        clock_skew: time("clockskew")?.unwrap_or(usual.clock_skew),
        canonicalize_hostname: canonicalization.unwrap_or(usual.canonicalize_hostname),
        reverse_dns: flag("rdns")?.unwrap_or(usual.reverse_dns),
        dns_lookup_realm: flag("dns_lookup_realm")?.unwrap_or(usual.dns_lookup_realm),
        ignore_acceptor_hostname: flag("ignore_acceptor_hostname")?
            .unwrap_or(usual.ignore_acceptor_hostname),
        verify_ap_req_nofail: flag("verify_ap_req_nofail")?.unwrap_or(usual.verify_ap_req_nofail),
        enforce_ok_as_delegate: flag("enforce_ok_as_delegate")?
            .unwrap_or(usual.enforce_ok_as_delegate),
        domain_realm: domain_realm(profile),
        capaths: capaths(profile),
    })
}

/// A number that is too large or too small becomes the nearest that makes sense.
fn transport(defaults: Option<&Section>) -> Result<Transport> {
    let usual = Transport::default();
    let flag = |tag| typed(defaults, tag, boolean, "boolean");
    let time = |tag| typed(defaults, tag, duration, "duration");
    let count = |tag| typed(defaults, tag, number, "number");
    let within =
        |value: Duration, most: u64| value.clamp(Duration::from_secs(1), Duration::from_secs(most));
    // MIT's meaning of limits: a negative one is none at all.
    let limit = count("udp_preference_limit")?.and_then(|limit| usize::try_from(limit).ok());
    let passes = count("max_retries")?.map(|passes| passes.clamp(1, 10));
    Ok(Transport {
        dns_lookup_kdc: match flag("dns_lookup_kdc")? {
            Some(choice) => choice,
            None => flag("dns_fallback")?.unwrap_or(usual.dns_lookup_kdc),
        },
        udp_preference_limit: limit.map_or(usual.udp_preference_limit, |limit| limit.min(32_700)),
        kdc_timeout: time("kdc_timeout")?.map_or(usual.kdc_timeout, |value| within(value, 10)),
        max_retries: passes.and_then(|n| u32::try_from(n).ok()).unwrap_or(usual.max_retries),
        request_timeout: time("request_timeout")?
            .filter(|value| !value.is_zero())
            .map_or(usual.request_timeout, |value| within(value, 300)),
    })
}

fn canonicalization(text: &str) -> Option<HostCanonicalization> {
    if text.eq_ignore_ascii_case("fallback") {
        return Some(HostCanonicalization::Fallback);
    }
    let always = boolean(text)?;
    Some(if always { HostCanonicalization::Always } else { HostCanonicalization::Never })
}

fn domain_realm(profile: &Profile) -> HashMap<String, String> {
    let mut realms = HashMap::new();
    for (domain, values) in profile.section(&["domain_realm"]).iter().flat_map(|s| s.relations()) {
        if let Some(realm) = values.first() {
            realms.entry(domain.to_ascii_lowercase()).or_insert_with(|| realm.text.clone());
        }
    }
    realms
}

fn capaths(profile: &Profile) -> HashMap<String, HashMap<String, Vec<String>>> {
    let clients = profile.section(&["capaths"]);
    let clients = clients.iter().flat_map(|section| section.sections());
    let paths = |client: &Section| {
        client.relations().map(|(server, path)| (server.to_owned(), texts(path))).collect()
    };
    clients.map(|(client, section)| (client.to_owned(), paths(section))).collect()
}

fn realms(profile: &Profile) -> HashMap<String, RealmServers> {
    let realms = profile.section(&["realms"]);
    let realms = realms.iter().flat_map(|section| section.sections());
    realms.map(|(realm, section)| (realm.to_owned(), servers(section))).collect()
}

/// MIT looks below the default realm only, whoever the client is. Of several local names for one
/// the last counts.
fn local_names(profile: &Profile) -> LocalNames {
    let defaults = profile.section(&["libdefaults"]);
    let default_realm = defaults.and_then(|section| section.value("default_realm"));
    let Some(realm) = default_realm.map(|value| value.text.clone()) else {
        return LocalNames::default();
    };
    let names = profile.section(&["realms", &realm, "auth_to_local_names"]);
    let names = names.into_iter().flat_map(Section::relations);
    let last = |(name, values): (&str, &[Value])| {
        values.last().map(|value| (name.to_owned(), value.text.clone()))
    };
    let rules = profile.section(&["realms", &realm]).map(|section| section.values("auth_to_local"));
    LocalNames {
        names: names.filter_map(last).collect(),
        rules: texts(rules.unwrap_or_default()),
        default_realm: Some(realm),
    }
}

fn servers(section: &Section) -> RealmServers {
    let list = |tag| texts(section.values(tag));
    let primary = list("primary_kdc");
    RealmServers {
        kdc: list("kdc"),
        primary_kdc: if primary.is_empty() { list("master_kdc") } else { primary },
        kpasswd_server: list("kpasswd_server"),
        admin_server: list("admin_server"),
    }
}

fn texts(values: &[Value]) -> Vec<String> {
    values.iter().map(|value| value.text.clone()).collect()
}
