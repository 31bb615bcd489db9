"""Values of every kind are converted to text, or cause an error that names the column."""

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


def arrow_arrays(pyarrow):
    """An array of each type that PyArrow can create: the name of the type, the array, and the text of its first value."""
    moment, noon = datetime.datetime(2024, 3, 5, 1, 2, 3), datetime.time(1, 2, 3)
    number, text = pyarrow.array([1, 2]), pyarrow.array(["a", "b"])
    codes = pyarrow.array([0, 1], pyarrow.int8())
    yield "null", pyarrow.nulls(2), None
    yield "bool", pyarrow.array([True, False]), "true"
    for name in ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]:
        yield name, pyarrow.array([1, 2], getattr(pyarrow, name)()), "1"
    for name in ["float16", "float32", "float64"]:
        yield name, pyarrow.array([1.5, 2.5], getattr(pyarrow, name)()), "1.5"
    for name in ["decimal32", "decimal64", "decimal128", "decimal256"]:
        if hasattr(pyarrow, name):
            yield name, pyarrow.array([decimal.Decimal("1.50")] * 2, getattr(pyarrow, name)(9, 2)), "1.50"
    yield "negative scale", pyarrow.array([decimal.Decimal(100)] * 2, pyarrow.decimal128(5, -2)), "100"
    for name in ["string", "large_string", "string_view"]:
        yield name, pyarrow.array(["a", "b"], getattr(pyarrow, name)()), "a"
    for name in ["binary", "large_binary", "binary_view"]:
        yield name, pyarrow.array([b"\xff", b"b"], getattr(pyarrow, name)()), "ff"
    yield "fixed-size binary", pyarrow.array([b"abc", b"\xff\x00\x01"], pyarrow.binary(3)), "abc"
    yield "date32", pyarrow.array([moment.date()] * 2, pyarrow.date32()), "2024-03-05"
    yield "date64", pyarrow.array([moment.date()] * 2, pyarrow.date64()), "2024-03-05"
    for kind, unit in [("time32", "s"), ("time32", "ms"), ("time64", "us"), ("time64", "ns")]:
        yield f"{kind} {unit}", pyarrow.array([noon] * 2, getattr(pyarrow, kind)(unit)), "01:02:03"
    for unit in ["s", "ms", "us", "ns"]:
        yield f"timestamp {unit}", pyarrow.array([moment] * 2, pyarrow.timestamp(unit)), "2024-03-05 01:02:03"
        zoned = pyarrow.array([moment] * 2, pyarrow.timestamp(unit, "+08:00"))
        yield f"timestamp {unit} in a zone", zoned, "2024-03-05 09:02:03+08:00"
        yield f"duration {unit}", pyarrow.array([datetime.timedelta(seconds=90)] * 2, pyarrow.duration(unit)), "00:01:30"
    yield "interval", pyarrow.array([pyarrow.MonthDayNano([1, 2, 3_000_000_000])] * 2), "P1M2DT3S"
    yield "list", pyarrow.array([[1, None], [2]]), "[1, null]"
    for name in ["large_list", "list_view", "large_list_view"]:
        yield name, pyarrow.array([["a"], ["b"]], getattr(pyarrow, name)(pyarrow.string())), '["a"]'
    yield "fixed-size list", pyarrow.array([[1, 2], [3, 4]], pyarrow.list_(pyarrow.int64(), 2)), "[1, 2]"
    yield "struct", pyarrow.array([{"a": 1, "b": "x"}] * 2), '{"a": 1, "b": "x"}'
    yield "map", pyarrow.array([[("k", 1)], []], pyarrow.map_(pyarrow.string(), pyarrow.int64())), '{"k": 1}'
    for name, values in {"texts": text, "numbers": number, "moments": pyarrow.array([moment] * 2), "lists": pyarrow.array([[1], [2]])}.items():
        first = {"texts": "a", "numbers": "1", "moments": "2024-03-05 01:02:03", "lists": "[1]"}[name]
        yield f"dictionary of {name}", pyarrow.DictionaryArray.from_arrays(codes, values), first
        runs = pyarrow.RunEndEncodedArray.from_arrays(pyarrow.array([1, 2], pyarrow.int32()), values)
        yield f"runs of {name}", runs, first
    encoded = pyarrow.DictionaryArray.from_arrays(codes, text.dictionary_encode())
    yield "dictionary of a dictionary", encoded, "a"
    sparse = pyarrow.UnionArray.from_sparse(codes, [number, text])
    yield "sparse union", sparse, "1"
    yield "dense union", pyarrow.UnionArray.from_dense(codes, pyarrow.array([0, 0], pyarrow.int32()), [number, text]), "1"
    pair = pyarrow.array([0, 2], pyarrow.int32())
    yield "list of a union", pyarrow.ListArray.from_arrays(pair, sparse), '[1, "b"]'
    nothing = pyarrow.RunEndEncodedArray.from_arrays(pyarrow.array([1, 2], pyarrow.int32()), pyarrow.array([7, None]))
    yield "list of runs", pyarrow.ListArray.from_arrays(pair, nothing), "[7, null]"
    yield "list of a dictionary", pyarrow.ListArray.from_arrays(pair, number.dictionary_encode()), "[1, 2]"
    yield "list of nothing", pyarrow.array([[None]], pyarrow.list_(pyarrow.null())), "[null]"
    if hasattr(pyarrow, "uuid"):
        yield "uuid", pyarrow.array([uuid.UUID(int=0x12).bytes], pyarrow.uuid()), "00000000-0000-0000-0000-000000000012"
    if hasattr(pyarrow, "json_"):
        yield "json", pyarrow.array(['{"a":1}'], pyarrow.json_(pyarrow.string())), '{"a":1}'

    class Kilograms(pyarrow.ExtensionType):
        def __init__(self):
            super().__init__(pyarrow.float64(), "test.kilograms")

        def __arrow_ext_serialize__(self):
            return b""

        @classmethod
        def __arrow_ext_deserialize__(cls, storage, serialized):
            return cls()

    yield "extension", pyarrow.ExtensionArray.from_storage(Kilograms(), pyarrow.array([1.5])), "1.5"


