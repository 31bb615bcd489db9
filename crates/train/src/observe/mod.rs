//! Observers of a run's events: each is one file behind one small trait.

mod describe;
mod event;
mod flatten;
mod incidents;
mod json_lines;
mod tensorboard;
mod time;
mod timings;

pub use event::{
    Event, Incident, Observer, Rescheduled, RunStart, SampleOrigin, StepEnd, StepTime, Summary, Throughput, Validated,
};
pub use flatten::flatten;
pub use incidents::Incidents;
pub use json_lines::{JsonLines, event_record};
pub use tensorboard::{TensorBoard, read_scalars};
pub use time::timestamp;
pub use timings::Timings;
