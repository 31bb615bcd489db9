//! The notations and words by which the types of values are recognised. The form of each type is in the type's file in
//! `types/`.

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
