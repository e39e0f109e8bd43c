//! Times of Windows as Kerberos writes them.

use crate::spi::kerberos::KerberosTime;
use crate::spi::time::FileTime;

/// The whole seconds.
pub const fn seconds(now: FileTime) -> KerberosTime {
    KerberosTime::of(now)
}

/// Seconds and microseconds, of a clock that is so many seconds ahead.
pub const fn kerberos_time(now: FileTime, offset: i64) -> (KerberosTime, u32) {
    let microseconds = (now.0 % 10_000_000) / 10;
    (KerberosTime(KerberosTime::of(now).0.saturating_add(offset)), microseconds as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_seconds_and_microseconds() {
        let now = FileTime(FileTime::UNIX_EPOCH.0 + 5 * 10_000_000 + 1_234_567);
        assert_eq!(kerberos_time(now, 0), (KerberosTime(5), 123_456));
        assert_eq!(kerberos_time(now, -7), (KerberosTime(-2), 123_456));
        assert_eq!(seconds(now), KerberosTime(5));
    }
}
