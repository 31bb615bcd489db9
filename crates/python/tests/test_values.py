"""Values of every kind have a text, or an error that names the column."""

from __future__ import annotations

import datetime
import decimal
import uuid

import pytest

import tabular_sense as ts

ZONE = datetime.timezone(datetime.timedelta(hours=8))


def examples(classifier, values) -> tuple[str, ...]:
    return classifier.predict({"x": values})["x"].examples


@pytest.mark.parametrize(
    "value, text",
    [
        (True, "true"),
        (27, "27"),
        (2**70, str(2**70)),
        (27.0, "27"),
        (0.1, "0.1"),
        (b"abc", "abc"),
        (b"\x00\xff", "00ff"),
        (decimal.Decimal("12.50"), "12.50"),
        (datetime.date(2024, 3, 5), "2024-03-05"),
        (datetime.datetime(2024, 3, 5, 18, 0, 5), "2024-03-05 18:00:05"),
        (datetime.datetime(2024, 3, 5, 18, 0, 5, tzinfo=ZONE), "2024-03-05 18:00:05+08:00"),
        (datetime.datetime(2024, 3, 5, 18, 0, 5, 600_000, tzinfo=ZONE), "2024-03-05 18:00:05.6+08:00"),
        (datetime.time(18, 0, 5), "18:00:05"),
        (datetime.timedelta(days=2, hours=3), "51:00:00"),
        (uuid.UUID(int=0x12), "00000000-0000-0000-0000-000000000012"),
        ({"a": 1, "b": "中"}, '{"a": 1, "b": "中"}'),
        ([1, None, "x"], '[1, null, "x"]'),
        (("a", 2), '["a", 2]'),
        ({1, 1}, "{1}"),
        ("\ud800a", "\ufffd\ufffd\ufffda"),
    ],
)
def test_python_values(classifier, value, text):
    assert examples(classifier, [value, None]) == (text,)


def test_values_that_are_none(classifier):
    pandas = pytest.importorskip("pandas")
    assert examples(classifier, [None, float("nan"), decimal.Decimal("nan"), pandas.NaT, pandas.NA]) == ()


def test_short_floats_have_their_own_digits(classifier):
    numpy = pytest.importorskip("numpy")
    assert examples(classifier, [numpy.float32(0.1), numpy.float32(27), numpy.float32("nan")]) == ("0.1", "27")


def test_a_value_without_a_text_names_its_column(classifier):
    class Strange:
        def __str__(self):
            raise RuntimeError("no text")

    with pytest.raises(ts.TableError, match="column `b`.*value 2.*converted to text"):
        classifier.predict({"a": [1], "b": [1, Strange()]})
    itself: list = []
    itself.append(itself)
    assert examples(classifier, [itself]) == ("[[...]]",)


def test_numpy_values(classifier):
    numpy = pytest.importorskip("numpy")
    values = [numpy.int64(7), numpy.float32(0.5), numpy.bool_(True)]
    assert examples(classifier, values) == ("7", "0.5", "true")
    assert examples(classifier, [numpy.array([1, 2]), numpy.datetime64("2024-03-05T18:00")]) == (
        "[1, 2]",
        "2024-03-05 18:00",
    )
    assert examples(classifier, [numpy.datetime64("NaT"), numpy.str_("x")]) == ("x",)


