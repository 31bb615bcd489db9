//! Counts in, figures out: one pass over the validation set, no stored predictions.

mod counts;
mod one_of_n;
mod per_token;
mod several_of_n;

pub use counts::{ClassCounts, ClassFigures, Rates};
pub use one_of_n::{OneOfNFigures, OneOfNMetric};
pub use per_token::{PerTokenFigures, PerTokenMetric};
pub use several_of_n::{MultiLabelFigures, MultiLabelMetric};
