//! Moments as text.

use std::time::SystemTime;

use time::OffsetDateTime;

/// A moment in UTC: `2026-01-31T23:59:58Z`.
#[must_use]
pub fn timestamp(moment: SystemTime) -> String {
    let utc = OffsetDateTime::from(moment);
    let (date, (hour, minute, second)) = (utc.date(), utc.to_hms());
    format!("{:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}Z", date.year(), u8::from(date.month()), date.day())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn moments_are_written_in_utc() {
        for (days, date) in [(0, "1970-01-01"), (59, "1970-03-01"), (11_016, "2000-02-29"), (20_454, "2026-01-01")] {
            let moment = UNIX_EPOCH + Duration::from_secs(days * 86_400 + 3_723);
            assert_eq!(timestamp(moment), format!("{date}T01:02:03Z"));
        }
    }
}
