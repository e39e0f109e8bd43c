//! Connections to the authority and tokens of logons: what a `HANDLE` of C names.
//!
//! Holds: their table. May use: `logons`, who the caller is, `spi`.
//! Must not touch: everything else.

use super::Caller;
use super::logons::{self, LogonId};
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

/// A token of somebody who was logged on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// The session, which ends with the token.
    pub logon: LogonId,
    /// It is one to impersonate with and not one to start processes with.
    pub impersonates: bool,
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
        Some(Object::Token(_)) => Err(wrong("is a token and no connection to the authority")),
        None => Err(wrong("names no connection to the authority")),
    }
}

/// Ends a connection. Sessions and tokens that it brought go on.
pub fn disconnect(id: ObjectId) -> Result<()> {
    connection(id)?;
    OBJECTS.remove(id).alive().map(drop).ok_or_else(|| wrong("names no connection any more"))
}

/// Closes a token and ends its session.
pub fn close_token(id: ObjectId) -> Result<()> {
    let token = token(id)?;
    OBJECTS.remove(id).alive().ok_or_else(|| wrong("names no token any more"))?;
    logons::end_logon(token.logon);
    Ok(())
}

/// A living token.
pub fn token(id: ObjectId) -> Result<Token> {
    match OBJECTS.get(id).as_deref() {
        Some(Object::Token(token)) => Ok(*token),
        Some(Object::Connection(_)) => Err(wrong("is a connection to the authority and no token")),
        None => Err(wrong("names no token")),
    }
}

/// Makes a token.
pub(super) fn insert_token(token: Token) -> Result<ObjectId> {
    insert(Object::Token(token))
}

enum Object {
    Connection(Connection),
    Token(Token),
}

static OBJECTS: Table<Object> = Table::new();

fn insert(object: Object) -> Result<ObjectId> {
    OBJECTS.insert(object).ok_or_else(|| LocalFault::NoMemory.into())
}

fn wrong(what: &str) -> Error {
    Error::new(CallerFault::InvalidHandle, format!("the handle {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b1_a_handle_of_the_other_kind_or_a_dead_one_is_none() {
        let connection_id = connect().unwrap();
        let token_id = insert_token(Token { logon: 1, impersonates: true }).unwrap();
        assert!(!connection(connection_id).unwrap().trusted);
        assert!(token(token_id).unwrap().impersonates);
        assert!(connection(token_id).is_err() && disconnect(token_id).is_err());
        assert!(token(connection_id).is_err() && close_token(connection_id).is_err());
        disconnect(connection_id).unwrap();
        close_token(token_id).unwrap();
        assert!(disconnect(connection_id).is_err() && close_token(token_id).is_err());
        for bits in [0, 1, 8, 0xDEAD_BEEF, u64::MAX] {
            assert!(connection(Key::from_bits(bits)).is_err(), "{bits:#x}");
            assert!(token(Key::from_bits(bits)).is_err(), "{bits:#x}");
        }
    }
}
