//! Go's regular expressions in ECMA-262, the dialect of `pattern` in OpenAPI and JSON Schema.

use std::iter::Peekable;
use std::str::Chars;

use crate::memo::{self, Shared};

/// Returns an expression of ECMA-262 with the meaning that the pattern has in Go's RE2, with and without the `u` flag, as
/// tools use both. In doubt there is none: the server checks the pattern in any case. That `\s` and `.` differ in rare
/// white space is accepted.
///
/// The pattern stays as it is but for its escapes. Go lets any mark be escaped; ECMA-262 with the `u` flag refuses that
/// where the mark has no meaning to lose.
pub fn portable(pattern: &str) -> Option<String> {
    memo::known_or(&PORTABLE, pattern.to_owned(), pattern.len(), |pattern| translated(pattern))
}

static PORTABLE: Shared<String, Option<String>> = Shared::new(Default::default);

fn translated(pattern: &str) -> Option<String> {
    let written = Writer::new(pattern).write()?;
    let is_valid = |flags: &str| regress::Regex::with_flags(&written, flags).is_ok();
    (is_valid("u") && is_valid("")).then_some(written)
}

/// Writes a pattern anew, up to the first construct that both dialects accept with different meanings, or that other
/// common engines refuse.
struct Writer<'p> {
    rest: Peekable<Chars<'p>>,
    in_class: bool,
    out: String,
}

impl<'p> Writer<'p> {
    fn new(pattern: &'p str) -> Self {
        Self { rest: pattern.chars().peekable(), in_class: false, out: String::new() }
    }

    fn write(mut self) -> Option<String> {
        while let Some(c) = self.rest.next() {
            match (c, self.in_class) {
                ('\\', _) => self.escape()?,
                ('(', false) => self.group()?,
                ('[', false) => self.class()?,
                ('{', false) if !self.opens_count() => return None,
                // `[[:alpha:]]`, and what is a set operation elsewhere.
                ('[', true) => return None,
                // Two units without the `u` flag.
                ('\u{10000}'.., _) => return None,
                (c, _) => {
                    self.in_class &= c != ']';
                    self.out.push(c);
                }
            }
        }
        (!self.in_class).then_some(self.out)
    }

    /// Flags, names, and what looks around are Go's own or written differently.
    fn group(&mut self) -> Option<()> {
        self.out.push('(');
        if self.rest.next_if_eq(&'?').is_some() {
            self.rest.next_if_eq(&':')?;
            self.out.push_str("?:");
        }
        Some(())
    }

    fn class(&mut self) -> Option<()> {
        self.in_class = true;
        self.out.push('[');
        self.out.extend(self.rest.next_if_eq(&'^'));
        // A literal to Go, the end of an empty class to ECMA-262.
        (self.rest.peek() != Some(&']')).then_some(())
    }

    /// Whether a count follows. Other braces are literal to Go, and to ECMA-262 without the `u` flag.
    fn opens_count(&self) -> bool {
        let inside: String = self.rest.clone().take_while(|c| *c != '}').collect();
        let (least, most) = inside.split_once(',').unwrap_or((&inside, ""));
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        !least.is_empty() && is_number(least) && is_number(most)
    }

    fn escape(&mut self) -> Option<()> {
        match self.rest.next()? {
            c @ ('d' | 'D' | 's' | 'S' | 'w' | 'W' | 'b' | 'B' | 'n' | 'r' | 't' | 'f' | 'v') => self.escaped(c),
            'a' => self.code(0x07)?,
            'A' if !self.in_class => self.out.push('^'),
            'z' if !self.in_class => self.out.push('$'),
            'x' => {
                let code = self.hexadecimal()?;
                self.code(code)?;
            }
            '-' if !self.in_class => self.out.push('-'),
            // With a meaning to lose, in both dialects.
            c if r"^$\.*+?()[]{}|/-".contains(c) => self.escaped(c),
            // Two of them would be a set operation elsewhere.
            c @ ('&' | '~') if self.in_class => self.code(u32::from(c))?,
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => self.out.push(c),
            // Digits are octal in Go and back references elsewhere; the rest is Go's own, or nobody's.
            _ => return None,
        }
        Some(())
    }

    fn escaped(&mut self, c: char) {
        self.out.extend(['\\', c]);
    }

    /// The number behind `\x`, which has two digits, or any in braces.
    fn hexadecimal(&mut self) -> Option<u32> {
        let mut digits = String::new();
        if self.rest.next_if_eq(&'{').is_some() {
            while self.rest.next_if_eq(&'}').is_none() {
                digits.push(self.rest.next()?);
            }
        } else {
            digits.extend([self.rest.next()?, self.rest.next()?]);
        }
        let is_number = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        u32::from_str_radix(&digits, 16).ok().filter(|_| is_number)
    }

