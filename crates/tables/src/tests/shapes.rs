use super::{names, read, read_with_header, rows, try_read, values};
use crate::record::CELLS_LIMIT;
use crate::{Header, ReadOptions, Remark, RemarkKind};

#[test]
fn short_rows_are_filled_and_long_ones_cut() {
    let table = read("id,name,age\n1,Anna,3\n2,Bob\n3,Carol,5,surplus,more\n4,Dan,6,\n5\n6,Eve,7\n7,Fay,8\n");
    assert_eq!((table.rows, table.ragged, table.surplus, table.columns.len()), (7, 3, 2, 3));
    assert_eq!(rows(&table)[1], ["2", "Bob", ""]);
    assert_eq!(rows(&table)[2], ["3", "Carol", "5"]);
    assert_eq!(table.remarks().len(), 2);
}

#[test]
fn what_is_common_beyond_the_header_becomes_a_column() {
    let table = read("name,age\nAnna,3,x\nBob,4,y\nCarol,5\nAnna,6,z\n");
    assert_eq!((names(&table), table.ragged, table.surplus), (vec!["name", "age", ""], 1, 0));
    assert_eq!(values(&table, 2), ["x", "y", "", "z"]);
}

#[test]
fn blank_lines_are_skipped_and_counted() {
    let table = read("\n\nname,age\n,\nAnna,3\n   \nBob,4\n\t\n\"\",\" \"\n\n");
    assert_eq!((table.rows, table.blank, table.ragged), (2, 7, 0));
    assert_eq!(values(&table, 0), ["Anna", "Bob"]);
}

#[test]
fn a_column_alone() {
    let table = read("city\nParis\n\nLondon\n\"Rome, Italy\"\n");
    assert_eq!((names(&table), values(&table, 0)), (vec!["city"], vec!["Paris", "London", "Rome, Italy"]));
    let table = read("42");
    assert_eq!((table.has_header, values(&table, 0)), (false, vec!["42"]));
    let table = read("name");
    assert_eq!((table.has_header, table.rows, table.columns[0].values.len()), (true, 0, 0));
}

#[test]
fn cells_and_records_have_limits() {
    let cell = "字".repeat(500_000);
    let table = read_with_header(Header::Present, format!("id,text\n1,{cell}\n2,short\n"));
    assert_eq!((table.cut, table.rows), (1, 2));
    let kept = table.columns[1].values[0].len();
    assert!(kept <= 1 << 20 && kept > (1 << 20) - 4, "{kept}");

    let (xs, ys) = (",x".repeat(CELLS_LIMIT + 1), ",y".repeat(CELLS_LIMIT + 1));
    let table = read_with_header(Header::Absent, format!("{xs}\n{ys}\n"));
    assert_eq!((table.columns.len(), table.surplus), (CELLS_LIMIT, 4));
    assert_eq!(table.remarks(), [Remark { kind: RemarkKind::Surplus, count: 4 }]);
}

fn counting(rows: u64) -> String {
    let mut text = "id,half\n".to_owned();
    for id in 0..rows {
        text.push_str(&format!("{id},{}\n", id / 2));
    }
    text
}

#[test]
fn a_long_table_is_sampled_evenly_in_order_and_always_the_same() {
    let text = counting(20_000);
    let options = ReadOptions { max_rows: 1000, ..ReadOptions::default() };
    let sample = |seed| try_read(text.as_bytes(), ".csv", &ReadOptions { seed, ..options.clone() }).unwrap();
    let mut tenths = [0_u32; 10];
    for seed in 0..20 {
        let table = sample(seed);
        assert_eq!((table.rows, table.kept_rows()), (20_000, 1000));
        let ids: Vec<u64> = table.columns[0].values.iter().map(|id| id.parse().unwrap()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        let halves: Vec<u64> = table.columns[1].values.iter().map(|half| half.parse().unwrap()).collect();
        assert!(ids.iter().zip(halves).all(|(id, half)| id / 2 == half), "rows stay together");
        ids.iter().for_each(|id| tenths[(id / 2000) as usize] += 1);
    }
    // 2,000 expected in each tenth of the file; five standard deviations are about 210.
    assert!(tenths.iter().all(|count| count.abs_diff(2000) < 210), "{tenths:?}");
    assert_eq!(sample(3).columns, sample(3).columns);
    assert_ne!(sample(3).columns, sample(4).columns);
}

#[test]
fn memory_limits_the_sample_too() {
    let text = counting(20_000);
    let options = ReadOptions { max_bytes: 50_000, ..ReadOptions::default() };
    let table = try_read(text.as_bytes(), ".csv", &options).unwrap();
    assert_eq!(table.rows, 20_000);
    assert!((300..1000).contains(&table.kept_rows()), "{}", table.kept_rows());
    let ids: Vec<f64> = table.columns[0].values.iter().map(|id| id.parse().unwrap()).collect();
    let mean = ids.iter().sum::<f64>() / ids.len() as f64;
    // The standard deviation of the mean is about 20,000 / √12 / √500 ≈ 260.
    assert!((mean - 10_000.0).abs() < 1300.0, "{mean}");
}
