use std::io;
use std::path::PathBuf;

use drivetrain::data::DataError;
use drivetrain::nn::NnError;
use drivetrain::train::{Change, ModelAtEnd, Outlier, TrainError};
use tabular_sense::config::RunConfig;
use tabular_sense::decision::Decision;
use tabular_sense::error::{
    ChangeError, ColumnsError, ConfigError, ConfigProblem, DivergedError, Error, ExportError, FieldError, LearnError,
    ModelError, NewestCheckpoint, RunError, SamplesError,
};
use tabular_sense::labels::LabelsProblem;
use tabular_sense::{Part, presets};
use tabular_sense_synth::sample::SampleProblem;

use super::is_chinese;
use crate::chinese::{describe, hint};

fn path() -> PathBuf {
    "runs/a".into()
}

fn missing() -> io::Error {
    io::Error::from(io::ErrorKind::NotFound)
}

fn field() -> FieldError {
    FieldError::new("data.max_len", 0, "at least 1")
}

fn change() -> Change {
    Change { field: "data.max_len".into(), old: 8.into(), new: 9.into() }
}

fn diverged(in_validation: bool, is_model_sound: bool, newest: NewestCheckpoint) -> DivergedError {
    let first = "sample 3".to_owned();
    let (outlier, model) = (Outlier::NonFiniteLoss(f64::NAN), ModelAtEnd::Sound);
    let error = TrainError::Outlier { outlier, epoch: 0, batch: 1, step: 1, first, skipped_in_a_row: 0, model };
    DivergedError { error, in_validation, is_model_sound, incidents: path(), checkpoints: path(), newest }
}

fn all() -> Vec<Error> {
    let syntax = toml::from_str::<RunConfig>("a: 1").expect_err("no TOML");
    let json = serde_json::from_str::<Decision>("[").expect_err("no JSON");
    let nn = || NnError::MissingTensor { name: "a.b".into() };
    let config = |problem| Error::from(ConfigError::Invalid { path: path(), problem });
    vec![
        ConfigError::Unreadable { path: path(), source: missing() }.into(),
        ConfigError::Renamed { name: "seed".into(), now: "essay" }.into(),
        ConfigError::Embedded.into(),
        config(ConfigProblem::Syntax(syntax)),
        config(ConfigProblem::Field(field())),
        config(ConfigProblem::Split(DataError::Config("the batch size must be at least 1, found 0".into()))),
        config(ConfigProblem::Model(nn())),
        config(ConfigProblem::Trainer(TrainError::Stopped)),
        RunError::NotARun { path: path(), file: "config.toml" }.into(),
        RunError::HoldsRun { path: path() }.into(),
        RunError::OtherProgram { path: path(), found: None, expected: "a".into() }.into(),
        RunError::OtherProgram { path: path(), found: Some("b".into()), expected: "a".into() }.into(),
        RunError::InUse { path: path(), holder: None }.into(),
        RunError::InUse { path: path(), holder: Some("process 12 (train)".into()) }.into(),
        RunError::DamagedCheckpoint { problem: Box::new(TrainError::Stopped), older: path() }.into(),
        RunError::Create { path: path(), source: missing() }.into(),
        RunError::Open { path: path(), source: missing() }.into(),
        RunError::Lock { path: path(), source: missing() }.into(),
        RunError::Read { path: path(), source: missing() }.into(),
        RunError::Write { path: path(), source: DataError::Stopped }.into(),
        RunError::Replace { path: path(), source: missing() }.into(),
        ChangeError::UnknownField { name: "a".into(), closest: None, known: vec!["b".into()] }.into(),
        ChangeError::UnknownField { name: "a".into(), closest: Some("b".into()), known: Vec::new() }.into(),
        ChangeError::Refused { path: path(), changes: vec![change()] }.into(),
        SamplesError::Unreadable { path: path(), source: missing() }.into(),
        SamplesError::NoneFor { part: Part::Train, split: "{}".into(), samples: 1 }.into(),
        SamplesError::EmptyPart { part: Part::Test, samples: 1 }.into(),
        ExportError::IsRun { folder: path(), export: None }.into(),
        ExportError::IsRun { folder: path(), export: Some(path()) }.into(),
        ExportError::Unreadable { folder: path(), path: path(), source: missing() }.into(),
        ExportError::Syntax { path: path(), problem: json }.into(),
        ModelError::Field { path: path(), problem: field() }.into(),
        ExportError::Labels { path: path(), at: 3, found: None, expected: Some("age".into()) }.into(),
        ModelError::InputVersion { path: path(), found: 1, expected: 2 }.into(),
        ExportError::Tokenizer { path: path(), found: "a".into(), expected: "b".into() }.into(),
        ExportError::Altered { path: path(), found: "a".into(), expected: "b".into() }.into(),
        ExportError::FieldClash { field: "a".into(), part: "sizes", of: "every exported model" }.into(),
        ExportError::Pretrained {
            path: path(),
            problem: "`model_type` is \"gpt2\", but this library's encoder has a pre-norm encoder only: these weights would give \
                      other numbers in it"
                .into(),
        }
        .into(),
        ExportError::PretrainedWeights {
            path: path(),
            problem: Box::new(NnError::MissingTensor { name: "a.b".into() }),
        }
        .into(),
        ExportError::Network { path: path(), problem: nn() }.into(),
        ColumnsError::Unreadable { path: path(), source: missing() }.into(),
        ColumnsError::Line { path: path(), line: 3, problem: SampleProblem::NoValues { name: "a".into() } }.into(),
        ColumnsError::Empty { path: path() }.into(),
        ColumnsError::Label { path: path(), line: 3, problem: "unknown label `a`; did you mean `b`?".into() }.into(),
        ModelError::Labels { path: path(), problem: LabelsProblem::Twice("a".into()) }.into(),
        ModelError::Problem { path: path() }.into(),
        ModelError::NoTokenizer { path: path() }.into(),
        ModelError::Network { path: path(), problem: nn() }.into(),
        ModelError::Learned { path: path(), problem: "it is of other types".into() }.into(),
        LearnError::Unreadable { path: path(), source: missing() }.into(),
        LearnError::Line { path: path(), line: 3, problem: "unknown label `a`; did you mean `b`?".into() }.into(),
        LearnError::Correction { path: path(), line: 3, problem: "a quote is not closed".into() }.into(),
        LearnError::Empty { path: path() }.into(),
        LearnError::NoCorrections { path: path() }.into(),
        LearnError::Folder { path: path() }.into(),
        LearnError::NothingNew { path: path() }.into(),
        LearnError::TooFew { path: path(), line: 3, label: "a".into(), found: 1, expected: 3, meant: Some("b".into()) }
            .into(),
        LearnError::NotSingle { path: path(), line: 3, found: 2 }.into(),
        diverged(true, false, NewestCheckpoint::Sound).into(),
        diverged(false, true, NewestCheckpoint::SavedAfter { step: 7 }).into(),
        diverged(false, false, NewestCheckpoint::Diverged { last_sound: None }).into(),
        diverged(false, false, NewestCheckpoint::Diverged { last_sound: Some(7) }).into(),
        DataError::Stopped.into(),
        TrainError::Stopped.into(),
        nn().into(),
    ]
}

