"""Uses other programs and libraries to write the tables that the readers of `tabular-sense-tables` are tested with.

    pip install openpyxl xlwt odfpy pyarrow duckdb fastavro zstandard msoffcrypto-tool
    python make.py              # needs LibreOffice (`soffice`) as well

The files are in the repository; run this only to change them. Files that contain times or salts differ from run to run.
"""

import bz2, csv, datetime, decimal, gzip, io, json, lzma, os, shutil, sqlite3, struct, subprocess, tempfile, zipfile

import duckdb, fastavro, msoffcrypto.format.ooxml as ooxml, openpyxl, pyarrow as pa, pyarrow.feather, pyarrow.ipc, xlwt, zstandard
import pyarrow.parquet
from odf import opendocument, style, table as odf_table, text as odf_text
from openpyxl.styles import numbers

os.chdir(os.path.dirname(os.path.abspath(__file__)))

NAMES = ["Ann O'Hara", "王芳", "Zoë Müller", "Bob", "José", "Иван", "李强", "Chloé"]
COLUMNS = ["id", "name", "postcode", "birth", "amount", "note"]


def day(i):
    return datetime.date(1980, 1, 1) + datetime.timedelta(days=397 * i)


ROWS = [
    (i, NAMES[i % 8], f"{(i * 1237) % 100000:05}", day(i), round(i * 1.25 + 0.1, 2), None if i % 5 == 0 else f"note {i}, ok")
    for i in range(1, 41)
]


def as_text(value):
    return "" if value is None else str(value)


def people_csv():
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([as_text(cell) for cell in row] for row in ROWS)
    return out.getvalue().encode()


