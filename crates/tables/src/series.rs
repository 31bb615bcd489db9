//! Names of columns that count up: years, months, days, quarters, numbers.

use std::collections::BTreeMap;

use super::number::MONTHS;
use super::record::Record;

/// How many cells of a row must count up for this to say something; of years, two are enough.
const LENGTH: usize = 3;

/// What it means that a cell of the first record belongs to a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Series {
    /// The rows below do not count up: these are names.
    Counts,
    /// The rows below do not count up, but the series has only two cells, which may be chance.
    CountsTwice,
    /// The rows below count up as well.
    AsRowsDo,
}

/// The cells of `first` that count up, by their index.
pub(super) fn of(first: &Record, body: &[&Record]) -> Columns {
    let mut columns = BTreeMap::new();
    for run in runs(first) {
        let as_rows = body.iter().take(20).filter(|row| counts(row, &run)).count();
        let series = match (2 * as_rows > body.len().min(20), run.len()) {
            (true, _) => Series::AsRowsDo,
            (_, 2) => Series::CountsTwice,
            _ => Series::Counts,
        };
        columns.extend(run.into_iter().map(|index| (index, series)));
    }
    Columns(columns)
}

/// Which columns' first cells are of a series.
pub(super) struct Columns(BTreeMap<usize, Series>);

impl Columns {
    /// Whether the first cells of all `columns` columns belong to a series.
    pub(super) fn are_all(&self, columns: usize) -> bool {
        self.0.len() == columns
    }

    pub(super) fn get(&self, index: usize) -> Option<Series> {
        self.0.get(&index).copied()
    }
}

/// Runs of cells that count up or down by the same step. Empty cells between them are ignored: they may come from merged cells.
fn runs(row: &Record) -> Vec<Vec<usize>> {
    let filled: Vec<usize> = (0..row.len()).filter(|&index| !row.get(index).trim().is_empty()).collect();
    let points: Vec<Option<Point>> = filled.iter().map(|&index| Point::of(row.get(index).trim())).collect();
    let mut runs = Vec::new();
    let mut begin = 0;
    while begin < points.len() {
        let end = end_of_run(&points, begin);
        let least = if points[begin].is_some_and(|point| point.scale == Scale::Year) { 2 } else { LENGTH };
        if end - begin >= least {
            runs.push(filled[begin..end].to_vec());
            begin = end;
        } else {
            begin += 1;
        }
    }
    runs
}

/// The end of the run that begins here: cells on the same scale, with the same step between them, which is not 0.
fn end_of_run(points: &[Option<Point>], begin: usize) -> usize {
    let Some(first) = points[begin] else { return begin };
    let Some(second) = points.get(begin + 1).copied().flatten() else { return begin + 1 };
    let step = second.at - first.at;
    if !first.goes_on_to(second, step) {
        return begin + 1;
    }
    let mut end = begin + 2;
    let mut last = second;
    while let Some(next) = points.get(end).copied().flatten().filter(|next| last.goes_on_to(*next, step)) {
        last = next;
        end += 1;
    }
    end
}

/// Whether the cells of another row count up in these columns too.
fn counts(row: &Record, run: &[usize]) -> bool {
    let points: Vec<Option<Point>> = run.iter().map(|&index| Point::of(row.get(index).trim())).collect();
    end_of_run(&points, 0) == points.len()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scale {
    Number,
    Year,
    Month,
    Quarter,
    Day,
}

/// A cell as a point on a scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Point {
    scale: Scale,
    at: i64,
}

impl Point {
    /// Whether `next` is one step further: for numbers and years, a small step; for days, at most a month.
    fn goes_on_to(self, next: Self, step: i64) -> bool {
        let largest = match self.scale {
            Scale::Number | Scale::Month | Scale::Quarter => 1,
            Scale::Year => 5,
            Scale::Day => 31,
        };
        let is_near = match self.scale {
            // Months have 28 to 31 days.
            Scale::Day if step.abs() >= 28 => (28..=31).contains(&(next.at - self.at).abs()),
            _ => next.at - self.at == step,
        };
        self.scale == next.scale && step != 0 && step.abs() <= largest && is_near
    }

