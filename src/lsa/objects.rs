//! Connections to the authority and access tokens: what a `HANDLE` of C names.
//!
//! Holds: their table. May use: `tokens`, who the caller is, `spi`.
//! Must not touch: everything else.

use std::sync::Arc;

use super::Caller;
use super::tokens::AccessToken;
use crate::spi::error::{CallerFault, Error, LocalFault, Result};
use crate::spi::table::{Key, Table};

/// Names a connection or a token.
pub type ObjectId = Key;

/// A connection to the authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connection {
    /// It was made as a logon process: by the machine's own user.
    pub trusted: bool,
}

/// Connects without privileges.
pub fn connect() -> Result<ObjectId> {
    insert(Object::Connection(Connection { trusted: false }))
}

/// Connects as a logon process; `None` is a caller who may not.
pub fn register() -> Result<Option<ObjectId>> {
    if !Caller::current().is_trusted() {
        return Ok(None);
    }
    insert(Object::Connection(Connection { trusted: true })).map(Some)
}

/// A living connection.
pub fn connection(id: ObjectId) -> Result<Connection> {
    match OBJECTS.get(id).as_deref() {
        Some(Object::Connection(connection)) => Ok(*connection),
        Some(Object::Token(..)) => Err(wrong("is a token and no connection to the authority")),
        None => Err(wrong("names no connection to the authority")),
    }
}

/// Ends a connection. Sessions and tokens that it brought go on.
pub fn disconnect(id: ObjectId) -> Result<()> {
    connection(id)?;
    OBJECTS.remove(id).alive().map(drop).ok_or_else(|| wrong("names no connection any more"))
}

/// A handle for a token, to be closed by whoever gets it.
pub fn open_token(token: &Arc<AccessToken>) -> Result<ObjectId> {
    insert(Object::Token(Arc::clone(token), Owner::Holder))
}

/// A handle for a token that whoever gets it cannot close: [`end_loan`] does.
pub fn lend_token(token: &Arc<AccessToken>) -> Result<ObjectId> {
    insert(Object::Token(Arc::clone(token), Owner::Context))
}

/// Closes the handle of a token. What the token holds goes with its last handle.
pub fn close_token(id: ObjectId) -> Result<()> {
    if token_and_owner(id)?.1 == Owner::Context {
        return Err(wrong("is of a context's token, and closed with the context"));
    }
    OBJECTS.remove(id).alive().map(drop).ok_or_else(|| wrong("names no token any more"))
}

/// Ends what [`lend_token`] began.
pub fn end_loan(id: ObjectId) {
    OBJECTS.remove(id);
}

/// The token of a living handle.
pub fn token(id: ObjectId) -> Result<Arc<AccessToken>> {
    token_and_owner(id).map(|(token, _)| token)
}

enum Object {
    Connection(Connection),
    Token(Arc<AccessToken>, Owner),
}

/// Who closes the handle of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// Whoever got it.
    Holder,
    /// The context whose token it is.
    Context,
}

static OBJECTS: Table<Object> = Table::new();

fn token_and_owner(id: ObjectId) -> Result<(Arc<AccessToken>, Owner)> {
    match OBJECTS.get(id).as_deref() {
        Some(Object::Token(token, owner)) => Ok((Arc::clone(token), *owner)),
        Some(Object::Connection(_)) => Err(wrong("is a connection to the authority and no token")),
        None => Err(wrong("names no token")),
    }
}

fn insert(object: Object) -> Result<ObjectId> {
    OBJECTS.insert(object).ok_or_else(|| LocalFault::NoMemory.into())
}

fn wrong(what: &str) -> Error {
    Error::new(CallerFault::InvalidHandle, format!("the handle {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lsa::tokens;

    #[test]
    fn b1_a_handle_of_the_other_kind_or_a_dead_one_is_none() {
        let connection_id = connect().unwrap();
        let whose = tokens::tests::token("alice");
        let token_id = open_token(&whose).unwrap();
        assert!(!connection(connection_id).unwrap().trusted);
        assert!(Arc::ptr_eq(&token(token_id).unwrap(), &whose));
        assert!(connection(token_id).is_err() && disconnect(token_id).is_err());
        assert!(token(connection_id).is_err() && close_token(connection_id).is_err());
        disconnect(connection_id).unwrap();
        close_token(token_id).unwrap();
        assert!(disconnect(connection_id).is_err() && close_token(token_id).is_err());
        assert_eq!(Arc::strong_count(&whose), 1, "the handle kept the token");
        for bits in [0, 1, 8, 0xDEAD_BEEF, u64::MAX] {
            assert!(connection(Key::from_bits(bits)).is_err(), "{bits:#x}");
            assert!(token(Key::from_bits(bits)).is_err(), "{bits:#x}");
        }
    }

    #[test]
    fn b1_a_token_that_is_lent_is_closed_by_its_lender_alone() {
        let lent = lend_token(&tokens::tests::token("alice")).unwrap();
        assert!(token(lent).is_ok());
        assert_eq!(close_token(lent).unwrap_err().fault(), CallerFault::InvalidHandle.into());
        assert!(token(lent).is_ok());
        end_loan(lent);
        assert!(token(lent).is_err());
    }

    #[test]
    fn b2_of_many_who_close_a_token_one_does() {
        for _ in 0..200 {
            let id = open_token(&tokens::tests::token("alice")).unwrap();
            let closed = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| close_token(id))).collect();
                threads.into_iter().filter_map(|thread| thread.join().unwrap().ok()).count()
            });
            assert_eq!(closed, 1);
        }
    }
}
