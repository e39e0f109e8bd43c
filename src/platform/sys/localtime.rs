//! `localtime_r(3)`: SSPI gives its expiry times in local time.

/// How many seconds local time is ahead of UTC at a Unix time.
pub fn utc_offset(unix_seconds: i64) -> i64 {
    // SAFETY: every field of a `tm` may be zero.
    let mut parts: libc::tm = unsafe { std::mem::zeroed() };
    // SAFETY: both pointers are to living values of the right type.
    let result = unsafe { libc::localtime_r(&raw const unix_seconds, &raw mut parts) };
    if result.is_null() { 0 } else { parts.tm_gmtoff }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_offset_is_less_than_a_day() {
        assert!(super::utc_offset(1_700_000_000).abs() < 86_400);
        // A year that no calendar holds.
        assert_eq!(super::utc_offset(i64::MAX), 0);
    }
}
