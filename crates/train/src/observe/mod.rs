//! Observers of a run's events: `event.rs` has the events and the trait, every other file one observer or a part of an event.

mod describe;
mod event;
mod flatten;
mod incidents;
mod json_lines;
mod step_end;
mod tensorboard;
mod throughput;
mod time;
mod timings;

pub use event::{Event, Incident, Observer, Rescheduled, RunStart, SampleOrigin, Summary, Validated};
pub use flatten::flatten;
pub use incidents::Incidents;
pub use json_lines::{JsonLines, event_record};
pub use step_end::{StepEnd, StepTime};
pub use tensorboard::{TensorBoard, read_scalars};
pub use throughput::Throughput;
pub use time::timestamp;
pub use timings::Timings;
