//! A run as a page: what its files tell, what that means, live and side by side.
//!
//! ```text
//! history ─ metrics.jsonl and timings.jsonl, read        data_facts ─ what a run was trained on
//! analysis ─ what a model gets right and wrong           remarks ─ what the figures mean
//! page ─ all of that as one HTML file                    compare ─ several runs on one page
//! watch ─ the page of a run in progress, on loopback
//! ```
//!
//! Nothing here needs the run to be over, or the program that trains it: all is read from the run's folder.

mod analysis;
mod compare;
mod data_facts;
mod history;
mod page;
mod remarks;
mod watch;

pub use analysis::{Analysis, Calibration, Case, ClassRow, Confusion, Label, Outcomes, ThresholdRow};
pub use compare::{ComparedRun, Difference, compare_page, differences};
pub use data_facts::{Bin, DataFacts, Padding, Repeated, Split, histogram, most_repeated};
pub use history::{Interval, Mishap, RunHistory, Session, Step, Turn, Validation};
pub use page::{RunPage, State, run_page};
pub use remarks::{Remark, Weight, remarks};
pub use watch::{Watched, serve};
