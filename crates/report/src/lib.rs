//! Web pages about training runs: metrics and what they mean, live or side by side. [`report()`] makes the page of a run's folder.
//!
//! ```text
//! history ─ metrics.jsonl and timings.jsonl, read        data_facts ─ statistics of the samples
//! analysis ─ what a model gets right and wrong           diagnostics ─ what the metrics mean
//! page ─ all of that as one HTML file                    compare ─ several runs on one page
//! observer ─ diagnostics while a run trains              watch ─ the page of a run in progress, on loopback
//! language ─ English, or an application's translation    class_names ─ what classes are called
//! json_file ─ data.json, analysis.json and test.json, read
//! ```
//!
//! Everything is read from the run's folder: the run may be in progress, and another program may train it. Nothing here
//! knows what the classes stand for, which metrics there are, or whether there are classes at all; whatever was not measured
//! is not shown.

mod analysis;
mod class_names;
mod compare;
mod data_facts;
mod diagnostics;
mod history;
mod json_file;
mod language;
mod observer;
mod page;
mod watch;

pub use analysis::{
    Analysis, Calibration, CalibrationBin, Case, ClassRow, Confusion, Label, MultiClassOutcomes, MultiLabelOutcomes,
    Shown, Task, ThresholdRow, TokenOutcomes,
};
pub use compare::{ComparedRun, Difference, common_goal, compare_page, differences};
pub use data_facts::{Bin, DataFacts, Padding, Repeated, Split, histogram, most_repeated};
pub use diagnostics::{Diagnostic, Severity, diagnose};
pub use history::{Goal, Incident, RunEvent, RunHistory, Session, Step, Timing, Validation};
pub use language::Language;
pub use observer::DiagnosticsObserver;
pub use page::{ReportOptions, RunPage, State, report, run_page, test_score};
pub use watch::{Watched, serve};
