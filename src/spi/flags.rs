//! What a context is asked for and what it offers, in one neutral set.
//!
//! `ISC_REQ_*`, `ISC_RET_*`, `ASC_REQ_*` and `ASC_RET_*` disagree above bit 12; the C boundary
//! translates each of the four into this set, so that no package ever sees their numbers.

use bitflags::bitflags;

bitflags! {
    /// Requirements of a caller, and properties of a context.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
    pub struct ContextFlags: u32 {
        /// Delegate the client's credentials.
        const DELEGATE = 1;
        /// Both sides prove their identity.
        const MUTUAL_AUTH = 1 << 1;
        /// Replayed messages are detected.
        const REPLAY_DETECT = 1 << 2;
        /// Messages out of order are detected.
        const SEQUENCE_DETECT = 1 << 3;
        /// Messages can be encrypted.
        const CONFIDENTIALITY = 1 << 4;
        /// Kerberos user-to-user.
        const USE_SESSION_KEY = 1 << 5;
        /// Credentials come in a `SECBUFFER_PKG_PARAMS` buffer.
        const USE_SUPPLIED_CREDS = 1 << 6;
        /// A third leg and the DCE layout of messages.
        const DCE_STYLE = 1 << 7;
        /// Connectionless: messages may be lost or reordered.
        const DATAGRAM = 1 << 8;
        /// Connection-oriented.
        const CONNECTION = 1 << 9;
        /// Failures are told to the peer in a token.
        const EXTENDED_ERROR = 1 << 10;
        /// Stream-oriented.
        const STREAM = 1 << 11;
        /// Messages can be signed.
        const INTEGRITY = 1 << 12;
        /// The server may only identify the client, not act as it.
        const IDENTIFY = 1 << 13;
        /// The client is anonymous; as a requirement of a server: it may be.
        const NULL_SESSION = 1 << 14;
        /// Do not add integrity that nobody asked for.
        const NO_INTEGRITY = 1 << 15;
        /// The target name comes from an untrusted source.
        const UNVERIFIED_TARGET_NAME = 1 << 16;
        /// A client without channel bindings is accepted although the server has some.
        const ALLOW_MISSING_BINDINGS = 1 << 17;
        /// A proxy terminates the channel: any real binding will do.
        const PROXY_BINDINGS = 1 << 18;
        /// Confidentiality without integrity.
        const CONFIDENTIALITY_ONLY = 1 << 19;
        /// Non-user accounts may log on.
        const ALLOW_NON_USER_LOGONS = 1 << 20;
        /// Replays of the context's tokens are accepted.
        const ALLOW_CONTEXT_REPLAY = 1 << 21;
        /// No token is to be made.
        const NO_TOKEN = 1 << 22;
        /// HTTP style.
        const HTTP_STYLE = 1 << 23;
        /// The caller would be asked for credentials.
        const PROMPT_FOR_CREDS = 1 << 24;
    }
}
