//! Calls about the tickets of a credential, and logons with Kerberos.

#[path = "../support/mod.rs"]
mod support;

mod hostile;
mod log_on;
mod tickets;

use std::sync::Arc;

use secur32::kerberos::credential::{KerberosCredential, Shared};
use secur32::spi::error::{Fault, Result};
use secur32::spi::kerberos::{CredentialCache, KerberosTime};
use secur32::spi::tickets::{ExternalTicket, KerberosCalls, Retrieve, TicketFilter};

use support::client::Machine;
use support::env::NOW;

const WWW: &str = "HTTP/www.example.com";

/// A credential as callers have it.
fn calls(credential: KerberosCredential) -> Shared {
    Shared(Arc::new(credential))
}

/// A machine whose default cache has alice's ticket-granting ticket.
fn logged_on() -> Machine {
    let machine = Machine::new();
    fill(&machine);
    machine
}

fn fill(machine: &Machine) {
    let tgt = machine.alice().tgt(&machine.env).unwrap();
    let cache = &machine.host.default_cache;
    cache.initialize(&tgt.client, &[support::kerberos::duplicate(&tgt)]).unwrap();
    machine.kdcs.requests();
}

fn wanted(target: &str) -> Retrieve {
    Retrieve { target: target.to_owned(), ..Retrieve::default() }
}

fn retrieve(machine: &Machine, wanted: &Retrieve) -> Result<ExternalTicket> {
    calls(machine.default()).retrieve(wanted, &machine.env)
}

/// The services in the default cache.
fn services(machine: &Machine) -> Vec<String> {
    let list = calls(machine.default()).list(&machine.env).unwrap();
    list.iter().map(|ticket| secur32::kerberos::names::unparse(&ticket.server)).collect()
}

fn server(name: &str) -> TicketFilter {
    TicketFilter { server: Some(name.to_owned()), ..TicketFilter::default() }
}

fn now() -> KerberosTime {
    KerberosTime::of(NOW)
}

fn fault(fault: impl Into<Fault>) -> Fault {
    fault.into()
}
