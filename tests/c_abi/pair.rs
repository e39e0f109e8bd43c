//! Both ends of an authentication in one process.

use super::*;

pub const USER: &str = "alice";
pub const DOMAIN: &str = "EXAMPLE";
pub const PASSWORD: &str = "correct horse battery staple";

/// A client and a server that know the same account.
pub struct Parties {
    pub client: Credential,
    pub server: Credential,
}

impl Parties {
    pub fn new() -> Self {
        Self {
            client: Credential::client(USER, DOMAIN, PASSWORD),
            server: Credential::server(USER, DOMAIN, PASSWORD),
        }
    }

    pub fn credential(&self, side: Side) -> &Credential {
        match side {
            Side::Client => &self.client,
            Side::Server => &self.server,
        }
    }

    /// The client's first step.
    pub fn negotiate(&self, flags: u32) -> (Context, Vec<u8>) {
        let (answer, token) = step(Side::Client, &self.client, None, &[], flags);
        assert_eq!(named(answer.status), "SEC_I_CONTINUE_NEEDED");
        (Context(answer.handle), token)
    }

    /// The server's answer to it.
    pub fn challenge(&self, negotiate: &[u8]) -> (Context, Vec<u8>) {
        let (answer, token) = step(Side::Server, &self.server, None, negotiate, 0);
        assert_eq!(named(answer.status), "SEC_I_CONTINUE_NEEDED");
        (Context(answer.handle), token)
    }

    /// The client's last message; its context is complete.
    pub fn authenticate(&self, client: &Context, challenge: &[u8]) -> Vec<u8> {
        let (answer, token) = step(Side::Client, &self.client, Some(client.0), challenge, 0);
        assert_eq!(named(answer.status), "SEC_E_OK");
        token
    }

    /// The whole handshake.
    pub fn established(&self, flags: u32) -> Pair {
        let (client, negotiate) = self.negotiate(flags);
        let (server, challenge) = self.challenge(&negotiate);
        let authenticate = self.authenticate(&client, &challenge);
        let (answer, _) = step(Side::Server, &self.server, Some(server.0), &authenticate, 0);
        assert_eq!(named(answer.status), "SEC_E_OK");
        assert_eq!(words(answer.handle), words(server.0), "a handle changed between calls");
        Pair { client, server }
    }

    /// The three messages of one handshake, whose contexts are gone.
    pub fn messages(&self, flags: u32) -> [Vec<u8>; 3] {
        let (client, negotiate) = self.negotiate(flags);
        let (_server, challenge) = self.challenge(&negotiate);
        let authenticate = self.authenticate(&client, &challenge);
        [negotiate, challenge, authenticate]
    }
}

/// Two established contexts.
pub struct Pair {
    pub client: Context,
    pub server: Context,
}

impl Pair {
    pub fn new() -> Self {
        Parties::new().established(PROTECTED)
    }

    /// A message goes each way.
    pub fn works(&self) {
        exchange(self.client.0, self.server.0, b"to the server");
        exchange(self.server.0, self.client.0, b"to the client");
    }
}

/// A sealed message from one to the other.
pub fn exchange(from: SecHandle, to: SecHandle, text: &[u8]) {
    let (token, data) = sealed(from, text).unwrap();
    assert_eq!(unsealed(to, &token, &data).map_err(named).unwrap(), text);
}
