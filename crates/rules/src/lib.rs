//! Custom types, defined by rules: they are recognised by patterns, lists, checksums, ranges and the column's name.
//!
//! ```text
//! file ─ types.toml, read and checked      error ─ what is wrong with it, and in which line
//! condition ─ what one value must be       lists ─ words and the values that are near them
//! checksum ─ check digits by name          number ─ numbers as people write them
//! column_name ─ names that suggest a type   patterns ─ all patterns in one pass
//! candidates ─ types that a value may be of
//! ```
//!
//! ```
//! use tabular_sense_rules::RuleTypes;
//!
//! let types = RuleTypes::parse(
//!     r#"
//!     [[type]]
//!     name = "sku"
//!     pattern = '^[A-Z]{3}-\d{4}$'
//!     columns = ["sku", "货号"]
//!     over = ["plate"]
//!     "#,
//!     "types.toml".as_ref(),
//! )?;
//! let found = types.find("货号", &["ABC-1234", "XYZ-0001", "n/a"]);
//! assert_eq!(found.len(), 1);
//! assert_eq!((types[found[0].index].name(), found[0].share), ("sku", Some(1.0)));
//! # Ok::<(), tabular_sense_rules::RuleError>(())
//! ```

mod candidates;
mod checksum;
mod column_name;
mod condition;
mod error;
mod file;
mod lists;
mod number;
mod patterns;
mod rule_type;
mod rule_types;

pub use error::{Problem, RuleError};
pub use rule_type::{RuleType, Sensitivity};
pub use rule_types::{Found, Matches, RuleTypes};
