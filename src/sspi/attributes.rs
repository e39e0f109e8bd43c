//! Attributes of a context, as values.
//!
//! Holds: what each attribute says, before and after completion. May use: `lsa`, `spi`.
//! Must not touch: everything else.

use std::sync::Arc;

use super::contexts::{self, Context};
use super::handles::ContextHandle;
use crate::lsa::{self, ObjectId};
use crate::spi::error::{CallerFault, Error, LocalFault, Result};
use crate::spi::flags::ContextFlags;
use crate::spi::message::{KeyInfo, Sizes};
use crate::spi::package::{LastClientToken, Negotiation, PackageId, PackageInfo};
use crate::spi::packed::Role;
use crate::spi::secret::SecretBytes;
use crate::spi::time::FileTime;

/// A living context whose attributes are asked for.
pub struct Subject(Arc<Context>);

impl Subject {
    /// The context of a handle.
    pub fn of(handle: ContextHandle) -> Result<Self> {
        contexts::find(handle).map(Self)
    }

    /// Which side we are.
    pub fn role(&self) -> Role {
        self.0.role()
    }

    /// `SECPKG_ATTR_SIZES`; before completion the package's bounds, and as long as another package
    /// may be agreed on, those of Negotiate.
    pub fn sizes(&self) -> Result<Sizes> {
        if let Ok(established) = self.0.established() {
            return Ok(established.sizes);
        }
        let progress = self.0.unfinished()?.progress;
        let package = match progress.negotiation {
            Negotiation::Complete => progress.package,
            Negotiation::Optimistic | Negotiation::InProgress => PackageId::Negotiate,
        };
        Ok(lsa::package_info(package)?.sizes)
    }

    /// `SECPKG_ATTR_NAMES`: the client, on both sides.
    pub fn name(&self) -> Result<&str> {
        Ok(&self.0.established()?.context.client_name)
    }

    /// `SECPKG_ATTR_NATIVE_NAMES`: client and server.
    pub fn native_names(&self) -> Result<(&str, &str)> {
        let context = &self.0.established()?.context;
        Ok((&context.client_name, context.server_name.as_deref().unwrap_or_default()))
    }

    /// `SECPKG_ATTR_AUTHORITY`.
    pub fn authority(&self) -> Result<&str> {
        let authority = self.0.established()?.context.authority.as_deref();
        authority.ok_or_else(|| unsupported("the package names no authority"))
    }

    /// `SECPKG_ATTR_LIFESPAN`, in local time.
    pub fn lifespan(&self) -> Result<(FileTime, FileTime)> {
        let context = &self.0.established()?.context;
        Ok((lsa::local_time(context.start), lsa::local_time(context.expiry)))
    }

    /// `SECPKG_ATTR_PASSWORD_EXPIRY`, in local time.
    pub fn password_expiry(&self) -> Result<FileTime> {
        Ok(lsa::local_time(self.0.established()?.context.password_expiry))
    }

    /// The logon session with what the client delegated.
    pub fn logon(&self) -> Result<u64> {
        self.0.established()?.context.logon.ok_or_else(|| {
            Error::new(LocalFault::NoCredentials, "the client delegated nothing to this context")
        })
    }

    /// `SECPKG_ATTR_ACCESS_TOKEN`: a handle that ends with the context, and not before.
    pub fn access_token(&self) -> Result<ObjectId> {
        self.0.established()?.lent_token()
    }

    /// `SECPKG_ATTR_KEY_INFO`.
    pub fn key_info(&self) -> Result<KeyInfo> {
        Ok(self.0.established()?.key_info)
    }

    /// `SECPKG_ATTR_SESSION_KEY`.
    pub fn session_key(&self) -> Result<&SecretBytes> {
        Ok(&self.0.established()?.context.session_key)
    }

    /// `SECPKG_ATTR_FLAGS`; before completion what is known so far.
    pub fn flags(&self) -> Result<ContextFlags> {
        match self.0.established() {
            Ok(established) => Ok(self.0.offers(established.context.flags)),
            Err(_) => Ok(self.0.unfinished()?.progress.flags),
        }
    }

    /// `SECPKG_ATTR_PACKAGE_INFO`: the package at work.
    pub fn package(&self) -> Result<&'static PackageInfo> {
        match self.0.established() {
            Ok(established) => lsa::package_info(established.context.package),
            Err(_) => lsa::package_info(self.0.unfinished()?.progress.package),
        }
    }

    /// `NegotiationState` of `SECPKG_ATTR_NEGOTIATION_INFO`.
    pub fn negotiation(&self) -> Result<Negotiation> {
        match self.0.established() {
            Ok(_) => Ok(Negotiation::Complete),
            Err(_) => Ok(self.0.unfinished()?.progress.negotiation),
        }
    }

    /// `SECPKG_ATTR_TARGET_INFORMATION`: what is known of the server, as CredMarshalTargetInfo
    /// writes it.
    pub fn target_information(&self) -> Result<Vec<u8>> {
        lsa::target_information(&self.0.established()?.context)
    }

    /// `SECPKG_ATTR_CLIENT_SPECIFIED_TARGET`: on servers what the client proved to have asked
    /// for; empty when it asked for nothing.
    pub fn client_target(&self) -> Result<&str> {
        Ok(self.0.established()?.context.client_target.as_deref().unwrap_or_default())
    }

    /// `SECPKG_ATTR_LAST_CLIENT_TOKEN_STATUS`, of servers only.
    pub fn last_client_token(&self) -> Result<LastClientToken> {
        if self.role() != Role::Acceptor {
            return Err(unsupported("only a server knows the client's tokens"));
        }
        match self.0.established() {
            Ok(_) => Ok(LastClientToken::Yes),
            Err(_) => Ok(self.0.unfinished()?.progress.last_client_token),
        }
    }
}

fn unsupported(story: &str) -> Error {
    Error::new(CallerFault::Unsupported, story)
}
