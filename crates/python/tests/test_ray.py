"""Ray, with two workers on this machine."""

from __future__ import annotations

import os
import sys
import time

import pytest

import tabular_sense as ts

ray = pytest.importorskip("ray")
pytest.importorskip("ray.data")
pyarrow = pytest.importorskip("pyarrow")

from tabular_sense import ray as sense  # noqa: E402


@pytest.fixture(scope="module")
def cluster():
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="error", ignore_reinit_error=True)
    ray.data.DataContext.get_current().enable_progress_bars = False
    yield
    ray.shutdown()


def test_the_answers_are_those_of_predict(cluster, people, types):
    dataset = ray.data.from_arrow([pyarrow.table({name: [values[row]] for name, values in people.items()}) for row in range(3)])
    rows = sense.annotate(dataset, table="people", columns_per_task=2, workers=2).take_all()
    rows.sort(key=lambda row: row["column"])
    assert [row["column"] for row in rows] == [1, 2, 3, 4, 5]
    assert {row["name"]: list(row["types"]) for row in rows} == types
    expected = ts.Classifier().predict(people)
    assert rows[3]["probability"] == pytest.approx(expected["tel"].probability)


def test_a_sample_is_read(cluster):
    dataset = ray.data.range(10_000)
    (row,) = sense.annotate(dataset, max_rows=50).take_all()
    again = sense.annotate(dataset, max_rows=50).take_all()[0]
    assert row["name"] == "id" and list(row["examples"]) == list(again["examples"]) and len(row["examples"]) == 3


def test_the_answers_do_not_depend_on_which_block_is_read_first(cluster, tmp_path):
    """The first block waits until the last one begins, and so until those in between are done."""
    marker = tmp_path / "last"

    def late(batch):
        if batch["id"][0] == 0:
            end = time.monotonic() + 120
            while not marker.exists():
                assert time.monotonic() < end, "the last block did not begin while the first one waited"
                os.sched_yield()
        elif batch["id"][0] == 70:
            marker.touch()
        return batch

    dataset = ray.data.range(80, override_num_blocks=8).map_batches(late, batch_size=None)
    (row,) = sense.annotate(dataset).take_all()
    assert list(row["examples"]) == ["0", "1", "2"]
    assert not dataset.context.execution_options.preserve_order


def test_a_dataset_without_rows_is_answered_by_its_names(cluster):
    dataset = ray.data.from_arrow(pyarrow.table({"身份证号": pyarrow.array([], pyarrow.string())}))
    (row,) = sense.annotate(dataset).take_all()
    assert row["name"] == "身份证号" and row["type"] == "id_card" and row["from_name_only"]


def test_what_is_wrong_is_said_by_the_driver(cluster):
    dataset = ray.data.range(3)
    with pytest.raises(ts.ModelError):
        sense.annotate(dataset, model="no-such-folder")
    with pytest.raises(ValueError, match="workers = 0"):
        sense.annotate(dataset, workers=0)
    with pytest.raises(ts.UnsupportedTableError, match="not a Ray dataset"):
        sense.annotate({"tel": ["13824719365"]})


def test_files(cluster, tmp_path):
    paths = []
    for number in range(6):
        path = tmp_path / f"{number}.csv"
        path.write_text("nl,tel\n27,13824719365\n31,15901837462\n", "utf-8")
        paths.append(str(path))
    rows = sense.annotate_files([*paths, str(tmp_path / "missing.csv")], workers=2, files_per_task=2).take_all()
    assert len(rows) == 13 and sum(row["error"] is not None for row in rows) == 1
    assert {row["type"] for row in rows if row["name"] == "tel"} == {"phone"}
    assert sense.annotate_files([]).count() == 0


class DiesOnce(sense.AnnotateFiles):
    """Ends its worker process on the first call, as if it had been killed for using too much memory. Later calls succeed."""

    def __init__(self, marker: str, settings) -> None:
        super().__init__(settings)
        self.marker = marker

    def __call__(self, batch):
        if not os.path.exists(self.marker):
            open(self.marker, "w").close()
            os._exit(137)
        return super().__call__(batch)


def test_a_worker_that_dies_costs_a_retry(cluster, tmp_path):
    from tabular_sense._distributed import Settings

    # The workers cannot import this module.
    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
    path, marker = tmp_path / "a.csv", tmp_path / "died"
    path.write_text("tel\n13824719365\n15901837462\n", "utf-8")
    tasks = [{"paths": [str(path)]} for _ in range(3)]
    rows = sense._pool(tasks, DiesOnce, 2, marker=str(marker), settings=Settings(None, None, {})).take_all()
    assert marker.exists() and [row["type"] for row in rows] == ["phone"] * 3
