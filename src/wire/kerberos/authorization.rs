//! Authorisation data (RFC 4120 5.2.6, RFC 4537, [MS-KILE] 2.2.7).

use super::asn1::{Int32, OctetString, SequenceOf, from_der, lists, sequence, to_der};
use super::{WireError, numbers};

/// How deep AD-IF-RELEVANT may be in itself; nobody nests it at all.
const MAX_DEPTH: usize = 4;

/// One element of `AuthorizationData` (RFC 4120 5.2.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationDataEntry {
    /// `ad-type`: [`numbers::ad_type`].
    pub ad_type: i32,
    /// `ad-data`.
    pub ad_data: Vec<u8>,
}

sequence! { AuthorizationDataEntry {
    [0] ad_type: Int32,
    [1] ad_data: OctetString,
}}

lists! { AuthorizationDataEntry: "AuthorizationData" }

impl AuthorizationDataEntry {
    /// `AD-IF-RELEVANT` (RFC 4120 5.2.6.1): who does not understand what is in it may ignore it.
    pub fn if_relevant(elements: &[Self]) -> Self {
        Self { ad_type: numbers::ad_type::IF_RELEVANT, ad_data: Self::list_to_der(elements) }
    }

    /// The elements of this type, whether they are in AD-IF-RELEVANT or not, in their order.
    /// A container that cannot be read is an error even though it may be irrelevant: it is part
    /// of what the KDC or the client vouches for.
    pub fn find(elements: &[Self], ad_type: i32) -> Result<Vec<Self>, WireError> {
        let mut found = Vec::new();
        collect(elements, ad_type, MAX_DEPTH, &mut found)?;
        Ok(found)
    }
}

fn collect(
    elements: &[AuthorizationDataEntry],
    ad_type: i32,
    depth: usize,
    found: &mut Vec<AuthorizationDataEntry>,
) -> Result<(), WireError> {
    for element in elements {
        if element.ad_type == ad_type {
            found.push(element.clone());
        } else if element.ad_type == numbers::ad_type::IF_RELEVANT {
            let Some(depth) = depth.checked_sub(1) else {
                return Err(WireError::new("AuthorizationData", "AD-IF-RELEVANT nested too deep"));
            };
            let inner = AuthorizationDataEntry::list_from_der(&element.ad_data)?;
            collect(&inner, ad_type, depth, found)?;
        }
    }
    Ok(())
}

/// `EtypeList` (RFC 4537 3), the contents of AD-ETYPE-NEGOTIATION: enctypes that the client
/// likes better than the session key's, best first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EtypeList(pub Vec<i32>);

impl EtypeList {
    /// Reads it; all of the bytes.
    pub fn from_der(bytes: &[u8]) -> Result<Self, WireError> {
        from_der::<SequenceOf<Int32>>("EtypeList", bytes).map(Self)
    }

    /// Writes it.
    pub fn to_der(&self) -> Vec<u8> {
        to_der::<SequenceOf<Int32>>(&self.0)
    }
}

/// `KERB_AP_OPTIONS` ([MS-KILE] 3.2.5.8), the contents of AD-AP-OPTIONS: what the client can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApOptions(pub u32);

impl ApOptions {
    /// `KERB_AP_OPTIONS_CBT`: a client that knows channel bindings, so that their absence means
    /// something.
    pub const CBT: u32 = 0x4000;

    /// Reads it; all of the bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        let bytes = bytes.try_into();
        let bytes = bytes.map_err(|_| WireError::new("AD-AP-OPTIONS", "not four bytes"))?;
        Ok(Self(u32::from_le_bytes(bytes)))
    }

    /// Writes it.
    pub const fn to_bytes(self) -> [u8; 4] {
        self.0.to_le_bytes()
    }
}
