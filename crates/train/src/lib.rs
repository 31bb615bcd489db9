//! The loop: epoch → batch → step → validation → checkpoint → log.
//!
//! [`Trainer`] is the loop; the other modules are its parts. The compiler checks that their types fit together: the loader's
//! collate function makes a `Batch`, the model is a [`Model<Batch>`](Model), and its output and the same `Batch` are passed to the
//! [`Objective`] (the loss) and the [`Metric`].
//!
//! | question | answer |
//! |---|---|
//! | In which order do events fire, and where is a checkpoint taken? | [`Event`] |
//! | What does a step do? | [`Trainer`] |
//! | Where does dropout's randomness come from? | [`Mode`](drivetrain_nn::Mode): from (seed, step, layer, site, row, column) |
//! | What is in a checkpoint? | [`Checkpoint`] |
//! | Which learning-rate schedules are there, and how do I use one of my own? | [`LearningRateConfig`], [`Schedule`] |
//! | How is the best validation chosen? | [`TrainerConfig::monitor`] |

mod average;
mod batches;
mod checkpoint;
mod config_value;
mod error;
mod evaluate;
mod metrics;
mod monitor;
mod objectives;
mod observe;
mod optim;
mod outliers;
mod place;
mod schedule;
mod serde_default;
mod state;
mod task;
mod trainable;
mod trainer;
mod weights;

pub use average::AverageConfig;
pub use batches::Batches;
pub use checkpoint::{
    Change, Checkpoint, CheckpointConfig, CheckpointMeta, CheckpointStore, Disk, DiskFile, Loaded, Manifest,
    ResumePlan, ResumeStrategy, RunIdentity, StoreLock, SystemDisk,
};
pub use error::{ModelAtEnd, Result, TrainError};
pub use evaluate::{Evaluation, evaluate};
pub use metrics::{
    ClassCounts, ClassMetrics, EntityMetric, EntityValues, MultiClassMetric, MultiClassValues, MultiLabelMetric,
    MultiLabelValues, Rates, TokenMetric, TokenValues,
};
pub use monitor::{Monitor, MonitorMode, Monitored, ValidationResult};
pub use objectives::{BceWithLogits, CrossEntropy, TokenCrossEntropy};
pub use observe::{
    Control, Event, Incident, Incidents, JsonLines, ModelView, Notice, Observer, Rescheduled, RunStart, SampleOrigin,
    StepEnd, StepTime, Summary, TensorBoard, Throughput, Timings, Validated, event_record, flatten, read_scalars,
    timestamp,
};
pub use optim::{
    AdamW, AdamWConfig, AlgorithmConfig, Decayed, Gradient, GradientNorms, Lion, LionConfig, ModelOptimizer, Optimizer,
    OptimizerConfig, ParamGroup, ParamState, ParamStep, Sgd, SgdConfig,
};
pub use outliers::{OnNonFinite, Outlier, OutlierConfig};
pub use schedule::{
    Anneal, CloneSchedule, CosineRestarts, DropoutConfig, DropoutScheduler, EarlyStop, EarlyStopConfig,
    InverseSquareRoot, LearningRateConfig, LearningRateScheduler, LinearDecay, MultiStepDecay, OneCycle, PlateauConfig,
    Progress, Schedule, StepDecay, ThresholdMode,
};
pub use state::{Best, Position, RunState, ValidationRecord};
pub use task::{Fit, Metric, MetricValues, Misfit, Model, Objective, check_input, device_of, input_tensors};
pub use trainable::Trainable;
pub use trainer::{Trainer, TrainerConfig};
pub use weights::{read_safetensors, safetensors_from, safetensors_of, write_safetensors};
