//! Channel bindings as the caller gives them (RFC 2744 3.11, `SEC_CHANNEL_BINDINGS`).

/// The parts of a `SEC_CHANNEL_BINDINGS` structure. For TLS only `application_data` is set:
/// `tls-server-end-point:` or `tls-unique:` and the bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChannelBindings {
    /// Type of the initiator's address.
    pub initiator_type: u32,
    /// The initiator's address.
    pub initiator: Vec<u8>,
    /// Type of the acceptor's address.
    pub acceptor_type: u32,
    /// The acceptor's address.
    pub acceptor: Vec<u8>,
    /// What the channel is bound by.
    pub application_data: Vec<u8>,
}

impl ChannelBindings {
    /// The parts in the order of `gss_channel_bindings_struct`, with little-endian numbers: what
    /// Kerberos and NTLM hash alike (RFC 4121 4.1.1.2, [MS-NLMP] 3.1.5.1.2).
    pub fn encoded(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64 + self.application_data.len());
        let mut part = |kind: Option<u32>, content: &[u8]| {
            bytes.extend(kind.into_iter().flat_map(u32::to_le_bytes));
            bytes.extend((content.len() as u32).to_le_bytes());
            bytes.extend_from_slice(content);
        };
        part(Some(self.initiator_type), &self.initiator);
        part(Some(self.acceptor_type), &self.acceptor);
        part(None, &self.application_data);
        bytes
    }
}
