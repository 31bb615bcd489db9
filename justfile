# The commands that people use; `just` lists them.

_default:
    @just --list

# make everything that is missing, then train, test and export the default model
train *args:
    cargo run --release -- train {{args}}

# all tests and doc tests
test *args:
    cargo test --release --workspace {{args}}

# what must hold before a change lands
ci:
    .ci/run

# Drivetrain against PyTorch on this machine, some 20 minutes; needs torch and tokenizers
versus-pytorch *args:
    python benches/versus/versus.py {{args}}

# the parts, one by one
bench *args:
    cargo bench -p drivetrain-benches {{args}}

# a training killed a thousand times at random moments ends as one never interrupted; some ten minutes
torture kills="1000" seed="1":
    TORTURE_KILLS={{kills}} TORTURE_SEED={{seed}} cargo test --release -p tabular-sense-cli --test torture -- --nocapture

# feed a reader of outside files (fuzz/readers.rs names them) with mutations; needs nightly Rust and cargo-fuzz
fuzz reader seconds="600":
    READER={{reader}} cargo +nightly fuzz run reader fuzz/corpus/{{reader}} -- -max_total_time={{seconds}} -rss_limit_mb=2048

# take over the command line's present output into its snapshots
snapshots:
    INSTA_UPDATE=always cargo test --release --workspace --test cli

# write the fixtures that the tests compare with; needs torch, safetensors and scikit-learn
reference:
    python tests/reference/reference.py

# train the model that comes with the program anew, to the same bytes, and have PyTorch write the logits it gives for some
# columns; needs torch and tokenizers
base:
    cargo run --release -- train --config base --run runs/base
    cp runs/base/export/* crates/tabular-sense/models/base/
    python tests/reference/exported.py crates/tabular-sense/models/base \
        < crates/tabular-sense/tests/fixtures/columns.json > crates/tabular-sense/tests/fixtures/logits.json
