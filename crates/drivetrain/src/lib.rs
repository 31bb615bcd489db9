//! # Drivetrain
//!
//! A training system for models over variable-length sequences: the whole way from a file on disk to a trained, checkpointed,
//! monitored, exported model. The compiler checks that the dataset, the collate function, the model, the loss and the metric fit
//! together.
//!
//! | stage | crate | type |
//! |---|---|---|
//! | file → sample | [`data`] | [`LineIndex`](data::LineIndex), [`Dataset`](data::Dataset), [`Tokenizer`](data::Tokenizer), [`TokenStore`](data::TokenStore) |
//! | sample → batch | [`data`] | [`BatchSampler`](data::BatchSampler), [`Collate`](data::Collate), [`DataLoader`](data::DataLoader) |
//! | batch → model → loss | [`nn`] | [`SequenceClassifier`](nn::SequenceClassifier), [`TokenClassifier`](nn::TokenClassifier), [`Mode`](nn::Mode) |
//! | step → validation | [`train`] | [`Trainer`](train::Trainer), [`Optimizer`](train::Optimizer), [`Metric`](train::Metric) |
//! | a run in a folder | [`run`] | [`Run`](run::Run): lock, resume, logs, report, export; [`TextClassifier`](run::TextClassifier) |
//! | checkpoint → log | [`train`], [`terminal`] | [`CheckpointStore`](train::CheckpointStore), [`Observer`](train::Observer), [`Console`](terminal::Console) |
//!
//! ## Types that do not fit do not compile
//!
//! A multi-label loss is given batches of a multi-class collate function:
//!
//! ```compile_fail,E0277
//! use drivetrain::prelude::*;
//! # fn run(model: SequenceClassifier, loader: DataLoader<MemoryDataset<TokenizedSample>, ClassCollate>) -> drivetrain::train::Result<()> {
//! let mut trainer = Trainer::new(model, BceWithLogits, MultiLabelMetric::new(3, 0.5), TrainerConfig::default())?;
//! trainer.fit(&loader, &loader)?; // the batches are SequenceBatch<ClassIndex>, the loss needs labels of the type MultiHot
//! # Ok(())
//! # }
//! ```
//!
//! The same with a collate function that fits:
//!
//! ```
//! use drivetrain::prelude::*;
//! # fn run(model: SequenceClassifier, loader: DataLoader<MemoryDataset<TokenizedSample>, MultiLabelCollate>) -> drivetrain::train::Result<()> {
//! let mut trainer = Trainer::new(model, BceWithLogits, MultiLabelMetric::new(3, 0.5), TrainerConfig::default())?;
//! trainer.fit(&loader, &loader)?;
//! # Ok(())
//! # }
//! ```

pub use drivetrain_data as data;
pub use drivetrain_nn as nn;
pub use drivetrain_nn::burn;
pub use drivetrain_random as random;
pub use drivetrain_report as report;
pub use drivetrain_run as run;
pub use drivetrain_terminal as terminal;
pub use drivetrain_terminal::tr;
pub use drivetrain_train as train;

/// The names that most programs need.
pub mod prelude {
    pub use crate::burn::module::Module;
    pub use crate::burn::tensor::{Device, Tensor};
    pub use crate::data::{
        AnnotatedText, Batched, ClassCollate, ClassIndex, Collate, DataError, DataLoader, Dataset, HasInput, HasLabels,
        IGNORE_CLASS, LabelledText, LengthGroups, LineIndex, LoaderConfig, MemoryDataset, MultiHot, MultiLabelCollate,
        OnBadLine, OnCutToken, PadSide, Padded, SampleLengths, SequenceBatch, Sequential, Shuffled, Silent, Span,
        SpanUnit, Split, SplitRatio, Subset, TagSet, TextFormat, TokenClasses, TokenLabelCollate, TokenLabelEncoder,
        TokenStore, TokenizedSample, Tokenizer, pad,
    };
    pub use crate::nn::{
        Activation, EncoderConfig, Mode, Precision, Preset, SequenceClassifier, TokenClassifier, bce_with_logits,
        cross_entropy, initialise, seeded, token_cross_entropy,
    };
    pub use crate::random::Random;
    pub use crate::report::{Language, run_page};
    pub use crate::run::{
        DataDescription, Ended, ExportConfig, Exported, Pretrained, ProblemType, Run, RunOptions, Signals,
        TextClassifier, stop_on_signals,
    };
    pub use crate::terminal::Console;
    pub use crate::train::{
        AdamWConfig, AverageConfig, BceWithLogits, CheckpointConfig, Control, CosineRestarts, CrossEntropy,
        EntityMetric, Event, InverseSquareRoot, LearningRateConfig, LinearDecay, LionConfig, Metric, MetricValues,
        Model, Monitor, MonitorMode, MultiClassMetric, MultiLabelMetric, MultiStepDecay, Objective, Observer, OneCycle,
        Optimizer, OptimizerConfig, ParamGroup, PlateauConfig, Progress, RunIdentity, Schedule, SgdConfig, StepDecay,
        TokenCrossEntropy, TokenMetric, Trainer, TrainerConfig, ValidationResult, device_of, evaluate, input_tensors,
    };
}
