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
