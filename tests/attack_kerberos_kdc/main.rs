//! KDCs and password servers that lie to our client, and errors that anybody can forge: the rows
//! K8 to K14, K18, K22, K28, K29, B13, L12 of docs/attacks.md.

#[path = "../support/mod.rs"]
mod support;

mod caches;
mod errors;
mod passwords;
mod referrals;
mod replies;
mod s4u;

use secur32::kerberos::credential::ServiceTicket;
use secur32::spi::error::{Fault, LocalFault, PeerFault, Result};
use secur32::spi::kerberos::KerberosTime;
use secur32::wire::kerberos::PrincipalName;

use support::client::Machine;
use support::env::NOW;
use support::kdc::Lies;

const WWW: &str = "HTTP/www.example.com";

/// What alice gets of a KDC that lies.
fn lied(tell: impl FnOnce(&mut Lies)) -> Result<ServiceTicket> {
    let machine = Machine::new();
    machine.kdcs.lie(tell);
    machine.try_alice()
}

fn refused_as(fault: impl Into<Fault>, outcome: Result<ServiceTicket>) {
    let error = outcome.expect_err("a lie was believed");
    assert_eq!(error.fault(), fault.into(), "{error}");
    assert!(error.story().is_some_and(|story| story.contains("EXAMPLE.COM")), "{error}");
}

fn name(components: &[&str]) -> PrincipalName {
    let name_string = components.iter().map(|part| (*part).to_owned()).collect();
    PrincipalName { name_type: 2, name_string }
}

fn after(seconds: i64) -> KerberosTime {
    KerberosTime(KerberosTime::of(NOW).0 + seconds)
}

const BAD: PeerFault = PeerFault::BadAuthority;
const NONE: LocalFault = LocalFault::NoCredentials;
