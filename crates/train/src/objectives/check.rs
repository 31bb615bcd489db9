use crate::Misfit;
use crate::task::Fit;

/// Checks that the logits have one column for each class of the labels.
pub(super) fn same_classes(logits: usize, labels: usize) -> Fit {
    if logits == labels {
        return Ok(());
    }
    Err(Misfit::of_batch(format!(
        "the model gives {logits} logits, but the labels are of {labels} classes; these must be equal"
    )))
}

pub(super) fn as_many(expected: usize, found: usize, what: &str) -> Fit {
    if expected == found {
        return Ok(());
    }
    Err(Misfit::of_batch(format!("the model's output needs {expected} {what}, the batch holds {found}")))
}

pub(super) fn outside(row: usize, class: i32, n_classes: usize) -> Misfit {
    Misfit::of_sample(row, format!("its class is {class}, but the model's classes are 0..{n_classes}"))
}

/// Checks one of the numbers among a loss's options.
pub(super) fn option(holds: bool, name: &str, found: f64, expected: &str) -> Fit {
    if holds {
        return Ok(());
    }
    Err(Misfit::of_batch(format!("the loss's `{name}` is {found}, but it must be {expected}")))
}

/// Checks the weights: one for each class, or one for all if `lengths` allows it.
pub(super) fn weights(name: &str, weights: Option<&[f32]>, lengths: &[usize]) -> Fit {
    let Some(weights) = weights else { return Ok(()) };
    if !lengths.contains(&weights.len()) {
        let found = weights.len();
        let expected = lengths.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ");
        return Err(Misfit::of_batch(format!("the loss's `{name}` has {found} numbers, but it needs {expected}")));
    }
    match weights.iter().find(|weight| !(weight.is_finite() && **weight >= 0.0)) {
        Some(weight) => option(false, name, f64::from(*weight), "0 or more for each class"),
        None => Ok(()),
    }
}
