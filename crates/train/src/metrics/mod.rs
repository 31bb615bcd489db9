//! Counts in, values out: one pass over the validation set, no stored predictions.

mod counts;
mod entity;
mod multi_class;
mod multi_label;
mod token;

pub use counts::{ClassCounts, ClassMetrics, Rates};
pub use entity::{EntityMetric, EntityValues};
pub use multi_class::{MultiClassMetric, MultiClassValues};
pub use multi_label::{MultiLabelMetric, MultiLabelValues};
pub use token::{TokenMetric, TokenValues};
