//! Random draws from the cells of a column.

use std::collections::HashMap;

use drivetrain_random::Random;
use foldhash::fast::RandomState;

use crate::missing::is_missing;

/// The cells of a column that hold a value, in an order that depends on nothing but what they hold: a table whose rows are
/// in another order gives the same. Where two samples of a column share a cell, it stands in both at about the same place,
/// so that they begin with much the same cells.
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
    /// The cells of a column without those that say there is no value; of a column that holds only marks such as `-`, the
    /// marks.
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

    /// The first `count` cells in the order of a round. Every order is as likely as any other; each round has its own.
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

    /// The draws of [`draws`].
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

/// Up to `draws` draws of `per_draw` cells each, from everywhere in the column, each cell as likely as any other.
///
/// Cells without a value are left out. Within a draw no cell comes twice (two cells may hold the same text, though), and
/// no cell comes a second time before all others have come once, as far as whole draws go. A column with `per_draw`
/// cells or fewer gives one draw of all of them; one whose cells are all marks such as `-` gives draws of those; one
/// without anything in it gives no draws.
///
/// The draws depend on the cells and not on their order: the same cells give the same draws, and more draws begin with
/// those that fewer are.
#[must_use]
pub fn draws(values: &[String], per_draw: usize, draws: usize) -> Vec<Vec<String>> {
    let own = |draw: Vec<&str>| draw.into_iter().map(str::to_owned).collect();
    Cells::of(values).draws(per_draw, draws).into_iter().map(own).collect()
}
