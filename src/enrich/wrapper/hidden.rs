//! Text that stands in a log in a form in which no code can be seen.
//!
//! `journalctl -o json` writes a value that is no plain text, such as a coloured message, as a list
//! of its bytes in decimal. Only blocks that begin with such an entry are searched for it.

use super::journal::{is_object, is_the_applications};
use crate::input::is_name;

/// A text, and where each of its bytes stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    /// The text.
    pub text: Vec<u8>,
    /// For each byte of the text, where it stands in the block.
    pub places: Vec<usize>,
}

/// The texts that `block`, a run of whole lines, holds as lists of bytes.
pub fn hidden(block: &[u8]) -> Vec<Hidden> {
    let first = block.split(|&byte| byte == b'\n').next().unwrap_or(block);
    if !is_object(first) {
        return Vec::new();
    }
    let lists = memchr::memchr_iter(b'[', block).filter(|&at| is_value(&block[..at]));
    lists.filter_map(|at| bytes(block, at)).collect()
}

/// Whether the value behind `before` is that of a field of the application.
fn is_value(before: &[u8]) -> bool {
    let Some(key) = before.trim_ascii_end().strip_suffix(b":") else {
        return false;
    };
    let Some(key) = key.trim_ascii_end().strip_suffix(b"\"") else {
        return false;
    };
    let start = key.iter().rposition(|byte| !is_name(&[*byte]));
    let start = start.map_or(0, |at| at + 1);
    // In a message an object's keys stand behind an escaped quote.
    key[..start].ends_with(b"\"")
        && !key[..start].ends_with(b"\\\"")
        && is_name(&key[start..])
        && is_the_applications(&key[start..])
}

/// The list of bytes that begins at `start`.
fn bytes(block: &[u8], start: usize) -> Option<Hidden> {
    let mut hidden = Hidden::default();
    let mut at = start + 1;
    loop {
        let number = at + block[at..].iter().take_while(|byte| **byte == b' ').count();
        let digits = block[number..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit());
        let end = number + digits.count();
        let text = std::str::from_utf8(&block[number..end]).ok()?;
        hidden.text.push(text.parse().ok()?);
        hidden.places.push(number);
        at = end
            + block[end..]
                .iter()
                .take_while(|byte| **byte == b' ')
                .count();
        match block.get(at)? {
            b',' => at += 1,
            b']' => return Some(hidden),
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: &str = r#""__REALTIME_TIMESTAMP":"1""#;

    fn texts(fields: &str) -> Vec<String> {
        let block = format!("{{{MARK},{fields}}}\n");
        let found = hidden(block.as_bytes());
        for one in &found {
            for (byte, &place) in one.text.iter().zip(&one.places) {
                assert!(block[place..].starts_with(&byte.to_string()), "{fields}");
            }
        }
        let text = |one: Hidden| String::from_utf8(one.text).expect("the text is ASCII");
        found.into_iter().map(text).collect()
    }

    #[test]
    fn a_list_of_bytes_is_the_value_of_a_field() {
        assert_eq!(texts(r#""MESSAGE":[27,91,65]"#), ["\u{1b}[A"]);
        assert_eq!(
            texts(r#""MESSAGE" : [ 27, 91 ],"A":[48],"_B":[49]"#),
            ["\u{1b}[", "0"]
        );
        for fields in [
            r#""MESSAGE":["a","b"]"#,
            r#""MESSAGE":[256]"#,
            r#""MESSAGE":[27,]"#,
            r#""MESSAGE":[27"#,
            r#""MESSAGE":[]"#,
            r#""MESSAGE":"[27]""#,
            r#""MESSAGE":"{\"LIST\":[27]}""#,
            r#""_CMDLINE":[27]"#,
            r#""list":[27]"#,
        ] {
            assert_eq!(texts(fields), [""; 0], "{fields}");
        }
        assert_eq!(hidden(br#"{"MESSAGE":[27]}"#), []);
        assert_eq!(hidden(b""), []);
    }
}
