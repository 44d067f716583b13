//! `pattern`: is it an expression that Go's RE2 takes?
//!
//! Only what is surely refused is refused: look-around, back references, possessive and stacked repetition, repetition over
//! 1000 times, escapes and groups that Go does not have, and brackets that do not match.

use super::refuse;
use crate::report::{Path, Report};
use crate::schema::Schema;

const MAX_REPETITION: u32 = 1000;
const HELP: &str = "write it for RE2, Go's regular expressions: https://github.com/google/re2/wiki/Syntax";

/// Checks the pattern of a node or branch.
pub(super) fn check(schema: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    let Some(pattern) = &schema.bounds.pattern else { return };
    if let Some(problem) = problem(pattern) {
        let message = format!("Go does not take the regular expression `{pattern}`: {problem}");
        refuse(report, "schema::pattern", schema.span, &path.field("pattern"), message, HELP);
    }
}

/// Why Go refuses the pattern, if it surely does.
fn problem(pattern: &str) -> Option<String> {
    Scanner { rest: pattern, open: 0, last: Last::Nothing }.run().err()
}

/// What stands before the current position.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// Nothing that could be repeated.
    Nothing,
    Operand,
    Repetition,
}

struct Scanner<'p> {
    rest: &'p str,
    /// Groups that have not ended.
    open: usize,
    last: Last,
}

type Outcome = Result<(), String>;

impl Scanner<'_> {
    fn run(mut self) -> Outcome {
        while let Some(letter) = self.rest.chars().next() {
            match letter {
                '\\' => self.escape()?,
                '[' => self.class()?,
                '(' => self.group()?,
                ')' if self.open == 0 => return Err("`)` without `(`".into()),
                ')' => {
                    self.open -= 1;
                    self.advance(1, Last::Operand);
                }
                '|' => self.advance(1, Last::Nothing),
                '*' | '+' | '?' => self.repetition(1)?,
                '{' => match counts(self.rest) {
                    Some((_, _, length)) => self.counted(length)?,
                    None => self.advance(1, Last::Operand),
                },
                _ => self.advance(letter.len_utf8(), Last::Operand),
            }
        }
        if self.open > 0 { Err("`(` without `)`".into()) } else { Ok(()) }
    }

    fn advance(&mut self, length: usize, last: Last) {
        self.rest = &self.rest[length..];
        self.last = last;
    }

    fn counted(&mut self, length: usize) -> Outcome {
        let (least, most, _) = counts(self.rest).expect("only called on a count");
        let is_in_order = most.is_none_or(|most| least <= most);
        if least.max(most.unwrap_or(0)) > MAX_REPETITION || !is_in_order {
            return Err(format!(
                "the repetition `{}` is not from 0 to {MAX_REPETITION}, in order",
                &self.rest[..length]
            ));
        }
        self.repetition(length)
    }

    fn repetition(&mut self, length: usize) -> Outcome {
        let sign = &self.rest[..length];
        match self.last {
            Last::Nothing => return Err(format!("`{sign}` repeats nothing")),
            Last::Repetition => return Err(format!("`{sign}` repeats a repetition")),
            Last::Operand => self.advance(length, Last::Repetition),
        }
        // Not greedy.
        if self.rest.starts_with('?') {
            self.advance(1, Last::Repetition);
        }
        Ok(())
    }

    fn group(&mut self) -> Outcome {
        self.advance(1, Last::Nothing);
        self.open += 1;
        let Some(rest) = self.rest.strip_prefix('?') else { return Ok(()) };
        if let Some(name) = rest.strip_prefix("P<").or_else(|| rest.strip_prefix('<')) {
            let end = name.find('>').filter(|end| *end > 0 && is_name(&name[..*end]));
            let Some(end) = end else { return Err("look-behind, or a group without a name".into()) };
            let length = self.rest.len() - name.len() + end + 1;
            self.advance(length, Last::Nothing);
            return Ok(());
        }
        let flags = rest.bytes().take_while(|byte| matches!(byte, b'i' | b'm' | b's' | b'U' | b'-')).count();
        match rest.as_bytes().get(flags) {
            Some(b':') => self.advance(flags + 2, Last::Nothing),
            // Flags to the end of the group around: no group of its own.
            Some(b')') if flags > 0 => {
                self.open -= 1;
                self.advance(flags + 2, self.last);
            }
            _ => return Err("look-around, an atomic group or an unknown flag behind `(?`".into()),
        }
        Ok(())
    }

    fn escape(&mut self) -> Outcome {
        let mut letters = self.rest.chars().skip(1);
        let Some(letter) = letters.next() else { return Err("`\\` at the end".into()) };
        let length = match letter {
            'Q' => {
                let literal = &self.rest[2..];
                literal.find("\\E").map_or(self.rest.len(), |end| 2 + end + 2)
            }
            'A' | 'b' | 'B' | 'z' | 'd' | 'D' | 's' | 'S' | 'w' | 'W' | 'p' | 'P' => 2,
            _ => self.letter_escape(letter, letters.next())?,
        };
        self.advance(length, Last::Operand);
        Ok(())
    }

    /// The length of an escape that stands for one character.
    fn letter_escape(&self, letter: char, next: Option<char>) -> Result<usize, String> {
        match letter {
            'a' | 'f' | 'n' | 'r' | 't' | 'v' | 'x' | '0' => Ok(2),
            '1'..='7' if next.is_some_and(|next| ('0'..='7').contains(&next)) => Ok(2),
            '1'..='9' => Err(format!("the back reference `\\{letter}`")),
            _ if letter.is_ascii_alphanumeric() => Err(format!("the unknown escape `\\{letter}`")),
            _ if letter.is_ascii() && letter != '_' => Ok(2),
            '_' => Ok(2),
            _ => Err(format!("the unknown escape `\\{letter}`")),
        }
    }

    fn class(&mut self) -> Outcome {
        self.advance(1, Last::Nothing);
        if self.rest.starts_with('^') {
            self.advance(1, Last::Nothing);
        }
        let mut is_first = true;
        while let Some(letter) = self.rest.chars().next() {
            match letter {
                ']' if !is_first => {
                    self.advance(1, Last::Operand);
                    return Ok(());
                }
                '[' if self.rest.starts_with("[:") && self.rest.contains(":]") => {
                    let end = self.rest.find(":]").expect("checked in the condition");
                    self.advance(end + 2, Last::Nothing);
                }
                '\\' => self.class_escape()?,
                _ => self.advance(letter.len_utf8(), Last::Nothing),
            }
            is_first = false;
        }
        Err("`[` without `]`".into())
    }

    fn class_escape(&mut self) -> Outcome {
        let mut letters = self.rest.chars().skip(1);
        let Some(letter) = letters.next() else { return Err("`\\` at the end".into()) };
        let length = match letter {
            'd' | 'D' | 's' | 'S' | 'w' | 'W' | 'p' | 'P' => 2,
            _ => self.letter_escape(letter, letters.next())?,
        };
        self.advance(length, Last::Nothing);
        Ok(())
    }
}

