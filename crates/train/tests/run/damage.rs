//! Damaged checkpoints.

use super::*;

const FILES: [&str; 4] = ["manifest.json", "state.json", "model.safetensors", "optimizer.safetensors"];

/// A folder with checkpoints, and the names of the second newest and the newest one.
fn two_checkpoints() -> (tempfile::TempDir, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let checkpoint = CheckpointConfig { epochs: 0, steps: 1, keep_last: 13, ..CheckpointConfig::default() };
    train(folder.path(), TrainerConfig { checkpoint, ..config(1, 0) }, How::default(), Idle).unwrap();
    let names: Vec<String> = entries(folder.path()).into_iter().filter(|name| name.starts_with("step-")).collect();
    let [.., older, newest] = &names[..] else { panic!("{names:?}") };
    let (older, newest) = (older.clone(), newest.clone());
    (folder, older, newest)
}

/// Loads the newest undamaged checkpoint while `bytes` replace a file of the newest checkpoint, then restores the file.
/// Returns the name of the loaded checkpoint and the damage found.
fn with_bytes(folder: &Path, newest: &str, name: &str, bytes: &[u8]) -> (String, Vec<String>) {
    let path = folder.join("checkpoints").join(newest).join(name);
    let good = std::fs::read(&path).unwrap();
    std::fs::write(&path, bytes).unwrap();
    let loaded = store(folder).load_latest().unwrap();
    std::fs::write(&path, good).unwrap();
    let used = loaded.path.file_name().unwrap().to_str().unwrap().to_owned();
    (used, loaded.damaged.iter().map(ToString::to_string).collect())
}

#[test]
fn any_flipped_byte_and_any_truncation_is_named_and_the_one_before_used() {
    let (folder, older, newest) = two_checkpoints();
    let (mut flipped, mut cut) = (0, 0);
    for name in FILES {
        let good = std::fs::read(folder.path().join("checkpoints").join(&newest).join(name)).unwrap();
        let check = |bytes: &[u8], what: &str| {
            let (used, damaged) = with_bytes(folder.path(), &newest, name, bytes);
            assert_eq!(used, older, "{name}: {what}");
            assert!(damaged.iter().any(|message| message.contains(&newest) && message.contains(name)), "{damaged:?}");
        };
        // Up to 600 bytes from the start of the file, and 400 drawn from all of it.
        let mut draw = Random::new(7, name).draws();
        let mut places: Vec<usize> = (0..good.len().min(600)).collect();
        places.extend((0..400).map(|_| draw.below(good.len())));
        for at in places {
            let mut bytes = good.clone();
            bytes[at] ^= 1 << draw.below(8);
            check(&bytes, &format!("byte {at} flipped"));
            flipped += 1;
        }
        for at in [0, 1, 7, 8, 9, good.len() / 2, good.len() - 2, good.len() - 1] {
            check(&good[..at], &format!("cut at {at}"));
            cut += 1;
        }
        check(&[&good[..], b"x"].concat(), "one byte longer");
    }
    println!("{flipped} bytes flipped, {cut} truncations");
    assert!(flipped > 2000 && cut == 32, "{flipped} {cut}");
}

#[test]
fn what_a_checkpoint_says_of_its_run_is_known_without_its_tensors() {
    let (folder, older, newest) = two_checkpoints();
    let step_of = |name: &str| name.trim_start_matches("step-").parse::<u64>().unwrap();
    let known = || store(folder.path()).latest_meta().map(|meta| meta.state.position.step);
    let newest_folder = folder.path().join("checkpoints").join(&newest);
    std::fs::write(newest_folder.join("optimizer.safetensors"), "nothing").unwrap();
    assert_eq!(known(), Some(step_of(&newest)));
    std::fs::write(newest_folder.join("state.json"), "{}").unwrap();
    assert_eq!(known(), Some(step_of(&older)));
    assert_eq!(store(&folder.path().join("elsewhere")).latest_meta().map(|meta| meta.seed), None);
}

#[test]
fn a_damaged_pointer_is_named_and_the_newest_used() {
    let (folder, _, newest) = two_checkpoints();
    let path = folder.path().join("checkpoints/latest");
    let good = std::fs::read(&path).unwrap();
    let check = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        let loaded = store(folder.path()).load_latest().unwrap();
        assert_eq!(loaded.path.file_name().unwrap().to_str().unwrap(), newest);
        assert!(loaded.damaged.iter().any(|error| error.to_string().contains("latest")), "{:?}", loaded.damaged);
    };
    for at in 0..good.len() {
        let mut bytes = good.clone();
        bytes[at] ^= 2;
        check(&bytes);
        check(&good[..at]);
    }
}

#[test]
fn a_pointer_out_of_the_folder_is_not_followed() {
    let (folder, _, newest) = two_checkpoints();
    let outside = folder.path().join("step-00000099");
    std::fs::rename(folder.path().join("checkpoints").join(&newest), &outside).unwrap();
    std::fs::write(folder.path().join("checkpoints/latest"), "../step-00000099  0\n").unwrap();
    let loaded = store(folder.path()).load_latest().unwrap();
    assert!(loaded.path.starts_with(folder.path().join("checkpoints")));
}

#[test]
fn a_damaged_newest_checkpoint_changes_nothing_in_the_end() {
    let whole = tempfile::tempdir().unwrap();
    train(whole.path(), config_saving(2, 0, 2), How::default(), Idle).unwrap();
    let cut = tempfile::tempdir().unwrap();
    train(cut.path(), config_saving(2, 0, 2), How { workers: 1, ..How::default() }, Crash(20)).unwrap_err();
    let newest = store(cut.path()).load_latest().unwrap().path;
    std::fs::write(newest.join("model.safetensors"), "nothing").unwrap();
    train(cut.path(), config_saving(2, 0, 2), How::default(), Idle).unwrap();
    assert_eq!(outcome(cut.path()), outcome(whole.path()));
    // The same holds for the last checkpoint of the run, which is saved again with the same manifest.
    let newest = store(cut.path()).load_latest().unwrap().path;
    std::fs::write(newest.join("model.safetensors"), "nothing").unwrap();
    train(cut.path(), config_saving(2, 0, 2), How::default(), Idle).unwrap();
    assert_eq!(outcome(cut.path()), outcome(whole.path()));
}

#[test]
fn a_folder_of_nothing_but_damage_says_what_is_wrong_with_each() {
    let (folder, older, newest) = two_checkpoints();
    for name in entries(folder.path()).iter().filter(|name| name.starts_with("step-")) {
        std::fs::remove_file(folder.path().join("checkpoints").join(name).join("state.json")).unwrap();
    }
    let message = store(folder.path()).load_latest().unwrap_err().to_string();
    assert!(message.contains(&older) && message.contains(&newest) && message.contains("state.json"), "{message}");
}
