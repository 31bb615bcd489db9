//! UTF-16 without a byte-order mark.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use super::characters::is_listed;

/// UTF-16 is recognised by its zero bytes: digits, delimiters and line ends have one each, always on the same side. The
/// side with more of them gives the byte order.
pub(super) fn without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let whole = &head[..head.len() & !1];
    let zeros_at = |side: usize| whole.iter().skip(side).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros_at(0), zeros_at(1));
    let encoding = if odd > even { UTF_16LE } else { UTF_16BE };
    let (text, _) = encoding.decode_without_bom_handling(whole);
    let (mut all, mut odd_ones) = (0_usize, 0_usize);
    for char in text.chars() {
        all += 1;
        let plain = matches!(char, '\t' | '\n' | '\r' | ' '..='~') || (char.is_alphanumeric() && is_listed(char));
        if char.is_control() && !plain {
            return None;
        }
        odd_ones += usize::from(!plain);
    }
    // Full-width punctuation, symbols and a surrogate pair cut in two at the end are neither letters nor ASCII.
    (odd_ones * 6 <= all).then_some(encoding)
}
