//! Observers of a run's events: `event.rs` has the events, `observer.rs` the trait, every other file one observer or a part of an
//! event.

mod describe;
mod event;
mod flatten;
mod incidents;
mod json_lines;
mod notice;
mod observer;
mod step_end;
mod tensorboard;
mod throughput;
mod time;
mod timings;

pub use event::{Event, Incident, Rescheduled, RunStart, SampleOrigin, Summary, Validated};
pub use flatten::flatten;
pub use incidents::Incidents;
pub use json_lines::{JsonLines, event_record};
pub use notice::Notice;
pub(crate) use observer::Observers;
pub use observer::{Control, Observer};
pub use step_end::{ModelView, StepEnd, StepTime};
pub use tensorboard::{TensorBoard, read_scalars};
pub use throughput::Throughput;
pub use time::timestamp;
pub use timings::Timings;
