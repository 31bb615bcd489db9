//! An exported folder is either complete or not a model, and loading it gives the same model.

use std::path::{Path, PathBuf};

use super::*;
use drivetrain_data::{PadSide, Silent, Tokenizer, pad, tokenizer::PAD};
use drivetrain_nn::burn::nn::LinearConfig;
use drivetrain_nn::burn::tensor::Device;
use drivetrain_nn::{Mode, SequenceClassifier, StateDict, TokenClassifier};
use drivetrain_run::{ExportConfig, Exported, ProblemType, RunFolder, TextClassifier, write_export};
use drivetrain_train::{AverageConfig, Checkpoint, TrainerConfig, input_tensors};
use serde::{Deserialize, Serialize};

fn trained() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let model = train(folder.path(), How::default()).unwrap().model;
    (folder, model)
}

#[test]
fn the_loaded_model_gives_the_logits_of_the_best_checkpoint() {
    let (folder, model) = trained();
    let loaded = TextClassifier::load(&model).unwrap();
    let best = RunFolder::new(folder.path().join("run")).checkpoints().load_best().unwrap().checkpoint;
    let network = SequenceClassifier::zeroed(&sizes(loaded.tokenizer.vocab_size()), 2, &Device::flex()).unwrap();
    let network = best.model.load_into(network).unwrap();
    let texts = ["a plum", "the otter xx", "something else that is much longer than the others", ""];
    for (text, found) in texts.iter().zip(loaded.logits(&texts)) {
        let ids = loaded.tokenizer.encode_truncated(text, MAX_LEN).ids;
        let (ids_bt, mask_bt) = input_tensors(&pad(&[ids], PadSide::Right, PAD), &Device::flex());
        let expected = network.forward(ids_bt, mask_bt, &Mode::Eval).into_data_as::<f32>();
        for (found, expected) in found.iter().zip(expected.as_slice::<f32>().unwrap()) {
            assert!((found - expected).abs() <= 1e-6 * expected.abs().max(1.0), "{text}: {found}, expected {expected}");
        }
        assert_eq!(loaded.logits(&[text])[0].len(), 2);
    }
    let answers = loaded.predict("the otter");
    assert!((answers[0].1 + answers[1].1 - 1.0).abs() < 1e-6 && answers[0].1 >= answers[1].1, "{answers:?}");
    assert!(LABELS.contains(&answers[0].0) && LABELS.contains(&answers[1].0));
    assert!(loaded.logits::<&str>(&[]).is_empty());
}

#[test]
fn a_loaded_model_can_be_trained_further_and_exported_again_without_its_tokenizer() {
    let (folder, model) = trained();
    let exported = Exported::load(&model).unwrap();
    let network = exported.sequence_classifier(&Device::flex().autodiff()).unwrap();
    assert_eq!(StateDict::of(&network), exported.weights);
    let unlike = exported.token_classifier(&Device::flex()).err().unwrap().to_string();
    assert!(
        unlike.contains("model.safetensors: the weights hold a tensor `embedding.cls`") && !unlike.contains('\n'),
        "{unlike}"
    );
    let other = folder.path().join("other");
    let config = ExportConfig::new("test", &exported.config.encoder, ProblemType::MultiLabel, LABELS);
    write_export(&other, config, &exported.weights, None).unwrap();
    let again = Exported::load(&other).unwrap();
    assert!(again.tokenizer.is_none() && again.weights == exported.weights);
    let without = again.into_text_classifier().err().unwrap().to_string();
    assert!(without.contains("tokenizer.json: the model has no tokenizer"), "{without}");
}

#[test]
fn a_classifier_of_tokens_is_exported_and_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let network = TokenClassifier::new(&sizes(280), 2, 5, &Device::flex()).unwrap();
    let weights = StateDict::of(&network);
    let config = ExportConfig::new("test", &sizes(280), ProblemType::Token, ["O", "B-PER"]);
    write_export(folder.path(), config, &weights, None).unwrap();
    let loaded = Exported::load(folder.path()).unwrap();
    assert_eq!(StateDict::of(&loaded.token_classifier(&Device::flex()).unwrap()), weights);
}

#[test]
fn a_model_with_sizes_and_fields_of_its_own_is_exported_and_loaded() {
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Width {
        width: usize,
    }
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Note {
        trained_by: String,
    }
    let folder = tempfile::tempdir().unwrap();
    let network = LinearConfig::new(3, 2).init(&Device::flex());
    let plain = ExportConfig::new("own", &Width { width: 3 }, ProblemType::Regression, ["height", "age"]);
    let config = plain.with_extra(Note { trained_by: "me".into() });
    write_export(folder.path(), config.clone(), &StateDict::of(&network), None).unwrap();
    let loaded = Exported::<Width, Note>::load_as(folder.path()).unwrap();
    let file_hashes = loaded.config.file_hashes.clone();
    assert!(file_hashes.keys().eq(["model.safetensors"]), "{file_hashes:?}");
    assert_eq!(loaded.config, ExportConfig { file_hashes, ..config });
    let width = loaded.config.encoder.width;
    let fresh = || LinearConfig::new(width, 2).init(&Device::flex());
    assert_eq!(StateDict::of(&loaded.load_into(fresh()).unwrap()), StateDict::of(&network));
    assert!(
        Exported::load(folder.path()).err().unwrap().to_string().contains("missing field"),
        "no encoder of the library"
    );
}

