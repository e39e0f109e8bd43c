//! The four families of context flags, translated to and from the neutral set.
//!
//! Holds: one table. May use: `spi`. Must not touch: everything else.

#[allow(clippy::wildcard_imports)]
use super::types::*;
use crate::spi::flags::ContextFlags;

/// `ISC_REQ_…` of `InitializeSecurityContext`.
pub fn from_isc_req(bits: u32) -> ContextFlags {
    from(bits, |row| row.isc_req)
}

/// `ISC_RET_…`
pub fn to_isc_ret(flags: ContextFlags) -> u32 {
    to(flags, |row| row.isc_ret)
}

/// `ASC_REQ_…` of `AcceptSecurityContext`.
pub fn from_asc_req(bits: u32) -> ContextFlags {
    from(bits, |row| row.asc_req)
}

/// `ASC_RET_…`
pub fn to_asc_ret(flags: ContextFlags) -> u32 {
    to(flags, |row| row.asc_ret)
}

struct Row {
    flag: ContextFlags,
    isc_req: u32,
    isc_ret: u32,
    asc_req: u32,
    asc_ret: u32,
}

const fn row(flag: ContextFlags, isc_req: u32, isc_ret: u32, asc_req: u32, asc_ret: u32) -> Row {
    Row { flag, isc_req, isc_ret, asc_req, asc_ret }
}

