//! A client and its KDCs.

use std::sync::Arc;

use secur32::kerberos::credential::{KerberosCredential, ServiceTicket};
use secur32::kerberos::names::ServiceRequest;
use secur32::spi::error::{Fault, Result};
use secur32::spi::identity::{Identity, Proof};
use secur32::spi::kerberos::{KerberosHost, KerberosSettings};
use secur32::spi::package::{AcquireRequest, Usage};

use super::env::FixedEnv;
use super::handshake::identity;
use super::kdc::Kdcs;
use super::kerberos::FixedKerberos;

/// The client's machine.
pub struct Machine {
    pub kdcs: Kdcs,
    pub host: Arc<FixedKerberos>,
    pub env: FixedEnv,
}

impl Machine {
    /// Of the realm `EXAMPLE.COM`.
    pub fn new() -> Self {
        Self::with(|_| ())
    }

    pub fn with(change: impl FnOnce(&mut KerberosSettings)) -> Self {
        let kdcs = Kdcs::new();
        let host = FixedKerberos::new().with_settings(change).with_exchange(kdcs.exchange());
        Self::on(kdcs, host)
    }

    pub fn on(kdcs: Kdcs, host: FixedKerberos) -> Self {
        let host = Arc::new(host);
        let env = FixedEnv::new().with_kerberos(Arc::clone(&host) as Arc<dyn KerberosHost>);
        Self { kdcs, host, env }
    }

    /// An explicit identity.
    pub fn logon(&self, user: &str, domain: &str, password: &str) -> KerberosCredential {
        self.acquire(None, Some(identity(domain, user, password)))
    }

    pub fn alice(&self) -> KerberosCredential {
        self.logon("alice", "EXAMPLE.COM", "secret")
    }

    pub fn by(&self, user: &str, proof: Proof) -> KerberosCredential {
        let identity = Identity { proof, ..identity("EXAMPLE.COM", user, "") };
        self.acquire(None, Some(identity))
    }

    /// The caller's own credentials.
    pub fn default(&self) -> KerberosCredential {
        self.acquire(None, None)
    }

    pub fn acquire(
        &self,
        principal: Option<&str>,
        identity: Option<Identity>,
    ) -> KerberosCredential {
        let principal = principal.map(str::to_owned);
        let usage = Usage { inbound: false, outbound: true };
        let request = AcquireRequest { principal, usage, identity, ..AcquireRequest::default() };
        KerberosCredential::new(request, &self.env).unwrap()
    }

    pub fn ticket(&self, credential: &KerberosCredential, target: &str) -> Result<ServiceTicket> {
        let target = ServiceRequest::parse(target, &self.host.settings)?;
        credential.service_ticket(&target, &self.env)
    }

    /// What alice gets for `HTTP/www.example.com`.
    pub fn try_alice(&self) -> Result<ServiceTicket> {
        self.ticket(&self.alice(), "HTTP/www.example.com")
    }

    /// The fault of that, which must be one.
    pub fn alices_fault(&self) -> Fault {
        self.try_alice().unwrap_err().fault()
    }
}