#[test]
fn every_error_and_every_hint() {
    for error in all() {
        let told = describe(&error);
        assert!(is_chinese(&told), "{error} → {told}");
        assert_eq!(hint(&error).is_some(), error.hint().is_some(), "{error}");
        assert!(hint(&error).is_none_or(|hint| is_chinese(&hint) || hint.contains("--config")), "{error}");
    }
}

#[test]
fn fields_of_the_application() {
    let wrong = |text: &str| {
        let presets = format!("[model]\npreset = \"micro\"\n{text}");
        let problem = RunConfig::parse(&presets).expect_err(text);
        describe(&Error::from(ConfigError::Invalid { path: path(), problem }))
    };
    for (text, expected) in [
        ("[tokenizer]\nvocab_size = 10", "`tokenizer.vocab_size` 为 10，但必须不小于 300：每个字节都占一个编号"),
        ("[data]\nmax_len = 0", "`data.max_len` 为 0，但必须不小于 1"),
        ("[data]\nworkers = 2000", "`data.workers` 为 2000，但必须不大于 1000"),
        ("[predict]\nthreshold = 1.5", "`predict.threshold` 为 1.5，但必须大于 0 且小于 1"),
    ] {
        assert!(wrong(text).ends_with(expected), "{}", wrong(text));
    }
    let decision = |temperature, thresholds| {
        Decision { temperature, thresholds, ..Decision::default() }.validate(2).expect_err("refused")
    };
    for problem in [decision(0.0, Vec::new()), decision(1.0, vec![0.5]), decision(1.0, vec![0.5, 1.5])] {
        let told = describe(&Error::from(ModelError::Field { path: path(), problem }));
        assert!(is_chinese(&told) && !told.contains("list") && !told.contains("above"), "{told}");
    }
    assert!(presets::names().contains(&"essay"));
}
