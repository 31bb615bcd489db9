"""Writes files for measuring how fast tables are read: FOLDER/wide.parquet (1 GB, 200 columns) and FOLDER/large.xlsx
(about 100 MB).

    pip install pyarrow numpy
    python benches/tables/files.py FOLDER
"""

import os, sys, zipfile

import numpy as np, pyarrow as pa, pyarrow.parquet

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
random = np.random.default_rng(1)


def parquet():
    rows, columns = 125_000, 200
    words = np.array([f"{a} {b}" for a in ["Ann", "Bob", "Cleo", "王芳", "Иван"] for b in range(2000)])

    def batch():
        arrays = {}
        for i in range(columns):
            kind = i % 4
            if kind == 0:
                arrays[f"c{i}"] = random.random(rows)
            elif kind == 1:
                arrays[f"c{i}"] = random.integers(0, 1 << 40, rows)
            elif kind == 2:
                arrays[f"c{i}"] = words[random.integers(0, len(words), rows)]
            else:
                arrays[f"c{i}"] = np.array(random.integers(0, 1 << 31, rows), "datetime64[s]")
        return pa.table(arrays)

    first = batch()
    with pa.parquet.ParquetWriter(f"{folder}/wide.parquet", first.schema) as writer:
        writer.write_table(first)
        while os.path.getsize(f"{folder}/wide.parquet") < 1 << 30:
            writer.write_table(batch())


def xlsx():
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    relations = lambda target, of: f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{kind}/{of}" Target="{target}"/></Relationships>'
    with zipfile.ZipFile(f"{folder}/large.xlsx", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("_rels/.rels", relations("xl/workbook.xml", "officeDocument"))
        archive.writestr("xl/workbook.xml", f'<workbook xmlns:r="{kind}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>')
        archive.writestr("xl/_rels/workbook.xml.rels", relations("worksheets/sheet1.xml", "worksheet"))
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(b"<worksheet><sheetData>")
            row = 0
            while row < 1_000_000 and os.path.getsize(f"{folder}/large.xlsx") < 100 << 20:
                values = random.random((1000, 10))
                lines = []
                for line in values:
                    row += 1
                    cells = "".join(f'<c r="{chr(65 + i)}{row}"><v>{v:.9f}</v></c>' for i, v in enumerate(line))
                    lines.append(f'<row r="{row}">{cells}<c r="K{row}" t="inlineStr"><is><t>name {row}</t></is></c></row>')
                sheet.write("".join(lines).encode())
            sheet.write(b"</sheetData></worksheet>")


parquet()
xlsx()
