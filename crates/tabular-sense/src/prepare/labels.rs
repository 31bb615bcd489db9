//! The labels of a sample file.

use drivetrain::data::{DataError, LineIndex, OnBadLine, Progress};
use tabular_sense_synth::sample::SampleLine;
use tabular_sense_synth::types::SemanticType;

use crate::config::RunConfig;
use crate::error::Result;
use crate::label_counts::{LEAST, LabelCount, LabelCounts};
use crate::labels::Labels;

/// The labels of a sample file. Lines that are not valid samples are ignored here; the token store handles them.
///
/// # Errors
/// Names the line of a label that is not a built-in type and that too few samples have.
pub(super) fn labels_of(config: &RunConfig, index: &LineIndex, progress: &dyn Progress) -> Result<Labels> {
    let occurring = count(index, progress)?;
    let is_rare = |label: &&LabelCount| label.is_rare() && SemanticType::from_code(&label.name).is_err();
    if config.data.on_bad_line == OnBadLine::Fail
        && let Some(rare) = occurring.iter().find(is_rare)
    {
        let meant = rare.meant(&occurring).map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
        let LabelCount { name, first, count } = rare;
        let samples = if *count == 1 { "sample" } else { "samples" };
        let problem = format!(
            "`{name}` is no built-in type, and too rare for one of your own: {count} {samples}, expected at least \
             {LEAST}{meant}"
        );
        return Err(index.bad_line(*first, problem).into());
    }
    // If bad lines are skipped, the lines with rare labels will be skipped too.
    let frequent = occurring.iter().filter(|label| !is_rare(label)).map(|label| label.name.as_str());
    Ok(Labels::of_samples(frequent, config.single_label))
}

/// The labels that occur.
fn count(index: &LineIndex, progress: &dyn Progress) -> Result<Vec<LabelCount>> {
    let mut counts = LabelCounts::default();
    for i in 0..index.len() {
        if progress.is_stop_requested() {
            return Err(DataError::Stopped.into());
        }
        let Ok(line) = index.read_line(i) else { continue };
        let Ok(sample) = SampleLine::parse(&line) else { continue };
        sample.label_names().for_each(|name| counts.add(name, i));
    }
    Ok(counts.into_labels())
}
