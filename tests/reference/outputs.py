"""Checks the output of `predict --format …` with the tools that the formats are meant for.

    pip install frictionless csvw openlineage-python 'dbt-core<1.9' 'dbt-duckdb<1.9'
    python outputs.py target/release/tabular-sense

A tool that is not installed is named and skipped. The tables are those in `tables/`.
"""

import importlib.util, json, os, pathlib, shutil, subprocess, sys, tempfile

TABLES = pathlib.Path(__file__).resolve().parent / "tables"
PROGRAM = os.path.abspath(sys.argv[1])


def predict(folder, format, *files):
    return subprocess.run([PROGRAM, "predict", "--format", format, *files], cwd=folder, check=True, capture_output=True, text=True).stdout


def csv_files(folder):
    """Writes two tables, the second with another delimiter and encoding, and returns their names."""
    text = (TABLES / "people.csv").read_text()
    (folder / "people.csv").write_text(text)
    rows = ["工号;姓名;年龄", *(f"{100 + i};{name};{20 + i}" for i, name in enumerate(["王芳", "李强", "张伟", "刘洋", "陈静"] * 4))]
    (folder / "staff.csv").write_bytes("\r\n".join(rows).encode("gb18030"))
    return ["people.csv", "staff.csv"]


def frictionless(folder):
    import frictionless

    files = csv_files(folder)
    for names in [files[:1], files]:
        (folder / "out.json").write_text(predict(folder, "table-schema", *names))
        if len(names) == 1:
            report = frictionless.validate(names[0], schema=frictionless.Schema.from_descriptor("out.json"))
        else:
            report = frictionless.validate("out.json", type="package")
        assert report.valid and report.stats["tasks"] == len(names), report.flatten(["type", "message"])


def csvw(folder):
    import csvw

    for names in [csv_files(folder)[:1], csv_files(folder)]:
        (folder / "out.json").write_text(predict(folder, "csvw", *names))
        found = csvw.CSVW(str(folder / "out.json"), validate=True)
        assert found.is_valid and not found.warnings, [str(warning.message) for warning in found.warnings]
        assert [len(list(table.iterdicts())) for table in found.tables] == [40, 20][: len(names)]


def openlineage(folder):
    """The OpenLineage client creates the same event from the same content, except for versions and empty lists."""
    from openlineage.client import event_v2, serde
    from openlineage.client.generated import schema_dataset, tags_dataset

    def without_versions(value):
        if isinstance(value, dict):
            return {key: without_versions(item) for key, item in value.items() if key not in ("_schemaURL", "_producer", "schemaURL") and item != []}
        return [without_versions(item) for item in value] if isinstance(value, list) else value

    shutil.copy(TABLES / "book.xlsx", folder)
    lines = predict(folder, "openlineage", "book.xlsx").splitlines()
    assert len(lines) == 3
    for line in lines:
        event = json.loads(line)
        dataset, facets = event["dataset"], event["dataset"]["facets"]
        made = {"schema": schema_dataset.SchemaDatasetFacet([schema_dataset.SchemaDatasetFacetFields(**f) for f in facets["schema"]["fields"]])}
        if "tags" in facets:
            made["tags"] = tags_dataset.TagsDatasetFacet([tags_dataset.TagsDatasetFacetFields(**tag) for tag in facets["tags"]["tags"]])
        made = event_v2.DatasetEvent(
            eventTime=event["eventTime"], producer=event["producer"],
            dataset=event_v2.StaticDataset(dataset["namespace"], dataset["name"], facets=made))
        assert without_versions(json.loads(serde.Serde.to_json(made))) == without_versions(event), line


def dbt(folder):
    shutil.copy(TABLES / "book.xlsx", folder)
    (folder / "models").mkdir()
    (folder / "models" / "schema.yml").write_text(predict(folder, "dbt", "book.xlsx", *csv_files(folder)))
    (folder / "dbt_project.yml").write_text("name: check\nversion: 1.0.0\nprofile: check\n")
    (folder / "profiles.yml").write_text("check: {target: here, outputs: {here: {type: duckdb}}}\n")
    command = [os.path.join(os.path.dirname(sys.executable), "dbt"), "--no-send-anonymous-usage-stats", "parse", "--profiles-dir", "."]
    parsed = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert parsed.returncode == 0, parsed.stdout + parsed.stderr
    sources = json.loads((folder / "target" / "manifest.json").read_text())["sources"].values()
    assert len(sources) == 5, [source["name"] for source in sources]
    name = next(source for source in sources if source["name"] == "people")["columns"]["name"]
    assert name["tags"] == ["name", "personal"] and name["meta"]["tabular_sense"]["types"] == ["name"], name


for module, check in [("frictionless", frictionless), ("csvw", csvw), ("openlineage.client", openlineage), ("dbt.adapters.duckdb", dbt)]:
    try:
        found = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        found = None
    if found is None:
        print(f"{module.split('.')[0]} is not installed: left out")
        continue
    with tempfile.TemporaryDirectory() as folder:
        # The paths in a data package are relative to the current folder; frictionless accepts no absolute ones.
        os.chdir(folder)
        check(pathlib.Path(folder))
        os.chdir("/")
    print(f"{check.__name__}: valid")