/// 0 where a family does not have the flag.
#[rustfmt::skip]
static TABLE: &[Row] = &[
    row(ContextFlags::DELEGATE, ISC_REQ_DELEGATE, ISC_RET_DELEGATE, ASC_REQ_DELEGATE, ASC_RET_DELEGATE),
    row(ContextFlags::MUTUAL_AUTH, ISC_REQ_MUTUAL_AUTH, ISC_RET_MUTUAL_AUTH, ASC_REQ_MUTUAL_AUTH, ASC_RET_MUTUAL_AUTH),
    row(ContextFlags::REPLAY_DETECT, ISC_REQ_REPLAY_DETECT, ISC_RET_REPLAY_DETECT, ASC_REQ_REPLAY_DETECT, ASC_RET_REPLAY_DETECT),
    row(ContextFlags::SEQUENCE_DETECT, ISC_REQ_SEQUENCE_DETECT, ISC_RET_SEQUENCE_DETECT, ASC_REQ_SEQUENCE_DETECT, ASC_RET_SEQUENCE_DETECT),
    row(ContextFlags::CONFIDENTIALITY, ISC_REQ_CONFIDENTIALITY, ISC_RET_CONFIDENTIALITY, ASC_REQ_CONFIDENTIALITY, ASC_RET_CONFIDENTIALITY),
    row(ContextFlags::USE_SESSION_KEY, ISC_REQ_USE_SESSION_KEY, ISC_RET_USE_SESSION_KEY, ASC_REQ_USE_SESSION_KEY, ASC_RET_USE_SESSION_KEY),
    row(ContextFlags::PROMPT_FOR_CREDS, ISC_REQ_PROMPT_FOR_CREDS, 0, 0, 0),
    row(ContextFlags::USE_SUPPLIED_CREDS, ISC_REQ_USE_SUPPLIED_CREDS, ISC_RET_USED_SUPPLIED_CREDS, 0, 0),
    row(ContextFlags::DCE_STYLE, ISC_REQ_USE_DCE_STYLE, ISC_RET_USED_DCE_STYLE, ASC_REQ_USE_DCE_STYLE, ASC_RET_USED_DCE_STYLE),
    row(ContextFlags::DATAGRAM, ISC_REQ_DATAGRAM, ISC_RET_DATAGRAM, ASC_REQ_DATAGRAM, ASC_RET_DATAGRAM),
    row(ContextFlags::CONNECTION, ISC_REQ_CONNECTION, ISC_RET_CONNECTION, ASC_REQ_CONNECTION, ASC_RET_CONNECTION),
    row(ContextFlags::EXTENDED_ERROR, ISC_REQ_EXTENDED_ERROR, ISC_RET_EXTENDED_ERROR, ASC_REQ_EXTENDED_ERROR, ASC_RET_EXTENDED_ERROR),
    row(ContextFlags::STREAM, ISC_REQ_STREAM, ISC_RET_STREAM, ASC_REQ_STREAM, ASC_RET_STREAM),
    row(ContextFlags::INTEGRITY, ISC_REQ_INTEGRITY, ISC_RET_INTEGRITY, ASC_REQ_INTEGRITY, ASC_RET_INTEGRITY),
    row(ContextFlags::IDENTIFY, ISC_REQ_IDENTIFY, ISC_RET_IDENTIFY, ASC_REQ_IDENTIFY, ASC_RET_IDENTIFY),
    row(ContextFlags::NULL_SESSION, ISC_REQ_NULL_SESSION, ISC_RET_NULL_SESSION, ASC_REQ_ALLOW_NULL_SESSION, ASC_RET_NULL_SESSION),
    row(ContextFlags::NO_INTEGRITY, ISC_REQ_NO_INTEGRITY, 0, 0, 0),
    row(ContextFlags::UNVERIFIED_TARGET_NAME, ISC_REQ_UNVERIFIED_TARGET_NAME, 0, 0, 0),
    row(ContextFlags::ALLOW_MISSING_BINDINGS, 0, 0, ASC_REQ_ALLOW_MISSING_BINDINGS, 0),
    row(ContextFlags::PROXY_BINDINGS, 0, 0, ASC_REQ_PROXY_BINDINGS, 0),
    row(ContextFlags::CONFIDENTIALITY_ONLY, ISC_REQ_CONFIDENTIALITY_ONLY, ISC_RET_CONFIDENTIALITY_ONLY, 0, 0),
    row(ContextFlags::ALLOW_NON_USER_LOGONS, 0, 0, ASC_REQ_ALLOW_NON_USER_LOGONS, ASC_RET_ALLOW_NON_USER_LOGONS),
    row(ContextFlags::ALLOW_CONTEXT_REPLAY, 0, 0, ASC_REQ_ALLOW_CONTEXT_REPLAY, ASC_RET_ALLOW_CONTEXT_REPLAY),
    row(ContextFlags::NO_TOKEN, 0, 0, ASC_REQ_NO_TOKEN, ASC_RET_NO_TOKEN),
    row(ContextFlags::HTTP_STYLE, ISC_REQ_USE_HTTP_STYLE, ISC_RET_USED_HTTP_STYLE, 0, 0),
];

fn from(bits: u32, column: impl Fn(&Row) -> u32) -> ContextFlags {
    let asked = |row: &&Row| column(row) & bits != 0;
    TABLE.iter().filter(asked).fold(ContextFlags::empty(), |set, row| set | row.flag)
}

fn to(flags: ContextFlags, column: impl Fn(&Row) -> u32) -> u32 {
    let set = |row: &&Row| flags.contains(row.flag);
    TABLE.iter().filter(set).fold(0, |bits, row| bits | column(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_families_differ_above_bit_12() {
        let identify = ContextFlags::IDENTIFY;
        assert_eq!(from_isc_req(0x0002_0000), identify);
        assert_eq!(to_isc_ret(identify), 0x0002_0000);
        assert_eq!(from_asc_req(0x0008_0000), identify);
        assert_eq!(to_asc_ret(identify), 0x0008_0000);
        assert_eq!(from_isc_req(0x0001_0000), ContextFlags::INTEGRITY);
        assert_eq!(from_asc_req(0x0002_0000), ContextFlags::INTEGRITY);
    }

    #[test]
    fn every_flag_of_the_set_has_a_row() {
        let all = TABLE.iter().fold(ContextFlags::empty(), |set, row| set | row.flag);
        assert_eq!(all, ContextFlags::all());
    }
}
