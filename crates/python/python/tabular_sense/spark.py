"""Types of the columns of Spark tables, found on Spark's executors.

Only the sample of a table's rows is moved, and only to the executor that answers; the driver gets the answers. Each Python worker of
Spark loads the model once.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Iterable, Iterator, Sequence

import pyarrow
from pyspark.sql import functions

from ._classifier import MAX_ROWS
from ._distributed import SCHEMA as ARROW_SCHEMA
from ._distributed import Settings, answers, problem
from ._errors import TableError, TabularSenseError, UnsupportedTableError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

#: One row for each column of a table; one with ``error`` for a table that cannot be read.
SCHEMA = (
    "table string, column bigint, name string, type string, probability double, types array<string>, "
    "probabilities array<double>, sensitivity string, from_name_only boolean, examples array<string>, error string"
)

#: The seed of the sample.
_SEED = 0

#: The column that is false in the extra row, which does not belong to the table. The table's own columns have numbers as names until
#: that row is removed.
_IS_ROW = "is_row"


def annotate(
    df: DataFrame,
    *,
    table: str = "",
    model: str | None = None,
    types: str | None = None,
    max_rows: int = MAX_ROWS,
    sample: str = "uniform",
    **options: Any,
) -> DataFrame:
    """The types of the columns of ``df``: a DataFrame with one row for each of its columns (:data:`SCHEMA`), which is computed lazily.

    - ``table``: the value of the column ``table`` in the answer.
    - ``model``, ``types``: as for :class:`tabular_sense.Classifier`; paths that every executor can read.
    - ``max_rows``: read at most this many rows.
    - ``sample``: ``"uniform"`` draws them from the whole table, for which Spark reads all rows; ``"first"`` takes the first rows that Spark
      finds, for which it reads as little as it can.
    - ``options``: ``threshold``, ``top_k``, ``draws`` as for :meth:`tabular_sense.Classifier.predict`.
    """
    settings = Settings(model, types, {"max_rows": max_rows, **options}).checked()
    if not hasattr(df, "mapInArrow"):
        raise UnsupportedTableError(f"{type(df).__name__} is not a Spark DataFrame", "Classifier().predict() reads data frames")
    names = df.columns
    # Names may occur twice, or contain characters that Spark takes for syntax.
    numbered = df.toDF(*map(str, range(len(names))))
    return _with_a_partition(_sampled(numbered, max_rows, sample)).mapInArrow(AnnotateTable(table, names, settings), SCHEMA)


def annotate_tables(
    spark: SparkSession,
    tables: str | Sequence[str],
    *,
    write_to: str | None = None,
    tables_per_job: int = 32,
    model: str | None = None,
    types: str | None = None,
    max_rows: int = MAX_ROWS,
    sample: str = "uniform",
    **options: Any,
) -> DataFrame:
    """The types of the columns of many tables: those that a pattern such as ``"db.*"`` or ``"*.orders_*"`` matches, or those of a list.

    Runs one Spark job for every ``tables_per_job`` tables. The answers are appended to the table ``write_to``; without it, they are
    kept in the driver, where they take about 200 bytes per column. For a table that cannot be read, there is a row that says why. The
    other arguments are those of :func:`annotate`.
    """
    names = list(_matching(spark, tables)) if isinstance(tables, str) else list(tables)
    if not names and isinstance(tables, str):
        raise TableError(f"no table matches {tables!r}", "SHOW TABLES lists them; a pattern without a dot is for the current database")
    Settings(model, types, {"max_rows": max_rows, **options}).checked()
    _check_workers(spark)
    arguments = {"model": model, "types": types, "max_rows": max_rows, "sample": sample, **options}
    found: list[pyarrow.Table] = []
    for first in range(0, len(names), tables_per_job):
        answer = _answer(spark, names[first : first + tables_per_job], arguments)
        if write_to is None:
            found.append(answer)
        else:
            _frame(spark, answer).write.mode("append").saveAsTable(write_to)
    if write_to is not None:
        return spark.table(write_to)
    return _frame(spark, pyarrow.concat_tables(found) if found else ARROW_SCHEMA.empty_table())


def annotate_files(
    spark: SparkSession,
    paths: Sequence[str],
    *,
    tasks: int | None = None,
    model: str | None = None,
    types: str | None = None,
    **options: Any,
) -> DataFrame:
    """The types of the columns of many files that the executors can read: each task reads some of ``paths``, so that only the
    answers are moved. ``tasks`` is the number of tasks [four per core]; ``options`` are those of
    :meth:`tabular_sense.Classifier.predict_all`.
    """
    settings = Settings(model, types, options).checked()
    tasks = tasks or 4 * spark.sparkContext.defaultParallelism
    names = spark.createDataFrame([(str(path),) for path in paths], "path string")
    return names.repartition(max(1, min(tasks, len(paths)))).mapInArrow(AnnotateFiles(settings), SCHEMA)


def _sampled(df: DataFrame, max_rows: int, sample: str) -> DataFrame:
    """At most ``max_rows`` rows, in one partition. Each partition sends no more than that."""
    # Spark leaves out a limit if it knows that there are fewer rows, and then keeps their partitions.
    if sample == "first":
        return df.limit(max_rows).coalesce(1)
    if sample == "uniform":
        return df.orderBy(functions.rand(_SEED)).limit(max_rows).coalesce(1)
    raise ValueError(f'sample = {sample!r}: expected "uniform" or "first"')


def _with_a_partition(sample: DataFrame) -> DataFrame:
    """The sample in one partition, with an extra row that does not belong to the table, so that Spark also runs the task for a table
    without rows."""
    nothing = [functions.lit(None).cast(field.dataType).alias(field.name) for field in sample.schema]
    beside = sample.sparkSession.range(1).select(*nothing, functions.lit(False).alias(_IS_ROW))
    return sample.withColumn(_IS_ROW, functions.lit(True)).unionAll(beside).coalesce(1)


class AnnotateTable:
    """Answers for the one partition that holds the sample of a table."""

    def __init__(self, table: str, names: Sequence[str], settings: Settings) -> None:
        self.table, self.names, self.settings = table, list(names), settings

    def __call__(self, batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        rows = pyarrow.Table.from_batches(batches)
        table = rows.filter(rows.column(_IS_ROW)).drop_columns([_IS_ROW]).rename_columns(self.names)
        yield from answers(self.table, self.settings.predict(table)).to_batches()


class AnnotateFiles:
    """Answers for the files whose paths are in a partition."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def __call__(self, batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        for batch in batches:
            for path in batch.column(0).to_pylist():
                yield from self.settings.file_answers(path).to_batches()