    /// A character by its number, of those that are one unit.
    fn code(&mut self, code: u32) -> Option<()> {
        let written = match char::from_u32(code)? {
            '\0'..='\u{ff}' => format!("\\x{code:02x}"),
            '\u{100}'..='\u{ffff}' => format!("\\u{code:04x}"),
            _ => return None,
        };
        self.out.push_str(&written);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use crdgen_schema::Admission;
    use proptest::prelude::*;
    use proptest::sample::select;
    use proptest::test_runner::{Config, TestRunner};
    use serde_json::json;

    use super::portable;

    #[test]
    fn common_patterns_stay_as_they_are() {
        for pattern in [
            "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
            r"^\d+(\.\d+)?$",
            "^(?:a|b){1,3}$",
            r"^[^\s/]+\/[\w.\-]*$",
            r"^a{2}b{2,}\{\}$",
            "",
        ] {
            assert_eq!(portable(pattern).as_deref(), Some(pattern));
        }
    }

    #[test]
    fn escapes_that_ecma_does_not_know_are_written_anew() {
        for (pattern, written) in [
            (r"^[0-9a-f]{8}(?:\-[0-9a-f]{4}){3}$", "^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}$"),
            (r"^[a-zA-Z0-9\_-]+$", "^[a-zA-Z0-9_-]+$"),
            (r#"a\_\,\@\:\"\'\ \#\<b"#, r#"a_,@:"' #<b"#),
            (r"[\&\&\~\~\,-\;]", r"[\x26\x26\x7e\x7e,-;]"),
            (r"[^\x00\n]\x{7F}\x{20ac}\a", r"[^\x00\n]\x7f\u20ac\x07"),
            (r"\Aa\z", "^a$"),
        ] {
            assert_eq!(portable(pattern).as_deref(), Some(written), "{pattern}");
        }
    }

    #[test]
    fn what_only_go_understands_has_no_other_form() {
        for pattern in [
            "(?i)abc",
            "^(?i:abc)$",
            "(?P<x>a)",
            "(?<x>a)",
            r"\Qa.b\E",
            r"\pL",
            r"\p{Greek}",
            "[[:alpha:]]",
            r"\x{10FFFF}",
            r"\x{}",
            r"\x4",
            r"\123",
            "[]a]",
            "[^]a]",
            "a{,2}",
            r"a{1\,2}",
            r"(?\:a)",
            "[a",
            "a)",
            "\\",
            r"\q",
            "😀?",
        ] {
            assert_eq!(portable(pattern), None, "{pattern}");
        }
    }

    /// Pieces that mean something next to each other.
    fn pieces() -> impl Strategy<Value = String> {
        let marks = r##"!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~ "##;
        let escaped = marks.chars().map(|mark| format!("\\{mark}"));
        let bare = marks.chars().map(String::from).chain(["a", "b", "0", "{1,2}", "(?:", "[^"].map(str::to_owned));
        let named = [r"\d", r"\w", r"\x41", r"\x{26}", r"\a", r"\A", r"\z", r"\n"].map(str::to_owned);
        let pieces: Vec<String> = escaped.chain(bare).chain(named).collect();
        proptest::collection::vec(select(pieces), 1..7).prop_map(|pieces| pieces.concat())
    }

    /// Whether Go finds a pattern in a text, as an API server asks it; none when the pattern is not one.
    fn go_finds(pattern: &str, texts: &[String]) -> Option<Vec<bool>> {
        let admission = Admission::from_json(&json!({ "type": "string", "pattern": pattern })).ok()?;
        Some(texts.iter().map(|text| admission.check_value(&json!(text)).is_empty()).collect())
    }

    #[test]
    fn a_pattern_finds_the_same_in_both_dialects() {
        let texts = proptest::collection::vec(r##"[ -~\n\x07]{0,4}|[ab0A&~,_-]{0,6}"##, 8);
        let mut runner = TestRunner::new(Config { cases: 6_000, failure_persistence: None, ..Config::default() });
        let compared = Cell::new(0);
        let outcome = runner.run(&(pieces(), texts), |(pattern, texts)| {
            let Some(written) = portable(&pattern) else { return Ok(()) };
            let Some(expected) = go_finds(&pattern, &texts) else { return Ok(()) };
            compared.set(compared.get() + 1);
            for flags in ["u", ""] {
                let regex = regress::Regex::with_flags(&written, flags).expect("it is valid");
                let found: Vec<bool> = texts.iter().map(|text| regex.find(text).is_some()).collect();
                prop_assert_eq!(&found, &expected, "{} as {} in {:?}", pattern, written, texts);
            }
            Ok(())
        });
        outcome.unwrap_or_else(|failure| panic!("{failure}"));
        assert!(compared.get() > 1_000, "{} patterns", compared.get());
    }
}
