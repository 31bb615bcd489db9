# Common commands; `just` lists them.

_default:
    @just --list

# prepare the samples and the tokenizer if they are missing, then train, test and export the default model
train *args:
    cargo run --release -- train {{args}}

# run all tests and doc tests
test *args:
    cargo test --release --workspace {{args}}

# run every check that must pass before a change is merged
ci:
    .ci/run

# compare Drivetrain with PyTorch on this machine (about 20 minutes); needs torch and tokenizers
versus-pytorch *args:
    python benches/versus/versus.py {{args}}

# build a wheel of the Python package in target/wheels; needs maturin (pip install maturin)
wheel *args:
    maturin build --release --locked --manifest-path crates/python/Cargo.toml {{args}}

# benchmark individual components
bench *args:
    cargo bench -p drivetrain-benches {{args}}

# kill training at random moments, resume it, and compare with an uninterrupted run (about ten minutes)
torture kills="1000" seed="1":
    TORTURE_KILLS={{kills}} TORTURE_SEED={{seed}} cargo test --release -p tabular-sense-cli --test torture -- --nocapture

# fuzz one of the readers of untrusted files (fuzz/readers.rs lists them); needs nightly Rust and cargo-fuzz
fuzz reader seconds="600":
    READER={{reader}} cargo +nightly fuzz run reader fuzz/corpus/{{reader}} -- -max_total_time={{seconds}} -rss_limit_mb=2048

# update the snapshots of the command-line program's output
snapshots:
    INSTA_UPDATE=always cargo test --release --workspace --test cli

# write the reference results for the tests; needs torch, safetensors, scikit-learn and seqeval
reference:
    python tests/reference/reference.py
    python tests/reference/schedules.py
    python tests/reference/losses.py

# retrain the built-in model and compute its logits in PyTorch for the tests; needs torch, safetensors and tokenizers
base:
    cargo run --release -- train --config base --run runs/base
    cp runs/base/export/* crates/tabular-sense/models/base/
    python tests/reference/exported.py crates/tabular-sense/models/base \
        < crates/tabular-sense/tests/fixtures/columns.json > crates/tabular-sense/tests/fixtures/logits.json
