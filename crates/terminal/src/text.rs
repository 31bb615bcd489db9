//! Numbers and durations in sentences.

use std::time::Duration;

/// A number with its noun: `1 epoch`, `2 epochs`.
///
/// ```
/// # use drivetrain_terminal::counted;
/// assert_eq!(counted(1, "batch", "batches"), "1 batch");
/// assert_eq!(counted(0, "batch", "batches"), "0 batches");
/// ```
#[must_use]
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A duration: `1h 02m 03s`, `4m 05s`, `6.7s`.
#[must_use]
pub fn format_duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, _) => format!("{:.1}s", duration.as_secs_f64()),
        (0, minutes, seconds) => format!("{minutes}m {seconds:02}s"),
        (hours, minutes, seconds) => format!("{hours}h {minutes:02}m {seconds:02}s"),
    }
}
