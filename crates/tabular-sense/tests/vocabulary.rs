//! Generated samples, and the tokenizer that is trained on them, are the same in every version. The tokenizer gives the same
//! ids as the `tokenizers` crate.

use drivetrain::data::{Fingerprint, Silent, Tokenizer};
use tabular_sense::input::parse_input;
use tabular_sense_synth::{GeneratorConfig, generate};

const CONFIG: GeneratorConfig = GeneratorConfig { per_type: 20, seed: 7 };

fn lines() -> String {
    let mut bytes = Vec::new();
    generate(CONFIG, &mut bytes, &mut |_| Ok(())).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn inputs(lines: &str) -> Vec<String> {
    lines.lines().map(|line| parse_input(line).unwrap().0).collect()
}

fn train(inputs: &[String]) -> Tokenizer {
    Tokenizer::train(inputs.iter().cloned().map(Ok), 1000, &Silent).unwrap()
}

#[test]
fn a_seed_means_the_same_bytes_and_the_same_vocabulary_as_ever() {
    // A resumed run generates its samples and its vocabulary again if they are missing, and fails if they are different.
    let lines = lines();
    let of_lines = Fingerprint::of_bytes(lines.as_bytes()).short();
    let of_tokenizer = train(&inputs(&lines)).fingerprint().to_string();
    // A single comparison, so that after a change to the generator, both new values are shown at once.
    assert_eq!((of_lines.as_str(), of_tokenizer.as_str()), ("aec1ae9cee7ef74c", "cf15182dc03a7cfa38c07a66981fc8f7"));
}

#[test]
fn generated_samples_have_the_ids_that_the_tokenizers_crate_gives_them() {
    let inputs = inputs(&lines());
    // The tokenizer is trained on half of the inputs; the others are new to it.
    let ours = train(&inputs[..inputs.len() / 2]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokenizer.json");
    ours.save(&path).unwrap();
    let reference = tokenizers::Tokenizer::from_file(path).unwrap();
    for input in &inputs {
        assert_eq!(ours.encode(input), reference.encode(&**input, false).unwrap().get_ids(), "{input}");
    }
}
