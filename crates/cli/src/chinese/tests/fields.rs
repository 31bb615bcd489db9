use drivetrain::train::{AdamWConfig, ParamGroup, SgdConfig, TrainerConfig};

use super::is_chinese;
use crate::chinese::describe;
use tabular_sense::config::RunConfig;

/// All invalid values of configuration fields that the libraries detect.
#[test]
fn fields_of_configurations() {
    let wrong = |change: fn(&mut TrainerConfig)| {
        let mut config = RunConfig::preset("default").expect("the default configuration").trainer;
        change(&mut config);
        config.validate().expect_err("refused")
    };
    for error in [
        wrong(|config| config.epochs = 0),
        wrong(|config| config.optimizer = AdamWConfig { learning_rate: -1.0, ..AdamWConfig::default() }.into()),
        wrong(|config| config.optimizer = AdamWConfig { beta1: 1.0, ..AdamWConfig::default() }.into()),
        wrong(|config| config.optimizer = AdamWConfig { clip_norm: -1.0, ..AdamWConfig::default() }.into()),
        wrong(|config| {
            config.optimizer = SgdConfig { nesterov: true, ..SgdConfig::default() }.into();
        }),
        wrong(|config| config.optimizer.layer_decay = 2.0),
        wrong(|config| config.optimizer.groups = vec![ParamGroup::of(Vec::<String>::new())]),
        wrong(|config| {
            config.optimizer.groups = vec![ParamGroup { learning_rate_factor: 0.0, ..ParamGroup::of(["*"]) }];
        }),
        wrong(|config| config.early_stop.min_delta = -1.0),
        wrong(|config| config.dropout.initial = 1.0),
        wrong(|config| config.dropout.max = 1.0),
        wrong(|config| config.dropout.factor = 0.5),
        wrong(|config| config.dropout.window = 1),
        wrong(|config| config.outliers.spike_z = -1.0),
        wrong(|config| config.outliers.spike_window = 1),
        wrong(|config| config.checkpoint.keep_last = 0),
        wrong(|config| config.checkpoint.minutes = -1.0),
    ] {
        let (told, english) = (describe(&error), error.to_string());
        let expected = english.split_once("but it must be ").map_or("", |(_, expected)| expected);
        assert!(is_chinese(&told) && !expected.is_empty() && !told.contains(expected), "{told}");
    }
    let sizes = |d_model, n_heads, max_len| {
        let mut model = RunConfig::preset("micro").expect("micro").model;
        (model.d_model, model.n_heads) = (Some(d_model), Some(n_heads));
        model.encoder(400, max_len).validate().expect_err("refused")
    };
    for error in [sizes(0, 1, 8), sizes(3, 1, 8), sizes(16, 3, 8), sizes(1 << 30, 1, 8), sizes(16, 1, 1 << 40)] {
        let told = describe(&error);
        assert!(is_chinese(&told) && !told.contains("at least") && !told.contains("that"), "{told}");
    }
}
