"""Every kind of table gives the same answer."""

from __future__ import annotations

import csv
import pathlib
import sys

import pytest

import tabular_sense as ts


def test_dict_and_records(classifier, people, types):
    records = [dict(zip(people, row)) for row in zip(*people.values())]
    assert classifier.predict(people).types == types
    assert classifier.predict(records) == classifier.predict(people)
    assert classifier.predict(records).rows == 3


def test_pandas(classifier, people, types):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(people)
    assert classifier.predict(frame) == classifier.predict(people)
    indexed = frame.set_index(pandas.Index(["a", "b", "c"], name="key"))
    assert classifier.predict(indexed).types == types
    assert classifier.predict(frame["tel"]).types == {"tel": ["phone"]}


def test_pandas_without_pyarrow(classifier, people, monkeypatch):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({**people, "born": pandas.to_datetime(["1990-05-17", "1988-01-02", None])})
    expected = classifier.predict(frame)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert classifier.predict(frame).types == expected.types


def test_pandas_names_may_repeat_and_be_of_any_kind(classifier):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame([[27, "a@b.com"], [31, "c@d.org"]], columns=["x", "x"])
    assert [column.name for column in classifier.predict(frame)] == ["x", "x"]
    frame.columns = pandas.Index([7, None], dtype=object)
    assert [column.name for column in classifier.predict(frame)] == ["7", ""]
    frame.columns = pandas.MultiIndex.from_tuples([("contact", "age"), ("contact", "mail")])
    assert [column.name for column in classifier.predict(frame)] == ["contact age", "contact mail"]
    assert list(frame.columns) == [("contact", "age"), ("contact", "mail")], "the frame is left as it was"


def test_polars(classifier, people):
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(people)
    assert classifier.predict(frame) == classifier.predict(people)
    assert classifier.predict(frame["tel"]).types == {"tel": ["phone"]}
    with pytest.raises(ts.UnsupportedTableError, match="collect"):
        classifier.predict(frame.lazy())
    mixed = frame.with_columns(polars.Series("any", [object(), {"a": 1}, None], dtype=polars.Object))
    assert len(classifier.predict(mixed)) == 6


def test_pyarrow(classifier, people):
    pyarrow = pytest.importorskip("pyarrow")
    table = pyarrow.table(people)
    expected = classifier.predict(people)
    assert classifier.predict(table) == expected
    assert classifier.predict(table.to_batches()[0]) == expected
    assert classifier.predict(table.to_reader()) == expected
    many = pyarrow.concat_tables([table.slice(row, 1) for row in range(3)])
    assert many.column(0).num_chunks == 3
    assert classifier.predict(many) == expected


def test_duckdb(classifier, people):
    duckdb = pytest.importorskip("duckdb")
    pyarrow = pytest.importorskip("pyarrow")
    connection = duckdb.connect()
    connection.register("people", pyarrow.table(people))
    assert classifier.predict(connection.sql("select * from people")) == classifier.predict(people)
    assert classifier.predict(connection.sql("select tel from people where id > 1")).rows == 2


def test_numpy(classifier, people):
    numpy = pytest.importorskip("numpy")
    rows = list(zip(*people.values()))
    kinds = [("id", "i4"), ("name", "U4"), ("nl", "i8"), ("tel", "U11"), ("status", "U4")]
    assert classifier.predict(numpy.array(rows, dtype=kinds)) == classifier.predict(people)
    assert len(classifier.predict(numpy.array([[1.5, 2.5], [3.5, 4.5]]))) == 2
    with pytest.raises(ts.UnsupportedTableError, match="3 dimensions"):
        classifier.predict(numpy.zeros((2, 2, 2)))
    moments = numpy.array([("2024-03-05T18:00:05.5",), ("NaT",)], dtype=[("created", "M8[ns]")])
    assert classifier.predict(moments)["created"].examples == ("2024-03-05 18:00:05.5",)


def test_files(classifier, people, types, tmp_path):
    path = tmp_path / "people.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(people)
        writer.writerows(zip(*people.values()))
    found = classifier.predict(path)
    assert found.types == types and found.rows == 3
    assert found == classifier.predict(people)
    assert classifier.predict(str(path), header=False).rows == 4
    with pytest.raises(ts.TableError, match="no-such.csv"):
        classifier.predict(tmp_path / "no-such.csv")


def test_addresses(classifier, tmp_path):
    """The error says that the address cannot be reached, or how to get a package that supports it."""
    for address in ["http://127.0.0.1:9/people.csv", "postgres://ann@127.0.0.1:9/shop"]:
        with pytest.raises(ts.TableError, match="cannot be reached|built without them") as raised:
            classifier.predict_all(address, time_limit=5)
        text = str(raised.value)
        assert text.splitlines()[-1] in (
            'hint: install it with MATURIN_PEP517_ARGS="--features full" pip install ./crates/python',
            "hint: check the host and the port, and whether the server is running",
            "hint: check the address and the network",
        )
    with pytest.raises(ts.TableError, match="ftp://example.com/a.csv is an address"):
        classifier.predict("ftp://example.com/a.csv")
    with pytest.raises(ts.TableError, match="taken a slash"):
        classifier.predict(pathlib.PurePosixPath("s3://bucket/a.csv"))
    with pytest.raises(ValueError, match="time_limit = 0"):
        classifier.predict(tmp_path / "a.csv", time_limit=0)
    with pytest.raises(ValueError, match="time_limit.*files only"):
        classifier.predict({"nl": [1]}, time_limit=5)


