//! Policies of this machine that programs want to hear of.
//!
//! While anybody listens, a thread looks once a second at what the policies say; an event is
//! signalled when that has changed. Files that are written anew with the same content are no
//! change.
#![forbid(unsafe_code)]

use std::fs::{self, File};
use std::io::Write;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::config::Config;
use super::krb5_conf::Krb5Conf;
use super::{machine, sys};
use crate::spi::environment::PolicyClass;
use crate::spi::error::{CallerFault, Error, LocalFault, Result};

/// How often the policies are looked at.
const PERIOD: Duration = Duration::from_secs(1);

/// How many may listen.
const ROOM: usize = 1024;

/// Where keys of this machine are unless krb5.conf or `KRB5_KTNAME` says otherwise.
const DEFAULT_KEYTAB: &str = "/etc/krb5.keytab";

/// Signals the event (an `eventfd`, by its number) whenever the policy changes from now on.
pub fn watch(class: PolicyClass, event: i32) -> Result<()> {
    let descriptor = sys::open_event(event).map_err(|error| {
        let story = format!("the event {event} is no eventfd of this process: {error}");
        Error::new(CallerFault::InvalidHandle, story)
    })?;
    let mut listeners = listeners();
    if listeners.list.len() >= ROOM {
        let story = format!("{ROOM} events wait for changes of policy already");
        return Err(Error::new(LocalFault::NoMemory, story));
    }
    // Another process's thread does not run here.
    if listeners.thread_of != std::process::id() {
        start().map_err(|error| {
            Error::new(LocalFault::NoMemory, format!("no thread to watch policies: {error}"))
        })?;
        listeners.thread_of = std::process::id();
    }
    let seen = state(class);
    listeners.list.push(Listener { class, number: event, event: descriptor, seen });
    Ok(())
}

/// Ends one such registration.
pub fn unwatch(class: PolicyClass, event: i32) -> Result<()> {
    let list = &mut listeners().list;
    let place = list.iter().position(|found| found.class == class && found.number == event);
    let place = place.ok_or_else(|| {
        let story = format!("the event {event} does not wait for this policy");
        Error::new(CallerFault::InvalidParameter, story)
    })?;
    list.swap_remove(place);
    Ok(())
}

struct Listener {
    class: PolicyClass,
    number: i32,
    /// Ours: the program may close its own.
    event: OwnedFd,
    seen: String,
}

struct Listeners {
    list: Vec<Listener>,
    /// The process whose thread watches; 0 is none.
    thread_of: u32,
}

static LISTENERS: Mutex<Listeners> = Mutex::new(Listeners { list: Vec::new(), thread_of: 0 });

fn listeners() -> MutexGuard<'static, Listeners> {
    LISTENERS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn start() -> std::io::Result<()> {
    let thread = thread::Builder::new().name("secur32-policy".to_owned()).stack_size(256 << 10);
    thread.spawn(|| {
        sys::block_signals();
        loop {
            thread::sleep(PERIOD);
            look();
        }
    })?;
    Ok(())
}

/// Compares, and signals. The files are read without the lock.
fn look() {
    let mut classes: Vec<PolicyClass> = listeners().list.iter().map(|found| found.class).collect();
    classes.sort_unstable();
    classes.dedup();
    for class in classes {
        let now = state(class);
        for listener in listeners().list.iter_mut().filter(|found| found.class == class) {
            if listener.seen != now {
                listener.seen.clone_from(&now);
                signal(&listener.event);
            }
        }
    }
}

/// An event that is signalled already stays so: nothing is added, since a counter that is full
/// would make the writer wait.
fn signal(event: &OwnedFd) {
    let mut entry = [sys::Watched { socket: event.as_fd(), writing: false, ready: false }];
    if sys::wait(&mut entry, Duration::ZERO).is_err() || entry.iter().any(|event| event.ready) {
        return;
    }
    if let Ok(copy) = event.try_clone() {
        let _ = File::from(copy).write_all(&1_u64.to_ne_bytes());
    }
}

/// What the policy says, in any form that can be compared. What cannot be read is a state, too.
fn state(class: PolicyClass) -> String {
    match class {
        PolicyClass::AccountDomain | PolicyClass::ServerRole | PolicyClass::DnsDomain => {
            match Config::load() {
                Ok(config) => format!("{:?}", machine::names(&config.machine)),
                Err(error) => error.to_string(),
            }
        }
        PolicyClass::KerberosTickets => match Krb5Conf::load() {
            Ok(conf) => {
                let settings = conf.settings;
                let (lifetime, renewal) = (settings.ticket_lifetime, settings.renew_lifetime);
                format!("{lifetime:?} {renewal:?} {:?}", settings.clock_skew)
            }
            Err(error) => error.to_string(),
        },
        PolicyClass::MachinePassword => keytab_state(),
    }
}

/// The keytab holds what a machine's password is on Windows.
fn keytab_state() -> String {
    let named = Krb5Conf::load().and_then(|conf| conf.names.keytab()).ok().flatten();
    let named = named.unwrap_or_else(|| DEFAULT_KEYTAB.to_owned());
    let path = named.strip_prefix("FILE:").unwrap_or(&named);
    match fs::metadata(path) {
        Ok(file) => {
            let written = (file.mtime(), file.mtime_nsec());
            format!("{path} {} {} {written:?}", file.ino(), file.len())
        }
        Err(error) => format!("{path} {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spi::error::Fault;

    #[test]
    fn what_is_no_event_is_refused() {
        for number in [-1, 0, 1, i32::MAX] {
            let error = watch(PolicyClass::DnsDomain, number).unwrap_err();
            assert_eq!(error.fault(), Fault::Caller(CallerFault::InvalidHandle), "{number}");
        }
    }

    #[test]
    fn who_does_not_wait_cannot_stop() {
        let error = unwatch(PolicyClass::ServerRole, 99).unwrap_err();
        assert_eq!(error.fault(), Fault::Caller(CallerFault::InvalidParameter));
    }
}