#[test]
fn fields_with_one_name_are_refused_before_anything_is_written() {
    #[derive(Clone, Serialize)]
    struct Sizes {
        labels: usize,
    }
    #[derive(Clone, Serialize)]
    struct Width {
        width: usize,
    }
    #[derive(Clone, Serialize)]
    struct Version {
        version: u32,
    }
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("export");
    let weights = StateDict::of(&LinearConfig::new(3, 2).init(&Device::flex()));
    fn own<Sizes: Clone>(sizes: Sizes) -> ExportConfig<Sizes> {
        ExportConfig::new("own", &sizes, ProblemType::Regression, ["height"])
    }
    let told = [
        write_export(&export, own(Sizes { labels: 3 }), &weights, None).unwrap_err(),
        write_export(&export, own(Width { width: 3 }).with_extra(Version { version: 3 }), &weights, None).unwrap_err(),
        write_export(&export, own(Width { width: 3 }).with_extra(Width { width: 4 }), &weights, None).unwrap_err(),
    ];
    let all = "is also a field of every exported model, and config.json has one place for it";
    assert_eq!(told[0].to_string(), format!("the model cannot be exported: `labels` of its sizes {all}"));
    assert!(told[1].to_string().contains("`version` of its extra fields is also a field of every exported model"));
    assert!(told[2].to_string().contains("`width` of its extra fields is also a field of its sizes,"), "{}", told[2]);
    assert!(told.iter().all(|error| error.hint().is_some()) && !export.exists());
    // A model that already exists is not touched either.
    write_export(&export, own(Width { width: 3 }), &weights, None).unwrap();
    write_export(&export, own(Sizes { labels: 3 }), &weights, None).unwrap_err();
    assert_eq!(Exported::<serde_json::Value>::load_as(&export).map(|model| model.weights).unwrap(), weights);
}

fn why(model: &Path) -> (String, Option<String>) {
    let error = TextClassifier::load(model).err().expect("refused");
    assert!(!error.to_string().contains('\n'), "{error}");
    (error.to_string(), error.hint())
}

#[test]
fn a_folder_that_does_not_fit_is_refused_in_one_line() {
    let (folder, model) = trained();
    let (told, hint) = why(&folder.path().join("run"));
    assert!(told.ends_with("run is a run, not a model") && hint.unwrap().ends_with("run/export"), "{told}");
    let (told, _) = why(&folder.path().join("nowhere"));
    assert!(told.contains("no model in") && told.contains("config.json"), "{told}");

    for name in ["config.json", "model.safetensors", "tokenizer.json"] {
        let kept = std::fs::read(model.join(name)).unwrap();
        std::fs::remove_file(model.join(name)).unwrap();
        let (told, hint) = why(&model);
        assert!(told.starts_with("no model in") && told.contains(name) && hint.is_some(), "{told}");
        std::fs::write(model.join(name), &kept[..kept.len() / 2]).unwrap();
        let (told, _) = why(&model);
        assert!(told.contains(name), "{told}");
        std::fs::write(model.join(name), kept).unwrap();
    }
    let text = std::fs::read_to_string(model.join("config.json")).unwrap();
    let with = |from: &str, to: &str| {
        assert!(text.contains(from));
        std::fs::write(model.join("config.json"), text.replace(from, to)).unwrap();
        why(&model).0
    };
    let shape = with("\"d_feed_forward\": 12", "\"d_feed_forward\": 14");
    assert!(shape.contains("has shape [12, 8], but this model's configuration needs [14, 8]"), "{shape}");
    let more = with("\"fruit\",", "\"fruit\", \"stone\",");
    assert!(more.contains("model.safetensors: tensor `head."), "{more}");
    let size = with("\"d_model\": 8", "\"d_model\": 7");
    assert!(size.contains("config.json: `d_model` is 7, but it must be even"), "{size}");
    let kind = with("single_label_classification", "poetry");
    assert!(kind.contains("config.json is not an exported model's configuration: unknown variant `poetry`"), "{kind}");
    std::fs::write(model.join("config.json"), &text).unwrap();

    assert!(TextClassifier::load(&model).is_ok());
    let other = Tokenizer::train(["another text"].map(|text| Ok(text.to_owned())).into_iter(), 270, &Silent).unwrap();
    other.save(model.join("tokenizer.json")).unwrap();
    let (told, hint) = why(&model);
    assert!(told.contains("tokenizer.json does not match the model: its fingerprint is"), "{told}");
    assert!(hint.unwrap().starts_with("copy the whole exported folder"));
}

