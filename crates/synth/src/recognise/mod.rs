//! How values are written and what they hold: the notations and words by which types are recognised. A type's own form is in
//! its file in `types/`.

pub mod answers;
pub mod coordinates;
pub mod date_time;
pub mod durations;
pub mod known;
pub mod lexicon;
pub mod moments;
pub mod network;
pub mod numbers;
pub(crate) mod scripts;
