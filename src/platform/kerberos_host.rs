//! This machine as a [`KerberosHost`]: krb5.conf, KDCs, caches, keytabs, the replay cache.
#![forbid(unsafe_code)]

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use super::ccache::Caches;
use super::config::{DirectorySection, KerberosSection};
use super::kdc::{self, Kdcs};
use super::keytab::Keytabs;
use super::krb5_conf::Krb5Conf;
use super::ldap::Directories;
use super::mapping::LocalNames;
use super::replay::Replays;
use super::trace::Trace;
use crate::spi::error::Result;
use crate::spi::kerberos::{
    CredentialCache, KdcAnswer, KdcBinding, KdcRequest, KerberosHost, KerberosSettings, Keytab,
    Principal, ReplayCache,
};
use crate::spi::time::FileTime;

/// The machine, with krb5.conf and the environment variables as they were when it was made.
#[derive(Debug)]
pub struct Machine {
    settings: KerberosSettings,
    kdcs: Kdcs,
    directories: Directories,
    caches: Caches,
    keytabs: Keytabs,
    replays: Replays,
    trace: Trace,
    local_names: LocalNames,
}

impl Machine {
    /// Reads krb5.conf.
    pub fn current(section: &KerberosSection, directory: &DirectorySection) -> Result<Self> {
        let conf = Krb5Conf::load()?;
        let names = &conf.names;
        let strict = section.strict_keytab_permissions;
        Ok(Self {
            kdcs: Kdcs::of(&conf),
            directories: Directories::of(directory, &conf),
            caches: Caches::new(names.ccache()?).with_kcm_socket(names.kcm_socket()),
            keytabs: Keytabs::new(names.keytab()?, names.client_keytab()?, strict),
            replays: Replays::new(names.rcache()?.as_deref()),
            trace: Trace::from_environment(),
            settings: conf.settings,
            local_names: conf.local_names,
        })
    }

    /// Which accounts of this machine principals are.
    pub const fn local_names(&self) -> &LocalNames {
        &self.local_names
    }

    /// The directories of realms.
    pub const fn directories(&self) -> &Directories {
        &self.directories
    }
}

impl KerberosHost for Machine {
    fn settings(&self) -> &KerberosSettings {
        &self.settings
    }

    fn exchange(&self, request: &KdcRequest<'_>) -> Result<KdcAnswer> {
        self.kdcs.exchange(request, &|line| self.trace.line(line))
    }

    fn default_cache(&self) -> Result<Arc<dyn CredentialCache>> {
        self.caches.default_cache()
    }

    fn cache(&self, name: &str) -> Result<Arc<dyn CredentialCache>> {
        self.caches.cache(name)
    }

    fn cache_of(&self, client: &Principal) -> Result<Option<Arc<dyn CredentialCache>>> {
        self.caches.cache_of(client)
    }

    fn acceptor_keytab(&self) -> Result<Arc<dyn Keytab>> {
        self.keytabs.acceptor()
    }

    fn client_keytab(&self) -> Result<Option<Arc<dyn Keytab>>> {
        self.keytabs.client()
    }

    fn replay_cache(&self) -> &dyn ReplayCache {
        &self.replays
    }

    fn canonical_host(&self, host: &str) -> Option<String> {
        kdc::canonical_host(host, self.settings.reverse_dns)
    }

    fn realm_of_host(&self, host: &str) -> Option<String> {
        if !self.settings.dns_lookup_realm {
            return None;
        }
        kdc::realm_of_host(host)
    }

    fn bind_kdc(&self, binding: KdcBinding) -> Result<()> {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        kdc::bind_kdc(KdcBinding { since: FileTime::UNIX_EPOCH.plus(since), ..binding })
    }

    fn kdc_bindings(&self) -> Vec<KdcBinding> {
        kdc::kdc_bindings()
    }

    fn purge_kdc_bindings(&self) {
        kdc::purge_kdc_bindings();
    }

    fn trace(&self, line: fmt::Arguments<'_>) {
        self.trace.line(line);
    }
}