def texts():
    data = people_csv()
    open("people.csv", "wb").write(data)
    open("people.csv.gz", "wb").write(gzip.compress(data, mtime=0))
    open("people.csv.zst", "wb").write(zstandard.compress(data))
    open("people.csv.bz2", "wb").write(bz2.compress(data))
    open("people.csv.xz", "wb").write(lzma.compress(data))
    with zipfile.ZipFile("people.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data/people.csv", data)
        archive.writestr("__MACOSX/data/._people.csv", b"\0\1\2")
        archive.writestr("people.json", json.dumps(records()))
        archive.writestr("logo.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    with zipfile.ZipFile("stored.zip", "w", zipfile.ZIP_STORED) as archive:
        archive.write("people.zip")
        archive.writestr("people.csv", data)


def records():
    return [dict(zip(COLUMNS, [cell.isoformat() if isinstance(cell, datetime.date) else cell for cell in row])) for row in ROWS]


def jsons():
    rows = records()
    json.dump(rows, open("people.json", "w"), ensure_ascii=False, indent=1)
    open("people.jsonl", "w").write("".join(json.dumps(row) + "\n" for row in rows))
    json.dump({c: [row[c] for row in rows] for c in COLUMNS}, open("people.columns.json", "w"))
    json.dump({"columns": COLUMNS, "index": list(range(len(rows))), "data": [list(row.values()) for row in rows]}, open("people.split.json", "w"))
    json.dump([COLUMNS] + [list(row.values()) for row in rows], open("people.arrays.json", "w"))
    json.dump({c: {str(i): row[c] for i, row in enumerate(rows)} for c in COLUMNS}, open("people.pandas.json", "w"))
    nested = {
        "meta": {"version": 3},
        "users": [{"id": i, "address": {"city": NAMES[i], "geo": {"lat": i + 0.5}}, "tags": ["a", i]} for i in range(8)],
        "orders": [{"order": 100 + i, "price": "9.90"} for i in range(5)],
    }
    json.dump(nested, open("nested.json", "w"), indent=1)


def xlsx():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "People"
    sheet.append(COLUMNS)
    for row in ROWS:
        sheet.append(row)
        sheet.cell(sheet.max_row, 4).number_format = "yyyy-mm-dd"
    book.create_sheet("Empty")
    titled = book.create_sheet("Titled")
    titled["C2"] = "Sales of the year"
    titled.merge_cells("C2:G2")
    titled["C3"] = "all amounts in EUR"
    for column, name in enumerate(["Region", "Customer", "Date", "Amount", "Share"]):
        titled.cell(5, 3 + column, name)
    for i in range(12):
        row = ["North" if i % 2 else "South", NAMES[i % 8], datetime.datetime(2024, 3, 1 + i, 18, 30), 1234.5 * (i + 1), 0.125 * (i % 8)]
        for column, (value, code) in enumerate(zip(row, ["General", "@", "dd.mm.yyyy hh:mm", "#,##0.00 [$€-407]", "0.0%"])):
            cell = titled.cell(6 + i, 3 + column, value)
            cell.number_format = code
    titled.cell(18, 3, "Total")
    titled.cell(18, 6, 96291.0).number_format = "#,##0.00 [$€-407]"
    formats = book.create_sheet("Formats")
    formats.append(["code", "value", "dollars", "phone", "time", "long date", "builtin date", "flag", "error", "sum"])
    for i in range(1, 9):
        formats.append([i * 7, i / 3, i * 1000.5, 5551234560 + i, datetime.time(6, i), day(i), day(i), i % 2 == 0, "#N/A", f"=A{i + 1}*2"])
        codes = ["00000", "0.00", '"$"#,##0.00', "(000) 000-0000", "h:mm AM/PM", "d mmmm yyyy", numbers.FORMAT_DATE_XLSX14, "General", "General", "General"]
        for column, code in enumerate(codes):
            formats.cell(i + 1, column + 1).number_format = code
    book.save("book.xlsx")
    ooxml.OOXMLFile(open("book.xlsx", "rb")).encrypt("secret", open("password.xlsx", "wb"))


def xls():
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("People")
    dated = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for column, name in enumerate(COLUMNS):
        sheet.write(0, column, name)
    for i, row in enumerate(ROWS):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(i + 1, column, value, *([dated] if column == 3 else []))
    book.save("people.xls")


def ods():
    book = opendocument.OpenDocumentSpreadsheet()
    sheet = odf_table.Table(name="People")

    def add(cells):
        row = odf_table.TableRow()
        for kind, value, shown in cells:
            options = {"float": {"value": value}, "date": {"datevalue": value}, "percentage": {"value": value}}.get(kind, {})
            cell = odf_table.TableCell(**({"valuetype": kind} if kind else {}), **options)
            if shown:
                cell.addElement(odf_text.P(text=shown))
            row.addElement(cell)
        sheet.addElement(row)

    add([("string", None, name) for name in COLUMNS])
    kinds = ["float", "string", "string", "date", "float", "string"]
    for row in ROWS:
        add([(kind if value is not None else None, value, as_text(value)) for kind, value in zip(kinds, row)])
    row = odf_table.TableRow(numberrowsrepeated=1048535)
    row.addElement(odf_table.TableCell(numbercolumnsrepeated=1024))
    sheet.addElement(row)
    book.spreadsheet.addElement(sheet)
    book.save("people.ods")


def record(number, data=b""):
    def varint(n, width):
        out = b""
        for _ in range(width):
            out += bytes([(n & 0x7F) | (0x80 if n >> 7 else 0)])
            n >>= 7
            if not n:
                return out
        return out

    return varint(number, 2) + varint(len(data), 4) + data


def xlsb():
    shown = [["code", "value", "dollars", "phone", "time", "long date", "builtin date", "flag"]]
    for i in range(1, 9):
        time = (6 * 60 + i) / (24 * 60)
        shown.append([(i * 7, 2), (i / 3, 3), (i * 1000.5, 4), (5551234560.0 + i, 5), (time, 6), (day(i), 7), day(i), i % 2 == 0])
    write_xlsb("people.xlsb", "People", [COLUMNS] + ROWS)
    write_xlsb("formats.xlsb", "Formats", shown)


def write_xlsb(file, sheet_name, rows):
    """Writes a minimal XLSB workbook as specified in [MS-XLSB], because no Python library writes XLSB. A cell is a value, or a
    tuple of a value and a style.
    """

    def wide(text):
        return struct.pack("<I", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")

    codes = {164: "00000", 165: '"$"#,##0.00', 166: "(000) 000-0000", 167: "d mmmm yyyy"}
    styles = [0, 14, 164, 2, 165, 166, 18, 167]

    def cell(column, value, style=0):
        if isinstance(value, datetime.date):
            value, style = (value - datetime.date(1899, 12, 30)).days, style or 1
        head = struct.pack("<II", column, style)
        if isinstance(value, str):
            return record(6, head + wide(value))
        if isinstance(value, bool):
            return record(4, head + bytes([value]))
        if style == 2:  # a whole number in four bytes
            return record(2, head + struct.pack("<i", value << 2 | 2))
        if style == 6:  # the result of a formula
            return record(9, head + struct.pack("<dHI", value, 0, 0))
        return record(5, head + struct.pack("<d", value))

    def row(number, cells):
        head = struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 0)
        cells = [cell if isinstance(cell, tuple) else (cell,) for cell in cells]
        return record(0, head) + b"".join(cell(i, *value) for i, value in enumerate(cells) if value[0] is not None)

    sheet = record(129) + record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, len(rows[0]) - 1)) + record(145)
    sheet += b"".join(row(i, cells) for i, cells in enumerate(rows)) + record(146) + record(130)
    xf = lambda number: record(47, struct.pack("<HHHHHBBHI", 0, number, 0, 0, 0, 0, 0, 0, 0)[:16])
    styles_part = record(278) + record(615, struct.pack("<I", len(codes)))
    styles_part += b"".join(record(44, struct.pack("<H", id) + wide(code)) for id, code in codes.items()) + record(616)
    styles_part += record(626, struct.pack("<I", 1)) + xf(9) + record(627)  # the formats that cell styles are based on
    styles_part += record(617, struct.pack("<I", len(styles))) + b"".join(map(xf, styles)) + record(618) + record(279)
    book = record(131) + record(143) + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide(sheet_name)) + record(144) + record(132)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = lambda items: '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' + "".join(
        f'<Relationship Id="{i}" Type="{kind}/{t}" Target="{target}"/>' for i, t, target in items) + "</Relationships>"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>')
        archive.writestr("_rels/.rels", relations([("rId1", "officeDocument", "xl/workbook.bin")]))
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/_rels/workbook.bin.rels", relations([("rId1", "worksheet", "worksheets/sheet1.bin"), ("rId2", "styles", "styles.bin")]))
        archive.writestr("xl/styles.bin", styles_part)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)


