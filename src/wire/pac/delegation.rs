//! `S4U_DELEGATION_INFO` ([MS-PAC] 2.9): the services that a ticket came through.

use super::ndr::Ndr;
use crate::spi::error::Result;

/// The way of a delegated ticket.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DelegationInfo {
    /// `S4U2proxyTarget`
    pub proxy_target: String,
    /// `S4UTransitedServices`, the first one first.
    pub transited_services: Vec<String>,
}

/// Bytes of an `RPC_UNICODE_STRING` before its characters.
const TEXT_HEAD: usize = 8;

impl DelegationInfo {
    /// Reads it. What follows the structure is nobody's.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let mut ndr = Ndr::open(bytes)?;
        let target = ndr.text_head()?;
        let count = ndr.u32()?;
        let there = ndr.pointer_to(count)?;
        let proxy_target = ndr.name(target)?;
        let count = if there { ndr.elements(count, TEXT_HEAD)? } else { 0 };
        let mut heads = Vec::with_capacity(count);
        for _ in 0..count {
            heads.push(ndr.text_head()?);
        }
        let services = heads.into_iter().map(|head| ndr.name(head));
        Ok(Self { proxy_target, transited_services: services.collect::<Result<_>>()? })
    }
}