/// `{2}`, `{2,}` or `{2,3}` at the start: the numbers and the length. Anything else in braces is literal.
fn counts(text: &str) -> Option<(u32, Option<u32>, usize)> {
    let end = text.find('}')?;
    let (least, most) = match text[1..end].split_once(',') {
        Some((least, "")) => (least, None),
        Some((least, most)) => (least, Some(most)),
        None => (&text[1..end], Some(&text[1..end])),
    };
    let number = |text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse().unwrap_or(u32::MAX))
    };
    let most = match most {
        Some(most) => Some(number(most)?),
        None => None,
    };
    Some((number(least)?, most, end + 1))
}

fn is_name(name: &str) -> bool {
    name.chars().all(|letter| letter == '_' || letter.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn what_go_takes_passes() {
        for pattern in [
            "^[a-z]([-a-z0-9]*[a-z0-9])?$",
            r"^\d+(\.\d+)?$",
            r"^((25[0-5]|(2[0-4]|1[0-9]|[1-9]|)[0-9])(\.|$)){4}$",
            r"(?P<a>x)(?P<a>y)(?<b>z)",
            r"(?i)abc(?s:.)(?-m)",
            r"a{,2}{2}b{2,}?[[:alpha:]-][]a][^]]\Qa(\E",
            r"\pL\p{Greek}[\PN]\x41\x{10FFFF}\101\/\_\-",
            "a{x}{",
            "a{1000}",
            "^*$",
        ] {
            assert_eq!(problem(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn what_go_refuses_is_refused() {
        for pattern in [
            "^(?!a)b", "(?=a)", "(?<=a)b", "(?<!a)b", "(?>a)", r"(a)\1", "a++", "a**", "a{2}{3}", "a{1001}", "a{3,2}",
            r"\u0041", r"a\Z", r"\h", r"\R", "(?x)a", "(a", "a)", "[a", "*a", "(|*)", r"a\", r"[\b]", r"\é", r"\C",
        ] {
            assert!(problem(pattern).is_some(), "{pattern}");
        }
    }
}