def test_pandas_values(classifier):
    pandas = pytest.importorskip("pandas")
    numpy = pytest.importorskip("numpy")
    moments = pandas.to_datetime(["2024-03-05 18:00:05", None])
    columns = {
        "objects": ([{"a": 1}, {"b": 2}], ('{"a": 1}', '{"b": 2}')),
        "mixed": ([1, "a"], ("1", "a")),
        "lists": ([[1, 2], None], ("[1, 2]",)),
        "categorical": (pandas.Categorical(["red", None]), ("red",)),
        "zoned": (moments.tz_localize("+08:00"), ("2024-03-05 18:00:05+08:00",)),
        "moments": (moments, ("2024-03-05 18:00:05",)),
        "nullable": (pandas.array([27, None], dtype="Int64"), ("27",)),
        "period": (pandas.PeriodIndex(["2024-03", "2024-04"], freq="M"), ("2024-03", "2024-04")),
        "interval": (pandas.interval_range(0, 2), ("(0, 1]", "(1, 2]")),
        "complex": ([1 + 2j, 3j], ("(1+2j)", "3j")),
        "decimals": ([decimal.Decimal("1.50"), None], ("1.50",)),
        "bytes": ([b"abc", None], ("abc",)),
        "floats": ([1.0, numpy.nan], ("1",)),
        "timedelta": (pandas.to_timedelta(["90s", None]), ("00:01:30",)),
        "sparse": (pandas.arrays.SparseArray([0, 5]), ("0", "5")),
    }
    frame = pandas.DataFrame({name: values for name, (values, _) in columns.items()})
    found = classifier.predict(frame)
    assert {column.name: column.examples for column in found} == {name: texts for name, (_, texts) in columns.items()}


def test_polars_values(classifier):
    polars = pytest.importorskip("polars")
    moment = datetime.datetime(2024, 3, 5, 18, 0, 5)
    frame = polars.DataFrame(
        {
            "moment": polars.Series([moment, None]).dt.replace_time_zone("UTC"),
            "category": polars.Series(["red", None], dtype=polars.Categorical),
            "decimal": polars.Series([decimal.Decimal("1.50"), None]),
            "list": [[1, 2], None],
            "struct": [{"a": 1}, {"a": None}],
            "binary": [b"abc", None],
            "time": [datetime.time(1, 2, 3), None],
            "null": [None, None],
            "duration": [datetime.timedelta(seconds=90), None],
        }
    )
    assert {column.name: column.examples for column in classifier.predict(frame)} == {
        "moment": ("2024-03-05 18:00:05+00:00",),
        "category": ("red",),
        "decimal": ("1.50",),
        "list": ("[1, 2]",),
        "struct": ('{"a": 1}', '{"a": null}'),
        "binary": ("abc",),
        "time": ("01:02:03",),
        "null": (),
        "duration": ("00:01:30",),
    }


def test_arrow_values(classifier):
    pyarrow = pytest.importorskip("pyarrow")
    table = pyarrow.table(
        {
            "large": pyarrow.array(["a", None], pyarrow.large_string()),
            "view": pyarrow.array(["a", None], pyarrow.string_view()),
            "map": pyarrow.array([[("k", 1)], None], pyarrow.map_(pyarrow.string(), pyarrow.int32())),
            "half": pyarrow.array([0.5, None], pyarrow.float16()),
            "dictionary": pyarrow.array(["x", None]).dictionary_encode(),
            "runs": pyarrow.RunEndEncodedArray.from_arrays(pyarrow.array([2], pyarrow.int32()), pyarrow.array(["r"])),
            "decimal": pyarrow.array([decimal.Decimal("1.5"), None], pyarrow.decimal256(40, 2)),
            "sliced": pyarrow.array(["z", "a", None])[1:],
        }
    )
    assert {column.name: column.examples for column in classifier.predict(table)} == {
        "large": ("a",),
        "view": ("a",),
        "map": ('{"k": 1}',),
        "half": ("0.5",),
        "dictionary": ("x",),
        "runs": ("r",),
        "decimal": ("1.50",),
        "sliced": ("a",),
    }
    assert classifier.predict(table.slice(1))["large"].examples == ()


def test_a_stream_that_fails_says_why(classifier):
    pyarrow = pytest.importorskip("pyarrow")

    def batches():
        yield pyarrow.record_batch({"a": [1]})
        raise RuntimeError("the source is gone")

    schema = pyarrow.schema({"a": pyarrow.int64()})
    with pytest.raises(ts.TableError, match="the source is gone"):
        classifier.predict(pyarrow.RecordBatchReader.from_batches(schema, batches()))
