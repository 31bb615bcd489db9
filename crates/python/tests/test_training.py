"""Training from Python."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import tabular_sense as ts

#: The configuration of a minimal run, which completes all steps; its model learns nothing useful.
TINY = """
[samples]
per_type = 10

[tokenizer]
vocab_size = 400
texts = 400

[data]
max_len = 48
batch_size = 16

[model]
preset = "micro"
d_model = 16
n_heads = 2
n_layers = 1
d_feed_forward = 32

[trainer]
epochs = 2
"""


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    path = tmp_path_factory.mktemp("config") / "tiny.toml"
    path.write_text(TINY, "utf-8")
    return path


@pytest.fixture(scope="module")
def trained(config, tmp_path_factory):
    events: list[dict] = []
    folder = tmp_path_factory.mktemp("run") / "run"
    return ts.train(config, run=folder, on_event=events.append), events


def test_a_run_is_trained_and_read(trained):
    training, events = trained
    assert training.is_finished and training.model is not None and training.report.is_file()
    kinds = {event["kind"] for event in events}
    assert {"run_start", "epoch_start", "validation", "saved", "run_end", "progress"} <= kinds
    run = ts.Run(training.run.path)
    assert [record["epoch"] for record in run.records("validation")] == [0, 1]
    assert training.test == run.test and "per_type" in run.config
    assert run.classifier().predict({"nl": [27, 31]}).rows == 2
    pandas = pytest.importorskip("pandas")
    metrics = run.metrics()
    assert isinstance(metrics, pandas.DataFrame) and list(metrics["epoch"]) == [0, 1]
    assert run.write_report(training.run.path / "other.html").is_file()


def test_a_run_that_is_not_finished_says_so(config, tmp_path):
    stopped = ts.train(config, run=tmp_path / "run", stop_after=1, quiet=True)
    assert not stopped.is_finished
    with pytest.raises(ts.RunError, match="has no model yet: it is not finished\nhint: tabular_sense.train\\(run="):
        stopped.run.classifier()


def test_hints_are_in_the_terms_of_python(trained, config, tmp_path):
    training, _ = trained
    other = tmp_path / "other.toml"
    other.write_text(TINY.replace("epochs = 2", "epochs = 2\nseed = 9"), "utf-8")
    for call in [
        lambda: ts.train(other, run=training.run.path),
        lambda: ts.train(config, run=training.run.path, resume="never"),
        lambda: ts.train(config, run=tmp_path / "none", resume="always"),
        lambda: ts.Classifier(tmp_path / "none"),
        lambda: ts.train(config, run=tmp_path / "new", samples=tmp_path / "none.jsonl"),
        lambda: ts.train(config, run=training.run.path, allow_change=["no.such_field"]),
    ]:
        with pytest.raises(ts.TabularSenseError) as raised:
            call()
        last = str(raised.value).splitlines()[-1]
        assert last.startswith("hint: ") and "--" not in str(raised.value) and "tabular-sense" not in last, str(raised.value)


def test_a_run_is_evaluated(trained, tmp_path):
    training, _ = trained
    report = ts.evaluate(run=training.run.path, split="validation")
    assert report["split"] == "validation" and report["samples"] > 0
    with pytest.raises(ValueError, match="train, validation, test"):
        ts.evaluate(run=training.run.path, split="all")
    with pytest.raises(ts.RunError):
        ts.evaluate(run=tmp_path / "no-run")
    with pytest.raises(TypeError):
        ts.evaluate()
    with pytest.raises(ts.SamplesError, match="no-such"):
        ts.evaluate(tmp_path / "no-such.jsonl")


def test_a_callback_stops_a_run_and_it_resumes(trained, config, tmp_path):
    whole, _ = trained
    folder = tmp_path / "run"
    stopped = ts.train(config, run=folder, on_event=lambda event: event["kind"] != "epoch_end")
    assert not stopped.is_finished and stopped.model is None
    resumed = ts.train(run=folder, quiet=True)
    assert resumed.is_finished
    weights = [training.model / "model.safetensors" for training in (whole, resumed)]
    assert weights[0].read_bytes() == weights[1].read_bytes()


def test_an_exception_of_a_callback_is_raised(config, tmp_path):
    def fail(event):
        if event["kind"] == "validation":
            raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        ts.train(config, run=tmp_path / "run", on_event=fail)
    assert ts.train(run=tmp_path / "run", quiet=True).is_finished


def test_stop_after_and_progress(config, tmp_path, capsys):
    assert not ts.train(config, run=tmp_path / "run", stop_after=1).is_finished
    assert "validation loss" in capsys.readouterr().out


def test_what_is_wrong(config, tmp_path):
    with pytest.raises(ts.ConfigError, match="no-such"):
        ts.train("no-such", run=tmp_path / "run", quiet=True)
    with pytest.raises(ts.SamplesError, match="no-samples"):
        ts.train(config, run=tmp_path / "run", samples=tmp_path / "no-samples.jsonl", quiet=True)
    with pytest.raises(ValueError, match="auto, always, never"):
        ts.train(config, run=tmp_path / "run", resume="perhaps", quiet=True)
    with pytest.raises(ts.RunError):
        ts.train(run=tmp_path / "run", resume="always", quiet=True)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as on Unix")
def test_ctrl_c_saves_the_run(trained, config, tmp_path):
    whole, _ = trained
    program = f"""
import os, signal, sys, threading
import tabular_sense as ts
received = threading.Event()
def raise_interrupt(number, frame):
    received.set()
    raise KeyboardInterrupt
signal.signal(signal.SIGINT, raise_interrupt)
def interrupt(event):
    if event["kind"] == "epoch_start" and event["epoch"] == 1:
        os.kill(os.getpid(), signal.SIGINT)
        received.wait(20)
try:
    ts.train({str(config)!r}, run={str(tmp_path / "run")!r}, on_event=interrupt)
except KeyboardInterrupt:
    sys.exit(42)
"""
    assert subprocess.run([sys.executable, "-c", program], timeout=120).returncode == 42
    resumed = ts.train(run=tmp_path / "run", quiet=True)
    weights = [training.model / "model.safetensors" for training in (whole, resumed)]
    assert weights[0].read_bytes() == weights[1].read_bytes()


def test_samples(tmp_path):
    count = ts.generate(tmp_path / "samples.jsonl", per_type=2)
    lines = (tmp_path / "samples.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == count and all("labels" in json.loads(line) for line in lines[:3])
    assert ts.evaluate(tmp_path / "samples.jsonl")["parts"][0]["columns"] == count
