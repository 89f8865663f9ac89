//! Code slots: the value of a code key, or the place of the code in an exception's text.

use super::escapes::Value;
use super::gap::{self, Separator};
use super::line::Line;

/// A slot is looked for in so many bytes before the code.
pub const WINDOW_BYTES: usize = 256;

/// The `keys` of the providers.
const KEYS: [&str; 7] = [
    "code",
    "errcode",
    "errno",
    "codeDesc",
    "错误码",
    "错误代码",
    "返回代码",
];

/// The `forms` of the providers: `#` is a number, `'` any quote.
const FORMS: [(&str, &str); 5] = [
    ("alibabacloud", "ClientException:"),
    ("alibabacloud", "ServerException:"),
    ("alibabacloud", "HTTP Status: # Error:"),
    ("tencentcloud", "TencentCloudSDKException]message:"),
    ("tencentcloud", "TencentCloudSDKException('"),
];

/// Whether what begins at byte `p` stands in a code slot.
pub fn is_slot(line: &Line, p: usize) -> bool {
    is_value_of_key(line, p) || provider_of_form(line, p).is_some()
}

fn is_value_of_key(line: &Line, p: usize) -> bool {
    let window = p.saturating_sub(WINDOW_BYTES);
    (window..=p).any(|end| key_ends_at(line, window, end) && leads_to(line, end, p))
}

/// Whether `gap SEP gap` stands from byte `from` to byte `to`.
pub fn leads_to(line: &Line, from: usize, to: usize) -> bool {
    let floor = to.saturating_sub(WINDOW_BYTES);
    let (Some(from), Some(to)) = (line.unit_index(from), line.unit_index(to)) else {
        return false;
    };
    let found = gap::ways(line, from);
    found.iter().any(|way| {
        way.at == to
            && match way.separator {
                Separator::Missing => false,
                Separator::Soft => !is_closing_tag(line, floor, from),
                Separator::Hard => true,
            }
    })
}

/// Whether a name ends before the unit of index `end` that `</`, not before byte `floor`, and `>` stand round.
pub fn is_closing_tag(line: &Line, floor: usize, end: usize) -> bool {
    if line.visible_from(end) != Some(Value::Char('>')) {
        return false;
    }
    let before = line.units_before(floor, line.units[end].start);
    let mut before: Vec<Value> = before.iter().map(|unit| unit.value).collect();
    before.retain(|&value| value != Value::Invisible);
    let is_name = |value: &&Value| matches!(value, Value::Char(unit) if unit.is_alphanumeric() || "_-.:".contains(*unit));
    let name = before.iter().rev().take_while(is_name).count();
    before.truncate(before.len() - name);
    before.ends_with(&[Value::Char('<'), Value::Char('/')])
}

/// Whether a key that lies wholly in the window ends just before byte `end`.
fn key_ends_at(line: &Line, window: usize, end: usize) -> bool {
    KEYS.iter().any(|key| {
        if !key.is_ascii() {
            return line.bytes[window..end].ends_with(key.as_bytes())
                || is_read_before(line, window, end, key);
        }
        let before = |spelling: &str| before_word(line, window, end, spelling);
        let as_written = before(key).is_some_and(|byte| !byte.is_ascii_alphanumeric());
        let capitalised = before(&with_capital(key)).is_some();
        let upper = before(&key.to_ascii_uppercase())
            .is_some_and(|byte| !byte.is_ascii_uppercase() && !byte.is_ascii_digit());
        as_written || capitalised || upper
    })
}

/// Whether `word` can be read just before byte `end`, escaped or not.
pub fn is_read_before(line: &Line, window: usize, end: usize, word: &str) -> bool {
    let units = line.units_before(window, end);
    let values = units.iter().map(|unit| unit.value);
    let seen: Vec<Value> = values.filter(|&value| value != Value::Invisible).collect();
    let word: Vec<Value> = word.chars().map(Value::Char).collect();
    seen.ends_with(&word)
}

/// Where `word` ends just before byte `end`, unescaped and in the window: the byte before it, a
/// blank standing for one that is outside the window, escaped, or not there.
fn before_word(line: &Line, window: usize, end: usize, word: &str) -> Option<u8> {
    let before = line.bytes[window..end].strip_suffix(word.as_bytes())?;
    let start = window + before.len();
    if !line.is_unescaped(start, end) {
        return None;
    }
    let is_seen = start > window && !line.escaped[start - 1];
    Some(if is_seen { line.bytes[start - 1] } else { b' ' })
}

/// `key` with its first letter in upper case.
fn with_capital(key: &str) -> String {
    key[..1].to_ascii_uppercase() + &key[1..]
}

/// The provider in whose exception form what begins at byte `p` stands.
pub fn provider_of_form(line: &Line, p: usize) -> Option<&'static str> {
    let units = line.units_before(p.saturating_sub(WINDOW_BYTES), p);
    let visible = units
        .iter()
        .filter(|unit| !gap::is_blank(unit))
        .map(|unit| unit.value);
    let mut text: Vec<Value> = visible.filter(|&value| value != Value::Invisible).collect();
    loop {
        let mut forms = FORMS.iter();
        if let Some((provider, _)) = forms.find(|(_, form)| ends_with_form(&text, form)) {
            return Some(provider);
        }
        match text.pop() {
            Some(last) if gap::is_quote(last) => {}
            _ => return None,
        }
    }
}

/// Whether `text`, which holds no blanks, ends with `form`, the blanks of which do not matter.
fn ends_with_form(text: &[Value], form: &str) -> bool {
    let mut rest = text;
    for wanted in form.chars().rev().filter(|&wanted| wanted != ' ') {
        let len = match wanted {
            '#' => rest
                .iter()
                .rev()
                .take_while(|&&value| is_digit(value))
                .count(),
            '\'' => usize::from(rest.last().is_some_and(|&last| gap::is_quote(last))),
            _ => usize::from(rest.last() == Some(&Value::Char(wanted))),
        };
        if len == 0 {
            return false;
        }
        rest = &rest[..rest.len() - len];
    }
    true
}

fn is_digit(value: Value) -> bool {
    matches!(value, Value::Char('0'..='9'))
}
