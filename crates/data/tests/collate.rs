//! Padding, masks and the three label shapes.

use drivetrain_data::*;
use proptest::prelude::*;

const SIDES: [PadSide; 2] = [PadSide::Right, PadSide::Left];

fn sample(input: &[u32], target: &[u32]) -> TokenizedSample {
    TokenizedSample { input: input.to_vec(), target: target.to_vec() }
}

proptest! {
    #[test]
    fn padding_loses_nothing_and_the_mask_says_what_is_real(
        rows in prop::collection::vec(prop::collection::vec(0_u32..50, 0..12), 0..10),
        pad_id in 0_u32..50,
    ) {
        for side in SIDES {
            let padded = pad(&rows, side, pad_id);
            prop_assert_eq!(padded.batch, rows.len());
            prop_assert_eq!(padded.len, rows.iter().map(Vec::len).max().unwrap_or(0).max(1));
            prop_assert_eq!(padded.ids_bt.len(), padded.batch * padded.len);
            prop_assert_eq!(padded.mask_bt.len(), padded.batch * padded.len);
            for (row, ids) in rows.iter().enumerate() {
                let span = row * padded.len..(row + 1) * padded.len;
                let (found, mask) = (&padded.ids_bt[span.clone()], &padded.mask_bt[span]);
                let real: Vec<u32> = found.iter().zip(mask).filter(|(_, real)| **real).map(|(&id, _)| id as u32).collect();
                prop_assert_eq!(&real, ids);
                let padding = found.iter().zip(mask).filter(|(_, real)| !**real);
                prop_assert!(padding.clone().all(|(&id, _)| id == pad_id as i32));
                // The real positions are contiguous, and the padding is on the given side.
                let sorted = match side {
                    PadSide::Right => mask.is_sorted_by(|a, b| a >= b),
                    PadSide::Left => mask.is_sorted(),
                };
                prop_assert!(sorted, "{:?} {:?}", side, mask);
            }
        }
    }

    #[test]
    fn token_classes_stand_where_their_tokens_do(
        rows in prop::collection::vec(prop::collection::vec((3_u32..50, 0_u32..7), 0..12), 1..10),
    ) {
        for pad_side in SIDES {
            let samples: Vec<_> = rows
                .iter()
                .map(|row| TokenizedSample {
                    input: row.iter().map(|pair| pair.0).collect(),
                    target: row.iter().map(|pair| pair.1).collect(),
                })
                .collect();
            let batch = TokenLabelCollate { n_classes: 7, pad_side }.collate(samples).unwrap();
            prop_assert_eq!(batch.labels.class_bt.len(), batch.input.ids_bt.len());
            let mut pairs = rows.iter().flatten();
            let positions = batch.input.ids_bt.iter().zip(&batch.input.mask_bt).zip(&batch.labels.class_bt);
            for ((&id, &real), &class) in positions {
                if real {
                    prop_assert_eq!(pairs.next(), Some(&(id as u32, class as u32)));
                } else {
                    prop_assert_eq!((id, class), (0, TokenClasses::IGNORE));
                }
            }
            prop_assert_eq!(pairs.next(), None);
        }
    }
}

#[test]
fn several_of_n_is_multi_hot() {
    let collate = MultiLabelCollate { n_classes: 3, pad_side: PadSide::Left };
    let batch = collate.collate(vec![sample(&[5, 6], &[2, 0]), sample(&[7], &[])]).unwrap();
    assert_eq!(batch.batch_size(), 2);
    assert_eq!(batch.input.ids_bt, [5, 6, 0, 7]);
    assert_eq!(batch.input.mask_bt, [true, true, false, true]);
    assert_eq!(batch.labels, MultiHot { values_bc: vec![1.0, 0.0, 1.0, 0.0, 0.0, 0.0], n_classes: 3 });
}

#[test]
fn one_of_n_is_an_index() {
    let collate = ClassCollate { n_classes: 3, pad_side: PadSide::Right };
    let batch = collate.collate(vec![sample(&[5, 6], &[2]), sample(&[7], &[0])]).unwrap();
    assert_eq!(batch.input.ids_bt, [5, 6, 7, 0]);
    assert_eq!(batch.labels, ClassIndex { class_b: vec![2, 0], n_classes: 3 });
}

#[test]
fn what_does_not_fit_is_located_in_the_batch() {
    let fine = sample(&[5], &[1]);
    let check = |result: Result<(), DataError>, words: &str| {
        let error = result.unwrap_err();
        assert!(matches!(error, DataError::InBatch { position: 1, .. }), "{error:?}");
        assert!(error.to_string().contains(words), "{error}");
    };
    for pad_side in SIDES {
        let n_classes = 3;
        let multi = |bad| MultiLabelCollate { n_classes, pad_side }.collate(vec![fine.clone(), bad]).map(drop);
        let one = |bad| ClassCollate { n_classes, pad_side }.collate(vec![fine.clone(), bad]).map(drop);
        let token = |bad| TokenLabelCollate { n_classes, pad_side }.collate(vec![fine.clone(), bad]).map(drop);
        check(multi(sample(&[5], &[0, 3])), "expected classes in 0..3, found 3");
        check(one(sample(&[5], &[3])), "expected classes in 0..3, found 3");
        check(one(sample(&[5], &[0, 1])), "expected one class, found 2");
        check(one(sample(&[5], &[])), "expected one class, found 0");
        check(token(sample(&[5, 6], &[0, u32::MAX])), "expected classes in 0..3");
        check(token(sample(&[5, 6], &[0])), "expected one class per token, found 1 for 2 tokens");
        assert!(matches!(ClassCollate { n_classes, pad_side }.collate(Vec::new()), Err(DataError::Config(_))));
    }
}
