//! Contexts that move to another process of this machine.
//!
//! Holds: export and import. May use: `lsa`, `spi`. Must not touch: everything else.

use super::contexts::{self, Context};
use super::departed::Departed;
use super::handles::ContextHandle;
use crate::lsa;
use crate::spi::error::{CallerFault, Error, PeerFault, Result};
use crate::spi::package::PackageId;
use crate::spi::packed::PackedContext;
use crate::spi::secret::SecretBytes;

/// What `ExportSecurityContext` is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Export {
    /// The importer begins with fresh sequence numbers and keystreams.
    pub reset: bool,
    /// The context is gone here afterwards.
    pub delete: bool,
}

/// `ExportSecurityContext`: the bytes are a secret, they hold the session's keys.
pub fn export(handle: ContextHandle, how: Export) -> Result<SecretBytes> {
    let context = contexts::find(handle)?;
    let established = context.established().map_err(|_| {
        Error::new(CallerFault::NotExportable, "the handshake of this context is not complete")
    })?;
    if context.sasl().is_some() {
        let story = "the security layer of SASL cannot move to another process";
        return Err(Error::new(CallerFault::NotExportable, story));
    }
    // Both directions stand still, so that the two states belong together, and so that nobody
    // goes on with what the importer gets.
    let mut sender = established.sender()?;
    let mut receiver = established.receiver()?;
    contexts::check_current(handle, &context)?;
    let states = (!how.reset).then(|| (sender.save(), receiver.save()));
    let blob = lsa::export(&repack(&established.context, states))?;
    if how.delete {
        contexts::withdraw(handle)?;
        *sender = Box::new(Departed);
        *receiver = Box::new(Departed);
    }
    Ok(blob)
}

/// `ImportSecurityContext`. A context that Negotiate made is one of Negotiate and of the package
/// that it chose.
pub fn import(package: &str, blob: &[u8]) -> Result<ContextHandle> {
    let info = lsa::find_package(package)?;
    let packed = lsa::import(blob)?;
    let negotiated = packed.negotiated && info.id == PackageId::Negotiate;
    if packed.package != info.id && !negotiated {
        let made = lsa::package_info(packed.package).map_or("another package", |info| info.name);
        let story = format!("the packed context was made by {made}, not by {}", info.name);
        return Err(Error::new(PeerFault::MalformedToken, story));
    }
    contexts::insert(Context::complete(packed)?)
}

fn repack(context: &PackedContext, states: Option<(SecretBytes, SecretBytes)>) -> PackedContext {
    let (sender, receiver) = states.unzip();
    PackedContext {
        package: context.package,
        negotiated: context.negotiated,
        role: context.role,
        flags: context.flags,
        client_name: context.client_name.clone(),
        client: context.client.clone(),
        server_name: context.server_name.clone(),
        authority: context.authority.clone(),
        client_target: context.client_target.clone(),
        target_information: context.target_information.clone(),
        start: context.start,
        expiry: context.expiry,
        password_expiry: context.password_expiry,
        logon: None,
        session_key: context.session_key.duplicate(),
        protection: context.protection.duplicate(),
        sender,
        receiver,
    }
}
