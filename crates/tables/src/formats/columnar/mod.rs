//! Parquet and Arrow, which store tables column by column.

mod arrow;
pub(crate) mod cells;
mod gather;
mod head;
mod leaves;
mod parquet;
mod place;
mod unindexed;

pub(super) use self::arrow::Arrow;
pub(super) use self::parquet::Parquet;
