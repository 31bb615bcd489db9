//! Columns that look like one of the types, and that their name tells to be something else: durations as clocks, ages of
//! houses, codes like plates. They never come without such a name. Each stands beside the type that it looks like.

use crate::definition::Lookalike;
use crate::types::{age, hospital, name, phone, plate, shopping, state, time};

/// They are drawn by their place, so that a further one belongs at the end.
pub(super) const KINDS: &[Lookalike] = &[
    time::DURATIONS,
    age::AGES_OF_THINGS,
    state::STATUS_CODES,
    hospital::KINDS_OF_HOSPITALS,
    plate::PRODUCT_CODES,
    shopping::KINDS_OF_PLACES,
    name::NAMES_OF_THINGS,
    age::SMALL_NUMBERS,
    phone::RECORD_NUMBERS,
    phone::POSTCODES,
];
