//! A training run as a page: its metrics, what they mean, live and side by side.
//!
//! ```text
//! history ─ metrics.jsonl and timings.jsonl, read        data_facts ─ statistics of the samples
//! analysis ─ what a model gets right and wrong           diagnostics ─ what the metrics mean
//! page ─ all of that as one HTML file                    compare ─ several runs on one page
//! observer ─ diagnostics while a run trains              watch ─ the page of a run in progress, on loopback
//! ```
//!
//! Everything is read from the run's folder: the run may be in progress, and another program may train it. Nothing here
//! knows what the classes stand for.

mod analysis;
mod compare;
mod data_facts;
mod diagnostics;
mod history;
mod observer;
mod page;
mod watch;

pub use analysis::{Analysis, Calibration, Case, ClassRow, Confusion, Label, Outcomes, ThresholdRow};
pub use compare::{ComparedRun, Difference, compare_page, differences};
pub use data_facts::{Bin, DataFacts, Padding, Repeated, Split, histogram, most_repeated};
pub use diagnostics::{Diagnostic, Severity, diagnose};
pub use history::{Incident, RunEvent, RunHistory, Session, Step, Timing, Validation};
pub use observer::DiagnosticsObserver;
pub use page::{RunPage, State, run_page};
pub use watch::{Watched, serve};
