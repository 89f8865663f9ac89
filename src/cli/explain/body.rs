//! Where a JSON or XML value that stands on several lines begins and ends.
//!
//! A text is seldom nothing but such a value, so nothing here is an error: what does not fit is passed over.

/// What is open behind the lines that were read.
#[derive(Debug, Default)]
pub struct Body {
    /// The brackets that are open, the outermost first.
    brackets: Vec<u8>,
    /// How many of them are those of objects. A list alone is none: each object in it is a value.
    objects: usize,
    /// The last byte that is no blank.
    last: Option<u8>,
    /// The name of the XML element that is open.
    element: Option<Vec<u8>>,
}

impl Body {
    /// Whether a value is open.
    pub fn is_open(&self) -> bool {
        self.objects > 0 || self.element.is_some()
    }

    /// Whether another value begins with `line`, so that the open one is without its end.
    pub fn is_cut_by(&self, line: &[u8]) -> bool {
        let expects_key = self.brackets.last() == Some(&b'{') && self.last != Some(b':');
        line.starts_with(b"{") && expects_key
            || line.starts_with(b"<?xml") && self.element.is_some()
    }

    /// Reads `line`, and returns whether a value ends in it that begins it or began before it.
    pub fn read(&mut self, line: &[u8]) -> bool {
        let line = line.trim_ascii();
        let is_value = self.objects > 0 || line.starts_with(b"{");
        let ends_object = self.read_brackets(line) && is_value;
        self.last = line.last().copied().or(self.last);
        self.read_tags(line) || ends_object
    }

    /// Returns whether the last open object ends. No text in quotes goes on behind a line's end.
    fn read_brackets(&mut self, line: &[u8]) -> bool {
        let mut ends = false;
        let mut is_text = false;
        let mut bytes = line.iter();
        while let Some(&byte) = bytes.next() {
            match byte {
                b'\\' if is_text => drop(bytes.next()),
                b'"' => is_text = !is_text,
                _ if is_text => {}
                b'{' | b'[' => {
                    self.brackets.push(byte);
                    self.objects += usize::from(byte == b'{');
                }
                b']' if self.brackets.last() == Some(&b'[') => drop(self.brackets.pop()),
                b'}' if self.objects > 0 => {
                    // A colour's bracket has no other.
                    while self.brackets.pop() == Some(b'[') {}
                    self.objects -= 1;
                    ends |= self.objects == 0;
                }
                _ => {}
            }
        }
        ends
    }

    /// Returns whether the open element ends, or one that begins here.
    fn read_tags(&mut self, line: &[u8]) -> bool {
        match &self.element {
            Some(name) if has_end(line, name) => {
                self.element = None;
                true
            }
            Some(_) => false,
            None => {
                let name = first_tag(line);
                let ends = name.is_some_and(|name| has_end(line, name));
                self.element = name.filter(|_| !ends).map(<[u8]>::to_vec);
                // One with nothing but text in it may be any part of a body.
                ends && line.iter().filter(|&&byte| byte == b'<').count() > 2
            }
        }
    }
}

/// The name of the element that `line` begins with, behind an XML declaration or not.
fn first_tag(line: &[u8]) -> Option<&[u8]> {
    let is_end = |pair: &[u8]| pair == b"?>";
    let text = match line.starts_with(b"<?xml") {
        true => &line[line.windows(2).position(is_end)? + 2..],
        false => line,
    };
    let tag = text.strip_prefix(b"<")?;
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte);
    let name = &tag[..tag.iter().take_while(is_part).count()];
    name.first()?.is_ascii_alphabetic().then_some(name)
}

fn has_end(line: &[u8], name: &[u8]) -> bool {
    let tags = line.windows(name.len() + 2);
    tags.into_iter()
        .any(|tag| tag.starts_with(b"</") && tag.ends_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers of the lines in which a value ends, from 1.
    fn ends(text: &str) -> Vec<usize> {
        let mut body = Body::default();
        let lines = (1..).zip(text.lines());
        let ends = lines.filter(|(_, line)| body.read(line.as_bytes()));
        ends.map(|(number, _)| number).collect()
    }

    #[test]
    fn a_value_ends_with_its_last_bracket_or_tag() {
        let cases: [(&str, &[usize]); 12] = [
            ("{\n\"a\": {\n\"b\": 1\n}\n}\nx", &[5]),
            ("{\"a\": 1}\n{\"b\": 2}", &[1, 2]),
            ("failed: {\n  \"a\": 1\n}", &[3]),
            ("failed: {\"a\": 1}\nx", &[]),
            ("[\n  {\n  },\n  {\n  }\n]", &[3, 5]),
            ("{\n  \"a\": \"}\\\"}\"\n}", &[3]),
            ("\x1b[1m{\n  \x1b[34m\"a\": 1\n\x1b[1m}", &[3]),
            ("} x ] {\n}", &[2]),
            ("<?xml version=\"1.0\"?>\n<A>\n<B>x</B>\n</A>\nx", &[4]),
            ("<?xml version=\"1.0\"?><A>\n<B>x</B>\n</A>", &[3]),
            ("<B>x</B>\n<C>y</C>", &[]),
            ("<A><B>x</B></A>\n<A><B>y</B></A>", &[1, 2]),
        ];
        for (text, expected) in cases {
            assert_eq!(ends(text), expected, "{text}");
        }
    }

    #[test]
    fn a_value_is_cut_where_none_may_stand() {
        let cases = [
            ("{\n\"a\": 1,", true),
            ("{\n\"a\":", false),
            ("{\n\"a\": [", false),
            ("x", false),
        ];
        for (text, expected) in cases {
            let mut body = Body::default();
            for line in text.lines() {
                body.read(line.as_bytes());
            }
            assert_eq!(body.is_cut_by(b"{"), expected, "{text}");
        }
    }
}
