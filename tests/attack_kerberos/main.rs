//! What attackers do to the AP exchange of Kerberos, by the ids of the attack catalogue: series K
//! and C. A test's name begins with the id it covers.

#[path = "../support/mod.rs"]
mod support;

mod channel;
mod delegation;
mod enctypes;
mod replays;
mod replies;
mod requests;
mod tickets;
mod user_to_user;

use std::sync::Arc;

use secur32::crypto::kerberos::Enctype;
use secur32::spi::error::{Error, Fault};
use secur32::spi::package::Refusal;
use secur32::spi::packed::PackedContext;

use support::ap::{Forger, Loop, TicketMaker, judge, krb_error};
use support::kerberos::FixedKerberos;

const AES: Enctype = Enctype::Aes256CtsHmacSha1;

/// Lets a forged client speak to a server that has the key of its ticket.
fn forge(change: impl FnOnce(&mut Forger)) -> Result<PackedContext, Refusal> {
    let mut forger = Forger::new(&TicketMaker::new(AES));
    change(&mut forger);
    serve(&Loop::new(&TicketMaker::new(AES)), &forger)
}

/// Lets a forged client speak to a server.
fn serve(setup: &Loop, forger: &Forger) -> Result<PackedContext, Refusal> {
    let bindings = setup.server_bindings.as_ref();
    let judged = judge(setup.server(), &forger.token(), bindings, &setup.server_env);
    judged.map(|(context, _)| context)
}

/// The ticket of a KDC for a server whose machine is changed first.
fn on_machine(ticket: &TicketMaker, change: impl FnOnce(FixedKerberos) -> FixedKerberos) -> Loop {
    Loop::on(change(support::ap::machine(&[ticket])))
}

/// Fails unless a refusal has this fault, and tells the client this code.
fn refused(result: Result<PackedContext, Refusal>, fault: impl Into<Fault>, code: Option<i32>) {
    let fault = fault.into();
    let Err(refusal) = result else { panic!("accepted, and {fault:?} was due") };
    assert_eq!(refusal.error.fault(), fault, "{}", refusal.error);
    assert_eq!(refusal.token.map(|token| krb_error(&token).error_code), code);
}

/// Fails unless an error has this fault.
fn failed<T>(result: Result<T, Error>, fault: impl Into<Fault>) {
    let fault = fault.into();
    match result {
        Ok(_) => panic!("accepted, and {fault:?} was due"),
        Err(error) => assert_eq!(error.fault(), fault, "{error}"),
    }
}

/// The machine, for another world on it.
fn shared(setup: &Loop) -> Arc<FixedKerberos> {
    Arc::clone(&setup.kerberos)
}