#[test]
fn any_flipped_bit_is_found_where_the_export_has_hashes() {
    let (_folder, model) = trained();
    let config = std::fs::read_to_string(model.join("config.json")).unwrap();
    for name in ["model.safetensors", "tokenizer.json"] {
        let whole = std::fs::read(model.join(name)).unwrap();
        // Flips one bit in each of some forty places spread over the file, at every bit position of a byte in turn.
        for (bit, at) in (0..whole.len()).step_by(whole.len() / 40).enumerate() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1 << (bit % 8);
            std::fs::write(model.join(name), &damaged).unwrap();
            let (told, hint) = why(&model);
            assert!(told.contains(name) && hint.is_some(), "byte {at}: {told}");
            assert!(
                told.contains(" is damaged or not the file ") || told.contains(" does not match the model"),
                "{told}"
            );
        }
        std::fs::write(model.join(name), &whole).unwrap();
    }
    // An export of an earlier version has no hashes.
    let (before, _) = config.split_once(",\n  \"file_hashes\"").unwrap();
    std::fs::write(model.join("config.json"), format!("{before}\n}}\n")).unwrap();
    let weights = Exported::load(&model).unwrap().weights;
    let mut damaged = std::fs::read(model.join("model.safetensors")).unwrap();
    *damaged.last_mut().unwrap() ^= 1;
    std::fs::write(model.join("model.safetensors"), damaged).unwrap();
    assert_ne!(Exported::load(&model).unwrap().weights, weights);
}

#[test]
fn the_average_is_exported_where_validations_use_it_and_resumed_to_the_same_bytes() {
    let average = |validate| Some(AverageConfig::Ema { decay: 0.8, validate });
    let how = |validate| How { config: TrainerConfig { average: average(validate), ..config() }, ..How::default() };
    let best = |folder: &Path| RunFolder::new(folder.join("run")).checkpoints().load_best().unwrap().checkpoint;
    let weights = |model: &Path| Exported::load(model).unwrap().weights;
    for validate in [true, false] {
        let (whole, cut) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let model = train(whole.path(), how(validate)).unwrap().model;
        let Checkpoint { model: trained, average, .. } = best(whole.path());
        assert_ne!(average.as_ref(), Some(&trained));
        assert_eq!(Some(weights(&model)), if validate { average } else { Some(trained) });

        train(cut.path(), How { end: End::CrashAt(13), ..how(validate) }).unwrap_err();
        train(cut.path(), how(validate)).unwrap();
        assert_eq!(results(cut.path()), results(whole.path()));
    }
}

#[test]
fn other_labels_are_named_by_the_first_that_differs() {
    let (_folder, model) = trained();
    let exported = Exported::load(&model).unwrap();
    let path = model.join("config.json");
    assert!(exported.config.check_labels(&path, &LABELS).is_ok());
    let other = exported.config.check_labels(&path, &["fruit", "plant"]).unwrap_err().to_string();
    assert!(other.ends_with("label 1 is `animal`, expected `plant`"), "{other}");
    let fewer = exported.config.check_labels(&path, &["fruit"]).unwrap_err().to_string();
    assert!(fewer.ends_with("label 1 is `animal`, expected none"), "{fewer}");
}

#[test]
fn an_export_that_is_cut_short_is_no_model_and_files_beside_it_stay() {
    let (folder, model) = trained();
    let before = files(folder.path());
    std::fs::write(model.join("README.md"), "mine").unwrap();
    let mut exported = Exported::load(&model).unwrap();
    exported.weights.tensors.values_mut().for_each(|tensor| tensor.values[0] += 1.0);
    let config = exported.config.clone();
    // The weights cannot be written, because a folder is in their place.
    std::fs::remove_file(model.join("model.safetensors")).unwrap();
    std::fs::create_dir(model.join("model.safetensors")).unwrap();
    write_export(&model, config.clone(), &exported.weights, exported.tokenizer.as_ref()).unwrap_err();
    assert!(why(&model).0.contains("config.json"), "it has none any more");
    std::fs::remove_dir(model.join("model.safetensors")).unwrap();
    write_export(&model, config, &exported.weights, exported.tokenizer.as_ref()).unwrap();
    assert_eq!(Exported::load(&model).unwrap().weights, exported.weights);
    // When the program runs again, it restores its own best model, byte for byte.
    train(folder.path(), How::default()).unwrap();
    let mut after = files(folder.path());
    assert!(after.remove("export/README.md").is_some());
    assert_eq!(after, before);
}
