//! Known texts and their translations, area by area.

mod data;
mod diagnostics;
mod fields;
mod formats;
mod page;
mod sample;
mod table;
mod train;
mod work;

use super::phrase::Phrase;

/// Texts of the pages of runs.
pub(super) const PAGE_PHRASES: [&[Phrase]; 2] = [diagnostics::PHRASES, page::PHRASES];

/// If several phrases match, the first one is used, so those that match nearly anything come last.
pub(super) const PHRASES: [&[Phrase]; 8] = [
    table::PHRASES,
    sample::PHRASES,
    data::PHRASES,
    fields::PHRASES,
    train::PHRASES,
    work::PHRASES,
    formats::PHRASES,
    formats::FRAMES,
];