def arrow_table():
    kinds = [pa.int64(), pa.string(), pa.string(), pa.date32(), pa.float64(), pa.string()]
    return pa.table({name: pa.array([row[i] for row in ROWS], kinds[i]) for i, name in enumerate(COLUMNS)})


def columnar():
    people = arrow_table()
    pa.parquet.write_table(people, "people.parquet")
    duckdb.sql("COPY people TO 'people.duckdb.parquet' (FORMAT parquet, COMPRESSION zstd)")
    pa.feather.write_feather(people, "people.feather", compression="zstd")
    with pa.ipc.new_file("people.arrow", people.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_table(people, max_chunksize=16)
    with pa.ipc.new_stream("people.arrows", people.schema) as writer:
        writer.write_table(people)
    at = [datetime.datetime(2024, 3, 5, 18, 0, i, 250000 * (i % 2)) for i in range(6)]
    nested = pa.table({
        "user": pa.array([None if i == 3 else {"name": NAMES[i], "address": {"zip": f"0{i}", "geo": [i, None]}} for i in range(6)]),
        "price": pa.array([decimal.Decimal(f"{i}.50") for i in range(6)], pa.decimal128(9, 2)),
        "at": pa.array(at, pa.timestamp("us")),
        "zoned": pa.array(at, pa.timestamp("ms", tz="+08:00")),
        "kind": pa.array(["a", "b", None, "a", "b", "a"]).dictionary_encode(),
        "uuid": pa.array([bytes([i * 7 % 256] * 15 + [255]) for i in range(6)], pa.binary(16)),
        "map": pa.array([[("k", i)] for i in range(6)], pa.map_(pa.string(), pa.int32())),
        "time": pa.array([datetime.time(6, 30, i) for i in range(6)], pa.time64("us")),
        "small": pa.array([i / 4 for i in range(6)], pa.float32()),
        "nothing": pa.nulls(6),
    })
    pa.parquet.write_table(nested, "nested.parquet", compression="gzip")
    with pa.ipc.new_file("nested.arrow", nested.schema) as writer:
        writer.write_table(nested)


def avro():
    fields = [("id", "long"), ("name", "string"), ("postcode", "string"), ("birth", {"type": "int", "logicalType": "date"}), ("amount", "double"), ("note", ["null", "string"])]
    schema = {"type": "record", "name": "Person", "fields": [{"name": name, "type": kind} for name, kind in fields]}
    with open("people.avro", "wb") as out:
        fastavro.writer(out, schema, [dict(zip(COLUMNS, row)) for row in ROWS], codec="deflate")
    nested = {"type": "record", "name": "Order", "namespace": "shop", "fields": [
        {"name": "customer", "type": {"type": "record", "name": "Customer", "fields": [
            {"name": "name", "type": "string"}, {"name": "city", "type": ["null", "string"]}]}},
        {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["NEW", "PAID"]}},
        {"name": "tags", "type": {"type": "array", "items": "string"}},
        {"name": "next", "type": ["null", "Order"], "default": None}]}
    utc = datetime.timezone.utc
    rows = [{"customer": {"name": NAMES[i], "city": None if i == 1 else "Bern"}, "price": decimal.Decimal(f"-{i}.25"),
             "at": datetime.datetime(2024, 3, 5, 18, 0, i, tzinfo=utc), "state": "PAID" if i % 2 else "NEW", "tags": ["x", "y"][:i], "next": None} for i in range(3)]
    rows[0]["next"] = dict(rows[1])
    with open("nested.avro", "wb") as out:
        fastavro.writer(out, nested, rows)