    fn of(cell: &str) -> Option<Self> {
        let point = |scale, at| Some(Self { scale, at });
        let lower = cell.to_lowercase();
        let bare = lower.trim_end_matches(['年', '月', '日', '号']);
        let parts: Vec<&str> =
            bare.split(['-', '/', '.', '年', '月', ' ', '_']).filter(|part| !part.is_empty()).collect();
        let numbers: Option<Vec<i64>> = parts.iter().map(|part| whole(part)).collect();
        match (numbers.as_deref(), parts.as_slice()) {
            (Some([year]), [text]) if text.len() == 4 && (1800..2200).contains(year) => point(Scale::Year, *year),
            (Some([month]), [text]) if text.len() == 6 && is_month(*month / 100, *month % 100) => {
                point(Scale::Month, 12 * (month / 100) + month % 100)
            }
            (Some([day]), [text]) if text.len() == 8 && is_month(day / 10_000, day / 100 % 100) => {
                point(Scale::Day, day_number(day / 10_000, day / 100 % 100, day % 100))
            }
            (Some([number]), [text]) if text.len() <= 4 && !cell.contains('.') => point(Scale::Number, *number),
            (Some([year, month]), _) if is_month(*year, *month) => point(Scale::Month, 12 * year + month),
            (Some([month, year]), _) if is_month(*year, *month) => point(Scale::Month, 12 * year + month),
            (Some([a, b, c]), _) => day(*a, *b, *c).and_then(|at| point(Scale::Day, at)),
            (None, parts) => named(parts).and_then(|(scale, at)| point(scale, at)),
            _ => None,
        }
    }
}

/// A whole number of a few digits.
fn whole(text: &str) -> Option<i64> {
    (text.len() <= 8 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn is_month(year: i64, month: i64) -> bool {
    (1800..2200).contains(&year) && (1..=12).contains(&month)
}

/// The number of a day written in one of the usual orders of year, month and day.
fn day(a: i64, b: i64, c: i64) -> Option<i64> {
    let year = |year: i64| if year < 100 { 2000 + year } else { year };
    let orders = [(a, b, c), (year(c), a, b), (year(c), b, a)];
    let valid = orders.into_iter().find(|(year, month, day)| is_month(*year, *month) && (1..=31).contains(day));
    valid.map(|(year, month, day)| day_number(year, month, day))
}

/// Days since some day long ago (Howard Hinnant's `days_from_civil`).
fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year
}

/// Months and quarters by name, perhaps with a year: `Jan 2023`, `2023-Q1`, `q1`.
fn named(parts: &[&str]) -> Option<(Scale, i64)> {
    let begins = |part: &str, month: &str| part.get(..3).is_some_and(|start| month[..3].eq_ignore_ascii_case(start));
    let month = |part: &str| MONTHS.iter().position(|month| begins(part, month)).map(|at| at as i64 + 1);
    let quarter = |part: &str| part.strip_prefix('q').and_then(whole).filter(|quarter| (1..=4).contains(quarter));
    let is_year = |year: &i64| (1800..2200).contains(year) || (0..100).contains(year);
    match *parts {
        [one] => month(one).map(|at| (Scale::Month, at)).or_else(|| quarter(one).map(|at| (Scale::Quarter, at))),
        [one, other] => {
            let with_year = |name: &str, year: &str| {
                let year = whole(year).filter(is_year)?;
                month(name)
                    .map(|at| (Scale::Month, 12 * year + at))
                    .or_else(|| quarter(name).map(|at| (Scale::Quarter, 4 * year + at)))
            };
            with_year(one, other).or_else(|| with_year(other, one))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_up_is_seen() {
        let runs = |cells: &[&str]| runs(&Record::from_iter(cells.iter().copied()));
        assert_eq!(runs(&["name", "2019", "2020", "2021"]), [[1, 2, 3]]);
        assert_eq!(runs(&["a", "2021", "2020"]), [[1, 2]]);
        assert_eq!(runs(&["部门", "202311", "202312", "202401"]), [[1, 2, 3]]);
        assert_eq!(runs(&["部门", "202301", "202302", "202303", "合计"]), [[1, 2, 3]]);
        assert_eq!(runs(&["x", "12/30/19", "12/31/19", "1/1/20"]), [[1, 2, 3]]);
        assert_eq!(runs(&["x", "2020-01-31", "2020-02-29", "2020-03-31"]), [[1, 2, 3]]);
        assert_eq!(runs(&["1月", "2月", "3月"]), [[0, 1, 2]]);
        assert_eq!(runs(&["", "0", "1", "2", "3"]), [[1, 2, 3, 4]]);
        assert_eq!(runs(&["Jan 2023", "Feb 2023", "Mar 2023"]), [[0, 1, 2]]);
        assert_eq!(runs(&["Q1", "Q2", "Q3", "Q4"]), [[0, 1, 2, 3]]);
        assert_eq!(runs(&["x", "2019", "", "2020", ""]), [[1, 3]]);
        assert!(runs(&["1.5", "2.5", "3.5"]).is_empty());
        assert!(runs(&["5", "7", "8"]).is_empty());
        assert!(runs(&["2019", "1999"]).is_empty());
    }
}
