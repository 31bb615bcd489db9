//! Dates and times in ISO form.

/// Nanoseconds in a day.
const DAY: i64 = 86_400_000_000_000;

/// The year, month and day that is `days` days after 1970-01-01, in the Gregorian calendar. The calculation uses eras of 400 years,
/// and years that begin in March.
pub(crate) fn civil(days: i64) -> (i64, i64, i64) {
    let days = days.saturating_add(719_468);
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

/// `2024-03-05`.
pub(crate) fn date(days: i64) -> String {
    let (year, month, day) = civil(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `18:00:05`, with as many decimal places of the second as are needed.
pub(crate) fn time(nanoseconds: i64) -> String {
    let seconds = nanoseconds.div_euclid(1_000_000_000);
    let fraction = nanoseconds.rem_euclid(1_000_000_000);
    let mut text = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if fraction != 0 {
        text.push_str(format!(".{fraction:09}").trim_end_matches('0'));
    }
    text
}

/// `2024-03-05 18:00:05`, from a number of units since 1970-01-01, with `per_second` units to the second.
pub(crate) fn date_time(units: i64, per_second: i64) -> String {
    let per_day = per_second * 86_400;
    let of_day = units.rem_euclid(per_day) * (DAY / per_day);
    format!("{} {}", date(units.div_euclid(per_day)), time(of_day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_dates() {
        for (days, shown) in [(0, "1970-01-01"), (-1, "1969-12-31"), (19_787, "2024-03-05"), (11_016, "2000-02-29")] {
            assert_eq!(date(days), shown);
        }
        civil(i64::MAX);
        civil(i64::MIN);
    }
}
