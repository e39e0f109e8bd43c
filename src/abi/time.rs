//! `TimeStamp`.
//!
//! Holds: its making. May use: `spi`. Must not touch: everything else.

use super::types::TimeStamp;
use crate::spi::time::FileTime;

/// A time as C sees it; later than it can hold is "never".
pub fn to_c(time: FileTime) -> TimeStamp {
    TimeStamp { QuadPart: i64::try_from(time.0).unwrap_or(i64::MAX) }
}
