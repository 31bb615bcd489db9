"""Spark in local mode, on this machine."""

from __future__ import annotations

import os
import shutil
import sys

import pytest

import tabular_sense as ts

pyspark = pytest.importorskip("pyspark")
pytest.importorskip("pyarrow")
if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
    pytest.skip("Spark needs Java, and there is none here", allow_module_level=True)

from tabular_sense import spark as sense  # noqa: E402


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    from pyspark.sql import SparkSession

    folder = tmp_path_factory.mktemp("spark")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2,3]").appName("tabular-sense")
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.driver.extraJavaOptions": f"-Dderby.system.home={folder}",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
    }.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture()
def frame(spark, people):
    return spark.createDataFrame(list(zip(*people.values())), list(people)).repartition(3)


def test_the_answers_are_those_of_predict(spark, frame, people, types):
    rows = sense.annotate(frame, table="people").collect()
    assert {row["name"]: row["types"] for row in rows} == types
    first = sense.annotate(frame, sample="first").collect()
    assert [row["types"] for row in first] == [row["types"] for row in rows]
    assert [row["column"] for row in rows] == [1, 2, 3, 4, 5] and {row["table"] for row in rows} == {"people"}
    expected = ts.Classifier().predict(people)
    assert rows[3]["probability"] == pytest.approx(expected["tel"].probability)
    assert rows[3]["sensitivity"] == "personal" and rows[3]["error"] is None


def test_values_of_every_kind(spark):
    frame = spark.sql(
        "select date'2024-03-05' as day, timestamp'2024-03-05 18:00:05' as moment, 1.50bd as decimal, array(1, 2) as list, "
        "named_struct('a', 1) as struct, map('k', 1) as map, X'616263' as binary, cast(null as string) as nothing, true as flag"
    )
    rows = {row["name"]: list(row["examples"]) for row in sense.annotate(frame).collect()}
    assert rows["day"] == ["2024-03-05"] and rows["decimal"] == ["1.50"] and rows["list"] == ["[1, 2]"]
    assert rows["struct"] == ['{"a": 1}'] and rows["map"] == ['{"k": 1}'] and rows["binary"] == ["abc"]
    assert rows["nothing"] == [] and rows["flag"] == ["true"] and rows["moment"][0].startswith("2024-03-05 ")


def test_a_table_without_rows_is_answered_by_its_names(spark):
    rows = sense.annotate(spark.createDataFrame([], "`身份证号` string, x int")).collect()
    assert [row["name"] for row in rows] == ["身份证号", "x"] and rows[0]["type"] == "id_card" and rows[0]["from_name_only"]


def test_names_may_be_anything(spark):
    frame = spark.createDataFrame([("a", 1, 2)], "x string, `a``b.c` int, y int").toDF("x", "a`b.c", "x")
    assert [row["name"] for row in sense.annotate(frame).collect()] == ["x", "a`b.c", "x"]


def test_what_is_wrong_is_said_by_the_driver(spark, frame):
    with pytest.raises(ts.ModelError):
        sense.annotate_tables(spark, ["shop.people"], model="no-such-folder")
    with pytest.raises(ts.TableError, match="no table matches 'nowhere"):
        sense.annotate_tables(spark, "nowhere.*")
    with pytest.raises(ts.UnsupportedTableError, match="not a Spark DataFrame"):
        sense.annotate({"tel": ["13824719365"]})


def test_samples(spark):
    frame = spark.range(10_000).withColumnRenamed("id", "number")
    for sample in ("uniform", "first"):
        (row,) = sense.annotate(frame, max_rows=50, sample=sample).collect()
        assert len(row["examples"]) == 3
    with pytest.raises(ValueError, match="uniform"):
        sense.annotate(frame, sample="all")


def test_many_tables(spark, frame, types):
    spark.sql("create database if not exists shop")
    frame.write.mode("overwrite").saveAsTable("shop.people")
    frame.select("tel").write.mode("overwrite").saveAsTable("shop.phones")
    rows = sense.annotate_tables(spark, "shop.p*", tables_per_job=1).collect()
    assert {row["table"] for row in rows} == {"shop.people", "shop.phones"} and len(rows) == 6
    rows = sense.annotate_tables(spark, ["shop.people", "shop.missing", "shop.phones"], write_to="shop.answers").collect()
    problems = {row["table"]: row["error"] for row in rows if row["error"]}
    assert list(problems) == ["shop.missing"] and "missing" in problems["shop.missing"]
    assert {row["name"]: row["types"] for row in rows if row["table"] == "shop.people"} == types


def test_files(spark, people, tmp_path):
    paths = []
    for number in range(5):
        path = tmp_path / f"{number}.csv"
        path.write_text("nl,tel\n27,13824719365\n31,15901837462\n", "utf-8")
        paths.append(str(path))
    rows = sense.annotate_files(spark, [*paths, str(tmp_path / "missing.csv")], tasks=3).collect()
    assert len(rows) == 11 and sum(row["error"] is not None for row in rows) == 1
    assert {row["type"] for row in rows if row["name"] == "tel"} == {"phone"}


class DiesOnce(sense.AnnotateTable):
    """Ends its worker process on the first call, as if it had been killed for using too much memory. Later calls succeed."""

    def __init__(self, marker: str, *arguments) -> None:
        super().__init__(*arguments)
        self.marker = marker

    def __call__(self, batches):
        if not os.path.exists(self.marker):
            open(self.marker, "w").close()
            os._exit(137)
        yield from super().__call__(batches)


def test_a_worker_that_dies_costs_a_retry(spark, frame, types, tmp_path):
    from pyspark import cloudpickle

    from tabular_sense._distributed import Settings

    # The workers cannot import this module.
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    marker = tmp_path / "died"
    annotate = DiesOnce(str(marker), "", list(types), Settings(None, None, {}))
    rows = sense._with_a_partition(frame).mapInArrow(annotate, sense.SCHEMA).collect()
    assert marker.exists() and {row["name"]: list(row["types"]) for row in rows} == types