def test_tables_of_a_database_are_chosen_and_passed_over(classifier, tmp_path):
    sqlite3 = pytest.importorskip("sqlite3")
    path = tmp_path / "shop.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("create table people as select 27 as nl")
        database.execute("create table phones as select '13824719365' as tel")
        database.execute("create view broken as select * from gone")
    assert set(classifier.predict_all(path, tables="p*")) == {"people", "phones"}
    assert set(classifier.predict_all(f"sqlite:{path}", tables=["people"])) == {"people"}
    with pytest.raises(ts.TableError, match="broken"):
        classifier.predict_all(path)
    with pytest.warns(UserWarning, match="broken"):
        assert set(classifier.predict_all(path, on_error="warn")) == {"people", "phones"}
    with pytest.raises(ValueError, match="on_error = 'no'"):
        classifier.predict_all(path, on_error="no")


def test_files_with_several_tables(classifier, people, types, tmp_path):
    sqlite3 = pytest.importorskip("sqlite3")
    path = tmp_path / "shop.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("create table people (id int, name text, nl int, tel text, status text)")
        database.executemany("insert into people values (?, ?, ?, ?, ?)", list(zip(*people.values())))
        database.execute("create table phones as select tel from people")
    found = classifier.predict_all(path)
    assert {name: table.types for name, table in found.items()} == {"people": types, "phones": {"tel": ["phone"]}}
    assert classifier.predict(path, part="people") == found["people"]
    with pytest.raises(ts.TableError, match="2 tables: `people`, `phones`"):
        classifier.predict(path)
    with pytest.raises(ts.TableError, match="no table `nobody`"):
        classifier.predict(path, part="nobody")


def test_parquet_gives_what_the_frame_gives(classifier, people, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    pyarrow = pytest.importorskip("pyarrow")
    table = pyarrow.table(people)
    parquet.write_table(table, tmp_path / "people.parquet")
    assert classifier.predict(tmp_path / "people.parquet") == classifier.predict(table)


def test_any_object_with_an_arrow_stream(classifier, people):
    pyarrow = pytest.importorskip("pyarrow")

    class Frame:
        def __arrow_c_stream__(self, requested_schema=None):
            return pyarrow.table(people).__arrow_c_stream__(requested_schema)

    assert classifier.predict(Frame()) == classifier.predict(people)


def test_a_sample_is_read_of_long_tables(classifier):
    pyarrow = pytest.importorskip("pyarrow")
    numbers = list(range(50_000))
    values = {"row": numbers, "tel": [str(13_800_000_000 + number) for number in numbers]}
    expected = classifier.predict(values, max_rows=500)
    table = pyarrow.table(values)
    in_pieces = pyarrow.Table.from_batches(table.to_batches(max_chunksize=777))
    assert classifier.predict(table, max_rows=500) == expected
    assert classifier.predict(in_pieces, max_rows=500) == expected
    assert expected.rows == 50_000
    assert expected["row"].examples != classifier.predict(values, max_rows=3)["row"].examples


def test_what_is_no_table(classifier):
    for strange in (5, None, object(), {1, 2}):
        with pytest.raises(ts.UnsupportedTableError, match="expected"):
            classifier.predict(strange)
        with pytest.raises(TypeError):
            classifier.predict(strange)
    with pytest.raises(ts.TableError, match="column `a`"):
        classifier.predict({"a": "text"})
    with pytest.raises(ts.UnsupportedTableError, match="record 1 of the list is of type int"):
        classifier.predict([1, 2])


def test_empty_tables(classifier):
    pandas = pytest.importorskip("pandas")
    for empty in ({}, [], pandas.DataFrame()):
        assert len(classifier.predict(empty)) == 0
    named = classifier.predict(pandas.DataFrame({"身份证号": [], "email": []}))
    assert named.rows == 0 and named["身份证号"].has("id_card") and named["身份证号"].from_name_only


def test_a_record_that_is_none(classifier):
    with pytest.raises(ts.UnsupportedTableError, match="record 2 of the list is of type NoneType"):
        classifier.predict([{"nl": 27}, None])


def test_arguments_for_other_tables_are_refused(classifier, people, tmp_path):
    with pytest.raises(ValueError, match="delimiter = ';': this argument is for files only"):
        classifier.predict(people, delimiter=";")
    path = tmp_path / "people.csv"
    path.write_text("nl\n27\n", "utf-8")
    with pytest.raises(ValueError, match="max_rows = 5: this argument is for data frames only"):
        classifier.predict(path, max_rows=5)
    with pytest.raises(ValueError, match="skip_rows = -1"):
        classifier.predict(path, skip_rows=-1)


def offsets(*numbers):
    pyarrow = pytest.importorskip("pyarrow")
    return pyarrow.array(numbers, pyarrow.int32()).buffers()[1]


@pytest.mark.parametrize(
    ("numbers", "text"),
    [((0, 1, 900, 3), b"abc"), ((0, -5, 2, 3), b"abc"), ((0, 1, 2, 3), b"a\xffc")],
)
def test_a_stream_that_contradicts_itself_names_its_column(classifier, numbers, text):
    pyarrow = pytest.importorskip("pyarrow")
    broken = pyarrow.StringArray.from_buffers(3, offsets(*numbers), pyarrow.py_buffer(text))
    table = pyarrow.table({"nl": pyarrow.array(["27", "31", "45"]), "broken": broken})
    with pytest.raises(ts.TableError, match="column 2 .`broken`. cannot be read"):
        classifier.predict(table)


def test_long_integers_of_polars(classifier):
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"big": [2**100, None], "nl": [27, 31]}, schema={"big": polars.Int128, "nl": polars.Int64})
    assert classifier.predict(frame)["big"].examples == (str(2**100),)
