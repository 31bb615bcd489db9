//! Columns that look like columns of a type, but whose name shows that they are something else: durations that look like clock
//! times, ages of houses, codes that look like plates. They never occur without such a name. Each is defined in the file of the
//! type that it looks like.

use crate::definition::Lookalike;
use crate::types::{age, hospital, name, phone, plate, shopping, state, time};

/// They are drawn by index, so add new ones at the end.
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
