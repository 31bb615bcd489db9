//! A run as one HTML file that needs nothing else: text and tables are in it, the charts are drawn from data in it.

mod charts;
mod content;
mod frame;
mod report;
mod run_page;
mod sections;
mod summary;

pub(crate) use charts::{Chart, Charts, Series, figure, loss_axis};
pub use content::{RunPage, State, test_score};
pub(crate) use frame::{Frame, Section, document};
pub use report::{ReportOptions, report};
pub use run_page::run_page;
