//! Code shared by the generators: words, names, places, calendar.

pub(crate) mod calendar;
pub(crate) mod cells;
pub(crate) mod person_names;
pub(crate) mod place_names;
pub(crate) mod quantities;
pub(crate) mod scales;
pub(crate) mod spelling;
pub(crate) mod word_lists;