def _matching(spark: SparkSession, pattern: str) -> Iterator[str]:
    """The names of the tables and views that a pattern such as ``db.*`` matches; without a dot, in the current database."""
    database, dot, name = pattern.rpartition(".")
    if not dot:
        yield from (found.name for found in spark.catalog.listTables() if fnmatchcase(found.name, name))
        return
    for known in spark.catalog.listDatabases():
        if fnmatchcase(known.name, database):
            for found in spark.catalog.listTables(known.name):
                # Temporary views are listed in every database, although they belong to none.
                if not found.isTemporary and fnmatchcase(found.name, name):
                    yield f"{known.name}.{found.name}"


def _answer(spark: SparkSession, names: Sequence[str], arguments: dict[str, Any]) -> pyarrow.Table:
    """The answers for some tables, in one job; if that fails, one by one, so that only the tables at fault have no
    answer."""
    try:
        frames = [annotate(spark.table(name), table=name, **arguments) for name in names]
        union = frames[0]
        for frame in frames[1:]:
            union = union.unionAll(frame)
        return union.toArrow().cast(ARROW_SCHEMA)
    except Exception as error:
        if len(names) > 1:
            return pyarrow.concat_tables([_answer(spark, [name], arguments) for name in names])
        return problem(names[0], str(error))


def _check_workers(spark: SparkSession) -> None:
    """Raises an error if the workers' Python lacks this package; otherwise, each table would seem to be at fault."""

    def version(batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        import tabular_sense

        yield pyarrow.RecordBatch.from_pydict({"found": [tabular_sense.__version__]})

    try:
        spark.range(1).mapInArrow(version, "found string").collect()
    except Exception as error:
        message = f"Spark's workers cannot import tabular_sense: {error}"
        hint = "install the package on every node, and set PYSPARK_PYTHON to the Python that has it"
        raise TabularSenseError(message, hint) from error


def _frame(spark: SparkSession, table: pyarrow.Table) -> DataFrame:
    return spark.createDataFrame(table.to_pylist(), SCHEMA)
