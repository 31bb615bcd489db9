//! A run as one HTML file that needs nothing else: text and tables are in it, the charts are drawn from data in it.

mod charts;
mod content;
mod frame;
mod run_page;
mod sections;
mod summary;

pub(crate) use charts::{Chart, Charts, Series, figure};
pub use content::{RunPage, State};
pub(crate) use frame::{Frame, Section, document};
pub use run_page::run_page;
