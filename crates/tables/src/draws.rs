//! Random draws from the cells of a column.

use std::collections::HashMap;

use drivetrain_random::Random;
use foldhash::fast::RandomState;

use crate::missing::is_missing;

/// The cells of a column that hold a value, in an order that depends only on their content: a table with the same rows in another
/// order gives the same order. A cell that two samples of a column share is at about the same place in both, so the two begin with
/// much the same cells.
pub struct Cells<'a> {
    cells: Vec<Cell<'a>>,
}

/// A cell, and how many cells with the same text came before it.
#[derive(Clone, Copy)]
struct Cell<'a> {
    text: &'a str,
    earlier: u64,
}

impl<'a> Cells<'a> {
    /// The cells of a column, without those that stand for a missing value; if a column holds only marks such as `-`, the marks.
    pub fn of(values: &'a [String]) -> Self {
        let mut texts: Vec<&str> = values.iter().map(String::as_str).filter(|cell| !is_missing(cell)).collect();
        if texts.is_empty() {
            texts = values.iter().map(String::as_str).filter(|cell| !cell.trim().is_empty()).collect();
        }
        let mut seen: HashMap<&str, u64, RandomState> =
            HashMap::with_capacity_and_hasher(texts.len().min(1 << 10), RandomState::default());
        let cells = texts.into_iter().map(|text| {
            let count = seen.entry(text).or_default();
            *count += 1;
            Cell { text, earlier: *count - 1 }
        });
        Self { cells: cells.collect() }
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether no cell holds a value.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first `count` cells in the order of a round. Each round has an order of its own; all orders are equally likely.
    fn first(&self, count: usize, round: u64) -> Vec<&'a str> {
        let key = |cell: &Cell<'a>| (Random::new(round, cell.text).bits(cell.earlier), cell.text);
        let mut cells: Vec<_> = self.cells.iter().map(key).collect();
        if count < cells.len() {
            cells.select_nth_unstable(count);
            cells.truncate(count);
        }
        cells.sort_unstable();
        cells.into_iter().map(|(_, text)| text).collect()
    }

    /// The first `count` cells: a uniform sample of the column.
    pub fn sample(&self, count: usize) -> Vec<&'a str> {
        self.first(count, 0)
    }

    /// The same draws as [`draws`].
    pub fn draws(&self, per_draw: usize, draws: usize) -> Vec<Vec<&'a str>> {
        if self.cells.is_empty() || per_draw == 0 || draws == 0 {
            return Vec::new();
        }
        if self.cells.len() <= per_draw {
            return vec![self.sample(per_draw)];
        }
        let per_round = self.cells.len() / per_draw;
        let mut all: Vec<Vec<&str>> = Vec::with_capacity(draws);
        for round in 0.. {
            let count = per_round.min(draws - all.len());
            all.extend(self.first(count * per_draw, round).chunks_exact(per_draw).map(<[&str]>::to_vec));
            if all.len() == draws {
                break;
            }
        }
        all
    }
}

/// Up to `draws` draws of `per_draw` cells each from the whole column, every cell with equal probability.
///
/// Cells without a value are left out. No cell occurs twice in a draw (although two cells may hold the same text), and no cell is
/// drawn again before all others have been drawn once, apart from those that do not fill a whole draw. A column with at most
/// `per_draw` cells gives one draw of all of them; a column that holds only marks such as `-` gives draws of these; an empty column
/// gives no draws.
///
/// The draws depend on the cells, not on their order: the same cells give the same draws. A larger number of draws begins with the
/// same draws as a smaller number.
#[must_use]
pub fn draws(values: &[String], per_draw: usize, draws: usize) -> Vec<Vec<String>> {
    let own = |draw: Vec<&str>| draw.into_iter().map(str::to_owned).collect();
    Cells::of(values).draws(per_draw, draws).into_iter().map(own).collect()
}
