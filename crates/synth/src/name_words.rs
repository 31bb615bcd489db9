//! The words of a column's name.

/// A name's words in lower case: `userID`, `user_id` and `User Id` all give `user` and `id`.
pub fn words_of(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (was_small && c.is_uppercase()) {
            words.push(String::new());
        }
        was_small = c.is_lowercase() || c.is_ascii_digit();
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_part_at_marks_and_humps() {
        assert_eq!(words_of("userID_no2 X"), ["user", "id", "no2", "x"]);
        assert_eq!(words_of(" __ "), Vec::<String>::new());
    }
}