def test_every_arrow_type(classifier):
    pyarrow = pytest.importorskip("pyarrow")
    found = {name: classifier.predict(pyarrow.table({"x": array}))["x"].examples[:1] for name, array, _ in arrow_arrays(pyarrow)}
    expected = {name: () if first is None else (first,) for name, _, first in arrow_arrays(pyarrow)}
    assert found == expected


def test_a_type_that_arrow_does_not_know_names_its_column(classifier):
    polars = pytest.importorskip("polars")
    numbers = polars.Series("big", [1, 2], dtype=polars.Int128)
    frame = polars.DataFrame([polars.Series("nl", [27, 31]), numbers])
    assert classifier.predict(frame)["big"].examples == ("1", "2")

    class Stream:
        def __arrow_c_stream__(self, requested_schema=None):
            return frame.__arrow_c_stream__(requested_schema)

    with pytest.raises(ts.TableError) as raised:
        classifier.predict(Stream())
    assert str(raised.value) == (
        "column 2 (`big`) is of the Arrow type `_pli128`, which is not supported\n"
        "hint: cast the column to another type, such as text, or leave it out"
    )


def test_polars_types_within_others(classifier):
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(
        [
            polars.Series("list", [[1], [2]], dtype=polars.List(polars.Int128)),
            polars.Series("struct", [{"a": 1}, {"a": 2}], dtype=polars.Struct({"a": polars.Int128})),
            # `[null]` is not shown as an example if the column has other values.
            polars.Series("nothing", [[None], []], dtype=polars.List(polars.Null)),
        ]
    )
    found = classifier.predict(frame)
    assert [column.examples for column in found] == [("[1]", "[2]"), ('{"a": 1}', '{"a": 2}'), ("[]",)]
