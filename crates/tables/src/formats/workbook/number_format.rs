//! Number formats of spreadsheets: `0.00%`, `#,##0`, `yyyy-mm-dd`, `00000`, `[$€-407] #,##0.00`, and how they show a number.

mod built_in;
mod date;
mod digits;
mod general;
mod parse;
mod part;

use std::sync::LazyLock;

pub(super) use general::general;
use part::{Part, Section};

/// A number format: one to four sections, for positive, negative and zero numbers and for texts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NumberFormat {
    sections: Vec<Section>,
}

impl NumberFormat {
    /// Parses a format code. Anything unknown in it is kept as literal text.
    pub(super) fn parse(code: &str) -> Self {
        Self { sections: parse::sections(code) }
    }

    /// The format for dates whose own format is not known: without the time if it is midnight, without the date if there is none.
    pub(super) fn date(serial: f64) -> &'static Self {
        static FORMATS: LazyLock<[NumberFormat; 3]> =
            LazyLock::new(|| ["hh:mm:ss", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"].map(NumberFormat::parse));
        let index = if serial < 1.0 { 0 } else { 1 + usize::from(serial.fract() != 0.0) };
        &FORMATS[index]
    }

    /// The format for durations whose own format is not known.
    pub(super) fn duration() -> &'static Self {
        static FORMAT: LazyLock<NumberFormat> = LazyLock::new(|| NumberFormat::parse("[h]:mm:ss"));
        &FORMAT
    }

    /// The text of a number in this format, without surrounding white space.
    pub(super) fn show(&self, number: f64, is_1904: bool) -> String {
        let Some((section, number)) = self.section(number) else { return general(number) };
        let is_date = section.parts.iter().any(|part| matches!(part, Part::Date(..) | Part::Elapsed(_)));
        let shown =
            if is_date { date::show(&section.parts, number, is_1904) } else { digits::show(&section.parts, number) };
        shown.map_or_else(|| general(number), |shown| shown.trim().to_owned())
    }

    /// The section for a number, and the number to show in it: a section for negative numbers only gets it without its sign.
    fn section(&self, number: f64) -> Option<(&Section, f64)> {
        if let Some(section) = self.sections.iter().find(|section| section.condition.is_some_and(|c| c.holds(number))) {
            let is_negative_only = section.condition.is_some_and(|c| !c.greater && c.limit <= 0.0);
            return Some((section, if is_negative_only { number.abs() } else { number }));
        }
        let free: Vec<&Section> = self.sections.iter().filter(|section| section.condition.is_none()).collect();
        match (free.as_slice(), self.sections.len()) {
            ([_, negative, ..], count) if number < 0.0 && count == free.len() => Some((negative, -number)),
            ([_, _, zero, ..], count) if number == 0.0 && count == free.len() => Some((zero, number)),
            // The section for numbers that meet none of the conditions.
            ([.., last], count) if count > free.len() && count <= 3 => Some((last, number)),
            ([first, ..], _) => Some((first, number)),
            ([], _) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(code: &str, number: f64) -> String {
        NumberFormat::parse(code).show(number, false)
    }

    #[test]
    fn numbers_are_shown_as_in_the_cell() {
        for (code, number, shown) in [
            ("General", 12.5, "12.5"),
            ("General", 0.1 + 0.2, "0.3"),
            ("General", 13_800_138_000.0, "13800138000"),
            ("General", -0.0, "0"),
            ("0", 2.5, "3"),
            ("0.00", 2.675, "2.68"),
            ("0.00", -1.0, "-1.00"),
            ("0.0#", 1.25, "1.25"),
            ("0.0#", 1.2, "1.2"),
            ("#.##", 3.0, "3."),
            ("00000", 1234.0, "01234"),
            ("#,##0", 1_234_567.0, "1,234,567"),
            ("#,##0.00", -1234.5, "-1,234.50"),
            ("#,##0,", 1_234_567.0, "1,235"),
            ("0%", 0.125, "13%"),
            ("0.0%", 0.125, "12.5%"),
            ("\"$\"#,##0.00", 1234.5, "$1,234.50"),
            ("[$€-407] #,##0.00", 9.9, "€ 9.90"),
            ("#,##0.00\\ [$₽-419]", 9.9, "9.90 ₽"),
            ("¥#,##0", 88.0, "¥88"),
            ("_($* #,##0.00_);_($* (#,##0.00);_($* \"-\"??_);_(@_)", -5.0, "$(5.00)"),
            ("_($* #,##0.00_);_($* (#,##0.00);_($* \"-\"??_);_(@_)", 0.0, "$-"),
            ("#,##0;[Red](#,##0)", -1234.0, "(1,234)"),
            ("000-00-0000", 12_345_678.0, "012-34-5678"),
            ("(000) 000-0000", 5_551_234_567.0, "(555) 123-4567"),
            ("0.00E+00", 12345.0, "1.23E+04"),
            ("[<100]0.0;0", 99.95, "100.0"),
            ("[<100]0.0;0", 250.4, "250"),
            ("@", 42.0, "42"),
            ("0\" kg\"", 12.0, "12 kg"),
            ("", 7.0, "7"),
        ] {
            assert_eq!(show(code, number), shown, "{code} of {number}");
        }
    }

    #[test]
    fn dates_are_shown_as_in_the_cell() {
        for (code, number, shown) in [
            ("yyyy-mm-dd", 45_356.0, "2024-03-05"),
            ("d/m/yy", 45_356.0, "5/3/24"),
            ("dd-mmm-yyyy", 45_356.0, "05-Mar-2024"),
            ("dddd, mmmm d", 45_356.0, "Tuesday, March 5"),
            ("yyyy-mm-dd hh:mm:ss", 45_356.75, "2024-03-05 18:00:00"),
            ("h:mm AM/PM", 0.75, "6:00 PM"),
            ("h:mm:ss", 0.999_999_9, "0:00:00"),
            ("mm:ss.0", 0.5 / 86_400.0 + 1.0 / 24.0, "00:00.5"),
            ("[h]:mm:ss", 1.5, "36:00:00"),
            ("yyyy\"年\"m\"月\"d\"日\"", 45_356.0, "2024年3月5日"),
            ("[$-409]d-mmm-yy;@", 45_356.0, "5-Mar-24"),
            ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", 45_356.0, "Tuesday, March 05, 2024"),
            ("yyyy-mm-dd", -1.0, "-1"),
            ("yyyy-mm-dd", 1e12, "1000000000000"),
            ("yyyy-mm-dd", 1.0, "1900-01-01"),
            ("yyyy-mm-dd", 61.0, "1900-03-01"),
        ] {
            assert_eq!(show(code, number), shown, "{code} of {number}");
        }
        assert_eq!(NumberFormat::parse("yyyy-mm-dd").show(43_894.0, true), "2024-03-05");
    }

    #[test]
    fn no_code_makes_it_fail() {
        let codes = [
            "[",
            "\"",
            "\\",
            "_",
            "*",
            ";;;",
            ";;;;;;",
            "[>]0",
            "[h",
            "E+",
            "0E",
            "0.0.0",
            "%%%%",
            "yyyy.000000000000",
            "AM/",
            "[$",
            "[$]",
            "#,,,,,",
            "?/?",
        ];
        for code in codes {
            for number in [0.0, -1.5, 1e300, f64::NAN, f64::INFINITY, 45_356.5] {
                show(code, number);
            }
        }
    }
}
