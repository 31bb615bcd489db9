//! The semantic types of table columns, and labelled synthetic columns of every type and of none.
//!
//! ```text
//! registry       the list of types            types/        one file per type: all that is known about it
//! semantic_type  SemanticType and TypeSet     definition    what such a file contains
//! generator      samples, from a seed         parts/        code shared by the generators
//! column_names   names of columns             corruption    imperfections of cells in real tables
//! untyped/       columns without a type       nameless      types that values alone allow
//! name_match     known name of a column name  recognise/    notations and words of values
//! sample         one column as one line       labels        codes of types in samples and commands
//! written        built-in labelled tables     mixture       built-in tables mixed with generated columns
//! lexicon        thousands of column names    checksum      check digits
//! ```
//!
//! To add a way in which a type is written, add a `Variant` to the type's file. To add a type, add a file to `types/`, the
//! names of its columns to `data/names/`, and a line to `registry.rs`.

pub mod checksum;
mod column_names;
mod corruption;
mod definition;
mod generator;
mod labels;
mod lexicon;
mod mixture;
mod name_match;
mod name_words;
mod nameless;
mod parts;
pub mod recognise;
mod registry;
pub mod sample;
mod semantic_type;
pub mod types;
mod untyped;
pub mod written;

pub use column_names::column_names;
pub use definition::{Checksum, Form, PersonalData, PersonalInformation, Sensitivity};
pub use generator::{GeneratorConfig, VERSION};
pub use labels::UnknownType;
pub use mixture::{Mixture, generate};
pub use name_match::{ColumnName, type_called};
pub use name_words::words_of;
pub use nameless::recognised;
pub use parts::spelling::pinyin;
pub use parts::word_lists::lines_of;
pub use recognise::known::{is_given_name, is_surname};
pub use untyped::{Kind, known_kinds, untyped_kinds};
