//! Time as Windows counts it.

use std::time::Duration;

/// 100-nanosecond steps since 1601-01-01 UTC.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileTime(pub u64);

impl FileTime {
    /// "Never": the largest value that a signed `LARGE_INTEGER` holds.
    pub const NEVER: Self = Self(i64::MAX as u64);

    /// The Unix epoch.
    pub const UNIX_EPOCH: Self = Self(116_444_736_000_000_000);

    /// The distance to another time, whichever is the later one.
    pub const fn distance(self, other: Self) -> Duration {
        let ticks = self.0.abs_diff(other.0);
        Duration::new(ticks / 10_000_000, (ticks % 10_000_000) as u32 * 100)
    }

    /// This time, so much later; saturating.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        let ticks = u64::try_from(duration.as_nanos() / 100).unwrap_or(u64::MAX);
        Self(self.0.saturating_add(ticks))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_has_no_sign_and_no_overflow() {
        let hour = Duration::from_hours(1);
        let later = FileTime::UNIX_EPOCH.plus(hour);
        assert_eq!(FileTime::UNIX_EPOCH.distance(later), hour);
        assert_eq!(later.distance(FileTime::UNIX_EPOCH), hour);
        assert!(FileTime(0).distance(FileTime(u64::MAX)) > hour);
    }
}
