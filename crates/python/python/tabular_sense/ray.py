"""Types of the columns of Ray datasets, found by a pool of actors that load the model once each.

Only the sample of a dataset's rows is moved, into the object store; the driver holds references to it.
"""

from __future__ import annotations

import heapq
import random
from typing import TYPE_CHECKING, Any, Sequence

import pyarrow
import ray
import ray.data

from ._classifier import MAX_ROWS
from ._distributed import SCHEMA, Settings, answers
from ._errors import UnsupportedTableError

if TYPE_CHECKING:
    from ray.data import Dataset

#: The column of random numbers that decide which rows are kept.
_KEY = "__tabular_sense_key"


def annotate(
    dataset: Dataset,
    *,
    table: str = "",
    workers: int | None = None,
    columns_per_task: int = 256,
    model: str | None = None,
    types: str | None = None,
    max_rows: int = MAX_ROWS,
    **options: Any,
) -> Dataset:
    """The types of the columns of ``dataset``: a dataset with one row for each of its columns. It is computed lazily, except for the
    sample, which is drawn at once.

    - ``table``: the value of the column ``table`` in the answer.
    - ``workers``: the number of actors, each on one core [as many as there are cores].
    - ``columns_per_task``: how many columns an actor processes at a time.
    - ``model``, ``types``: as for :class:`tabular_sense.Classifier`; paths that every node can read.
    - ``max_rows``: read at most this many rows, a uniform sample of the dataset's.
    - ``options``: ``threshold``, ``top_k``, ``draws`` as for :meth:`tabular_sense.Classifier.predict`.
    """
    settings = Settings(model, types, {"max_rows": max_rows, **options}).checked()
    if not isinstance(dataset, ray.data.Dataset):
        raise UnsupportedTableError(f"{type(dataset).__name__} is not a Ray dataset", "Classifier().predict() reads data frames")
    sample = _sample(dataset, max_rows)
    width = ray.get(_width.remote(sample))
    tasks = [{"first": first} for first in range(0, width, columns_per_task)]
    return _pool(tasks, AnnotateColumns, workers, table=table, sample=[sample], per_task=columns_per_task, settings=settings)


def annotate_files(
    paths: Sequence[str],
    *,
    workers: int | None = None,
    files_per_task: int = 16,
    model: str | None = None,
    types: str | None = None,
    **options: Any,
) -> Dataset:
    """The types of the columns of many files that every node can read: the actors read them, so that only the answers are moved. For a
    file that cannot be read, there is a row that says why. ``options`` are those of :meth:`tabular_sense.Classifier.predict_all`."""
    settings = Settings(model, types, options).checked()
    tasks = [{"paths": [str(path) for path in paths[at : at + files_per_task]]} for at in range(0, len(paths), files_per_task)]
    return _pool(tasks, AnnotateFiles, workers, settings=settings)


class AnnotateColumns:
    """An actor that answers for some columns of a sample."""

    def __init__(self, table: str, sample: list[Any], per_task: int, settings: Settings) -> None:
        # Ray does not resolve references within a list: the sample is fetched here, without a copy if it is on the same node.
        self.table, self.per_task, self.settings = table, per_task, settings
        self.sample: pyarrow.Table = ray.get(sample[0])

    def __call__(self, batch: pyarrow.Table) -> pyarrow.Table:
        return pyarrow.concat_tables([self._answers(first) for first in batch["first"].to_pylist()])

    def _answers(self, first: int) -> pyarrow.Table:
        last = min(first + self.per_task, self.sample.num_columns)
        columns = self.sample.select(list(range(first, last)))
        return answers(self.table, self.settings.predict(columns), first)


class AnnotateFiles:
    """An actor that answers for some files."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def __call__(self, batch: pyarrow.Table) -> pyarrow.Table:
        paths = [path for paths in batch["paths"].to_pylist() for path in paths]
        return pyarrow.concat_tables([self.settings.file_answers(path) for path in paths])


def _pool(tasks: list[dict[str, Any]], actor: type, workers: int | None, **arguments: Any) -> Dataset:
    if not tasks:
        return ray.data.from_arrow(SCHEMA.empty_table())
    if workers is None:
        workers = max(1, int(ray.cluster_resources().get("CPU", 1)))
    if workers < 1:
        raise ValueError(f"workers = {workers}: expected 1 or more")
    # As many blocks as tasks: Ray gives an actor whole blocks.
    return ray.data.from_items(tasks, override_num_blocks=len(tasks)).map_batches(
        actor,
        fn_constructor_kwargs=arguments,
        compute=ray.data.ActorPoolStrategy(size=min(workers, len(tasks))),
        batch_size=1,
        batch_format="pyarrow",
        num_cpus=1,
    )


def _sample(dataset: Dataset, max_rows: int) -> Any:
    """A reference to an Arrow table with a uniform sample of the rows. Each block sends no more than that."""

    def sample_block(block: pyarrow.Table) -> pyarrow.Table:
        return _smallest(block.append_column(_KEY, _keys(block)), max_rows)

    sampled = dataset.map_batches(sample_block, batch_size=None, batch_format="pyarrow")
    schema = dataset.schema()
    # A dataset without rows has only names.
    names = [] if schema is None else list(schema.names)
    return _merge.remote(max_rows, names, *_blocks_in_order(sampled))


def _blocks_in_order(dataset: Dataset) -> list[Any]:
    """References to the blocks in the dataset's order, whichever is computed first, so that the same rows give the same answers."""
    options = dataset.context.execution_options
    before, options.preserve_order = options.preserve_order, True
    try:
        return dataset.to_arrow_refs()
    finally:
        options.preserve_order = before


def _keys(block: pyarrow.Table) -> pyarrow.Array:
    """A random number for each row: the same ones whenever the block is read."""
    numbers = random.Random(repr(block.slice(0, 1).to_pylist()))
    return pyarrow.array([numbers.getrandbits(62) for _ in range(block.num_rows)], pyarrow.int64())


def _smallest(table: pyarrow.Table, max_rows: int) -> pyarrow.Table:
    """The rows with the smallest keys, in their order."""
    if table.num_rows <= max_rows:
        return table
    keys = table.column(_KEY).to_pylist()
    return table.take(sorted(heapq.nsmallest(max_rows, range(len(keys)), key=keys.__getitem__)))


@ray.remote
def _merge(max_rows: int, names: list[str], *blocks: pyarrow.Table) -> pyarrow.Table:
    tables = [block for block in blocks if block.num_columns > 1]
    if not tables:
        return pyarrow.table({name: pyarrow.nulls(0) for name in names})
    merged = pyarrow.concat_tables(tables, promote_options="permissive")
    return _smallest(merged, max_rows).drop_columns([_KEY])


@ray.remote
def _width(table: pyarrow.Table) -> int:
    return table.num_columns
