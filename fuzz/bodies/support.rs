//! What the tests have for the bodies.

#[path = "../../tests/support/ap.rs"]
pub mod ap;
#[path = "../../tests/support/client.rs"]
pub mod client;
#[path = "../../tests/support/env.rs"]
pub mod env;
#[path = "../../tests/support/handshake.rs"]
pub mod handshake;
#[path = "../../tests/support/kdc/mod.rs"]
pub mod kdc;
#[path = "../../tests/support/kerberos.rs"]
pub mod kerberos;
#[path = "../../tests/support/spnego.rs"]
pub mod spnego;
