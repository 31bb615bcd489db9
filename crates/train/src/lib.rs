//! The loop: epoch → batch → step → validation → checkpoint → log.
//!
//! [`Trainer`] turns the gears; the other modules are what it turns. They mesh by type: the loader's collate makes a
//! `B`, the model is a [`Model<B>`], its output and the same `B` go into the [`Objective`] and the [`Metric`].

mod batches;
mod checkpoint;
mod error;
mod evaluate;
mod metrics;
mod objectives;
mod observe;
mod optimizer;
mod outliers;
mod place;
mod schedule;
mod state;
mod task;
mod trainer;
mod weights;

pub use batches::Batches;
pub use checkpoint::{
    Change, Checkpoint, CheckpointConfig, CheckpointMeta, CheckpointStore, Disk, DiskFile, Loaded, Manifest,
    ResumePlan, ResumeStrategy, RunIdentity, StoreLock, SystemDisk,
};
pub use error::{ModelAtEnd, Result, TrainError};
pub use evaluate::{Evaluation, evaluate};
pub use metrics::{
    ClassCounts, ClassMetrics, MultiClassMetric, MultiClassValues, MultiLabelMetric, MultiLabelValues, Rates,
    TokenMetric, TokenValues,
};
pub use objectives::{BceWithLogits, CrossEntropy, TokenCrossEntropy};
pub use observe::{
    Event, Incident, Incidents, JsonLines, Observer, Rescheduled, RunStart, SampleOrigin, StepEnd, StepTime, Summary,
    TensorBoard, Throughput, Timings, Validated, event_record, flatten, read_scalars, timestamp,
};
pub use optimizer::{AdamW, AdamWConfig, GradientNorms, gradient_state};
pub use outliers::{OnNonFinite, Outlier, OutlierConfig};
pub use schedule::{
    DropoutConfig, DropoutScheduler, EarlyStop, EarlyStopConfig, LearningRateConfig, LearningRateScheduler, Monitor,
    PlateauConfig, ThresholdMode,
};
pub use state::{Best, EpochRecord, Position, RunState};
pub use task::{Fit, Metric, MetricValues, Misfit, Model, Objective, check_input, device_of, input_tensors};
pub use trainer::{Trainer, TrainerConfig};
pub use weights::{read_safetensors, safetensors_from, write_safetensors};
