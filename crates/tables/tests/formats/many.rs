//! Reading only a sample of the rows of a table.

use tabular_sense_tables::{ReadOptions, Table, tables, tables_from};

use super::path;

fn read(name: &str, options: &ReadOptions) -> Table {
    tables(&path(name), options).expect(name).next().expect(name).expect(name)
}

#[test]
fn a_sample_is_rows_of_the_table_in_its_order() {
    let options = ReadOptions { max_rows: 10, max_scattered_rows: 10, ..ReadOptions::default() };
    for name in
        ["people.parquet", "people.arrow", "people.arrows", "people.avro", "people.json", "people.jsonl", "book.xlsx"]
    {
        let (whole, sample) = (read(name, &ReadOptions::default()), read(name, &options));
        assert_eq!((sample.rows, sample.kept_rows()), (40, 10), "{name}");
        let rows = |table: &Table| -> Vec<Vec<String>> {
            (0..table.kept_rows())
                .map(|row| table.columns.iter().map(|column| column.values[row].clone()).collect())
                .collect()
        };
        let whole = rows(&whole);
        let places: Vec<_> = rows(&sample).iter().map(|row| whole.iter().position(|other| other == row)).collect();
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{name}: {places:?}");
        // The sample is not taken from the first half of the table only.
        assert!(places.iter().flatten().any(|place| *place >= 20), "{name}: {places:?}");
        assert_ne!(rows(&sample), rows(&read(name, &ReadOptions { seed: 5, ..options.clone() })), "{name}");
        assert_eq!(rows(&sample), rows(&read(name, &options)), "{name}");
    }
}

#[test]
fn a_large_table_of_a_database_is_read_in_places() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let database = rusqlite::Connection::open(file.path()).expect("a database");
    database
        .execute_batch(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150000)
             INSERT INTO t SELECT i, 'v' || i FROM n;
             CREATE TABLE gaps (id INTEGER PRIMARY KEY, v TEXT);
             INSERT INTO gaps SELECT id * 1000000, v FROM t WHERE id % 50 = 0;",
        )
        .expect("rows");
    drop(database);
    let options = ReadOptions { max_scattered_rows: 1000, ..ReadOptions::default() };
    let found: Vec<Table> =
        tables(file.path(), &options).expect("a database").map(|table| table.expect("rows")).collect();
    assert!(!found[0].is_counted && (140_000..=150_000).contains(&found[0].rows), "{}", found[0].rows);
    assert!((900..=1000).contains(&found[0].kept_rows()), "{}", found[0].kept_rows());
    let late = found[0].columns[0].values.iter().filter(|id| id.parse::<u64>().expect("a number") > 75_000).count();
    assert!((400..600).contains(&late), "{late}");
    assert!(found[1].kept_rows() >= 900, "{}", found[1].kept_rows());
}

#[test]
fn memory_has_a_limit() {
    let rows: String = (0..20_000).map(|i| format!("{{\"id\": {i}, \"text\": \"{}\"}}\n", "x".repeat(200))).collect();
    let options = ReadOptions { max_bytes: 100_000, ..ReadOptions::default() };
    let table = tables_from(rows.as_bytes(), "f".as_ref(), &options).expect("JSON").next().expect("one").expect("rows");
    assert_eq!(table.rows, 20_000);
    assert!((50..1000).contains(&table.kept_rows()), "{}", table.kept_rows());
    // Each object has a key that no other object has.
    let wide: String = (0..3000).map(|i| format!("{{\"k{i}\": {i}}}\n")).collect();
    let table = tables_from(wide.as_bytes(), "f".as_ref(), &options).expect("JSON").next().expect("one").expect("rows");
    assert!(table.columns.len() == 3000 && table.kept_rows() <= 2, "{}", table.kept_rows());
}