def sqlite():
    for name in ["people.sqlite", "people.sqlite-wal", "people.sqlite-shm"]:
        if os.path.exists(name):
            os.remove(name)
    database = sqlite3.connect("people.sqlite")
    database.executescript("""
        CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, postcode VARCHAR(5), birth DATE, amount REAL, note TEXT);
        CREATE VIEW adults AS SELECT id, name FROM people WHERE birth < '2000-01-01';
        CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n;
        CREATE VIEW broken AS SELECT missing FROM people;
        CREATE TABLE "odd ""name" (k TEXT PRIMARY KEY, v BLOB) WITHOUT ROWID;
        CREATE TABLE empty (a INTEGER);
    """)
    database.executemany("INSERT INTO people VALUES (?, ?, ?, ?, ?, ?)", [tuple(cell.isoformat() if isinstance(cell, datetime.date) else cell for cell in row) for row in ROWS])
    database.executemany('''INSERT INTO "odd ""name" VALUES (?, ?)''', [("a", b"\x00\xff"), ("b", b"text")])
    database.commit()
    database.execute("VACUUM")
    database.close()


def libreoffice():
    """Converts the workbook with LibreOffice."""
    with tempfile.TemporaryDirectory() as folder:
        for kind in ["xlsx", "xls", "ods"]:
            subprocess.run(["soffice", "--headless", "--convert-to", kind, "--outdir", folder, "book.xlsx"], check=True)
            shutil.move(f"{folder}/book.{kind}", f"libreoffice.{kind}")


people = arrow_table()
texts(), jsons(), xlsx(), xls(), ods(), xlsb(), columnar(), avro(), sqlite(), libreoffice()
