//! Cells give the text that a program displays; tables are found below titles, in nested data and in mislabelled files.

use super::{column, names, part, read, try_read};

#[test]
fn cells_of_a_workbook_are_as_they_are_shown() {
    // What the built-in date format displays depends on the locale; LibreOffice replaces it with the format of its own locale.
    for (file, builtin_date) in [
        ("book.xlsx", "1981-02-01"),
        ("libreoffice.xlsx", "2/1/1981"),
        ("libreoffice.ods", "2/1/1981"),
        ("libreoffice.xls", "2/1/1981"),
        ("formats.xlsb", "1981-02-01"),
    ] {
        let table = part(file, "Formats");
        for (name, expected) in [
            ("code", "00007"),
            ("value", "0.33"),
            ("dollars", "$1,000.50"),
            ("phone", "(555) 123-4561"),
            ("time", "6:01 AM"),
            ("long date", "1 February 1981"),
            ("builtin date", builtin_date),
            ("flag", "FALSE"),
        ] {
            assert_eq!(column(&table, name)[0], expected, "{file}: {name}");
        }
        if file != "formats.xlsb" {
            assert_eq!(column(&table, "error")[0], "#N/A", "{file}");
        }
    }
}

#[test]
fn workbooks_of_another_program_hold_the_same_tables() {
    for file in ["libreoffice.xlsx", "libreoffice.ods", "libreoffice.xls"] {
        let (found, expected) = (part(file, "People"), part("book.xlsx", "People"));
        for (found, expected) in found.columns.iter().zip(&expected.columns) {
            assert_eq!((&found.name, &found.values), (&expected.name, &expected.values), "{file}");
        }
        let titled = part(file, "Titled");
        assert_eq!((titled.rows, titled.passed_over.preamble, titled.passed_over.totals), (12, 2, 1), "{file}");
    }
}

#[test]
fn a_table_in_the_middle_of_a_sheet_is_found() {
    let table = part("book.xlsx", "Titled");
    assert_eq!(names(&table), ["Region", "Customer", "Date", "Amount", "Share"]);
    assert_eq!((table.rows, table.passed_over.preamble, table.passed_over.totals), (12, 2, 1));
    for table in [table, part("libreoffice.xls", "Titled")] {
        assert_eq!(column(&table, "Date")[0], "01.03.2024 18:30");
        assert_eq!(column(&table, "Amount")[1], "2,469.00 €");
        assert_eq!(column(&table, "Share")[1], "12.5%");
    }
    // A sheet without cells is not a table.
    let sheets: Vec<String> = read("book.xlsx").into_iter().map(|table| table.name).collect();
    assert_eq!(sheets, ["People", "Titled", "Formats"]);
}

#[test]
fn objects_in_json_become_columns_and_arrays_tables() {
    let tables = read("nested.json");
    let titles: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(titles, ["users", "orders"]);
    assert_eq!(names(&tables[0]), ["id", "address.city", "address.geo.lat", "tags"]);
    assert_eq!(column(&tables[0], "address.geo.lat")[1], "1.5");
    assert_eq!(column(&tables[0], "tags")[1], "[\"a\", 1]");
    assert_eq!(column(&tables[1], "price")[0], "9.90");
}

#[test]
fn structs_in_parquet_and_arrow_become_columns() {
    for name in ["nested.parquet", "nested.arrow"] {
        let table = read(name).remove(0);
        let expected = [
            ("user.name", ["Bob", ""]),
            ("user.address.zip", ["03", ""]),
            ("user.address.geo", ["[3, null]", ""]),
            ("price", ["3.50", "3.50"]),
        ];
        assert_eq!(column(&table, "user.name")[3], "", "{name}");
        assert_eq!(column(&table, "user.address.geo")[2], "[2, null]");
        assert_eq!(expected[3].1[0], column(&table, "price")[3]);
        assert_eq!(column(&table, "at")[1], "2024-03-05 18:00:01.25");
        assert_eq!(column(&table, "zoned")[0], "2024-03-06 02:00:00+08:00");
        assert_eq!(column(&table, "kind"), ["a", "b", "", "a", "b", "a"]);
        assert_eq!(column(&table, "uuid")[1], "07070707-0707-0707-0707-0707070707ff");
        assert_eq!(column(&table, "map")[4], "{\"k\": 4}");
        assert_eq!(column(&table, "time")[2], "06:30:02");
        assert_eq!(column(&table, "small")[1], "0.25");
        assert_eq!(column(&table, "nothing"), [""; 6]);
        let kind = table.columns.iter().find(|column| column.name == "kind").and_then(|column| column.declared.clone());
        assert_eq!(kind.as_deref(), Some("Utf8"));
    }
}

#[test]
fn records_in_avro_become_columns() {
    let table = read("nested.avro").remove(0);
    assert_eq!(names(&table), ["customer.name", "customer.city", "price", "at", "state", "tags", "next"]);
    assert_eq!(column(&table, "customer.city"), ["Bern", "", "Bern"]);
    assert_eq!(column(&table, "price"), ["-0.25", "-1.25", "-2.25"]);
    assert_eq!(column(&table, "at")[2], "2024-03-05 18:00:02+00:00");
    assert_eq!(column(&table, "state"), ["NEW", "PAID", "NEW"]);
    assert_eq!(column(&table, "tags"), ["[]", "[\"x\"]", "[\"x\", \"y\"]"]);
    assert!(column(&table, "next")[0].starts_with("{\"customer\": {\"name\": "), "{:?}", column(&table, "next"));
}

#[test]
fn tables_and_views_of_a_database_are_read() {
    let tables = try_read("people.sqlite");
    let found: Vec<&str> = tables.iter().flatten().map(|table| table.name.as_str()).collect();
    assert_eq!(found, ["people", "odd \"name", "empty", "adults", "endless"]);
    let broken = tables.iter().find_map(|table| table.as_ref().err()).expect("a view that is broken").to_string();
    assert!(broken.contains("people.sqlite / broken") && broken.contains("missing"), "{broken}");
    let table = |name: &str| tables.iter().flatten().find(|table| table.name == name).expect(name);
    assert!(!table("endless").is_counted && table("endless").kept_rows() > 1000);
    assert_eq!(column(table("odd \"name"), "v"), ["00ff", "text"]);
    assert_eq!((table("empty").rows, names(table("empty"))), (0, vec!["a"]));
}

#[test]
fn a_page_that_calls_itself_a_workbook_is_read() {
    let page = "<html><body><table><tr><td>name</td><td>age</td></tr><tr><td>Ann &amp; Co</td><td>27</td></tr>\
                <tr><td>Bob</td><td>31</td></tr></table></body></html>";
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("export.xls");
    std::fs::write(&path, page).expect("a file");
    let mut found = tabular_sense_tables::tables(&path, &Default::default()).expect("a page");
    let table = found.next().expect("a table").expect("a table");
    assert_eq!((table.format, names(&table), table.rows), ("HTML", vec!["name", "age"], 2));
    assert_eq!(column(&table, "name"), ["Ann & Co", "Bob"]);
    assert!(table.remarks()[0].to_string().contains(".xls"), "{:?}", table.remarks());
}
