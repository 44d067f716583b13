//! Go's regular expressions (RE2), translated for the `regex` crate.
//!
//! The two dialects match alike but differ in syntax. In Go, Perl classes are ASCII, sets cannot be nested or
//! intersected, `\Q..\E` and octal escapes exist, and braces that are not a count are literal. So [`translate`]
//! rewrites every operand. Follows `regexp/syntax/parse.go` with the flags of `regexp.Compile`.

mod engine;
mod pattern;

use std::collections::HashSet;
use std::fmt::Write;

use regex_automata::util::syntax;

pub use pattern::{Pattern, Patterns, Unmatched};

/// Maximum of a repetition in Go, with nested repetitions multiplied.
const MAX_REPETITION: u32 = 1000;

/// Weights of the parts of an expression, in states of the compiled expression.
mod weight {
    /// Unicode classes such as `\pL`, which have hundreds of ranges.
    pub(super) const UNICODE_CLASS: usize = 500;
    /// `.` and `[^a]`, which match characters of any encoded length.
    pub(super) const ANY: usize = 12;
    /// A range beyond ASCII.
    pub(super) const RANGE: usize = 8;
}

const POSIX_CLASSES: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word",
    "xdigit",
];

/// Go expression in the syntax of the `regex` crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translated {
    /// Expression for the `regex` crate. Capturing groups become groups that do not capture.
    pub text: String,
    /// Approximate number of states of the compiled expression, with repetitions expanded.
    pub weight: usize,
}

/// Reason why Go refuses an expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(String);

/// Translates a Go expression for the `regex` crate.
///
/// # Errors
///
/// Returns the reason why Go refuses the expression.
///
/// # Examples
///
/// ```
/// use crdgen_cel::re2::translate;
///
/// // In Go, `\d` is an ASCII digit.
/// assert_eq!(translate(r"\d+").unwrap().text, "[0-9]+");
/// assert_eq!(translate("(?=a)").unwrap_err().to_string(), "look-around, an atomic group or an unknown flag behind `(?`");
/// ```
pub fn translate(pattern: &str) -> Result<Translated, Refused> {
    let outermost = Group { factor: 1, weight: 0 };
    let translator = Translator {
        rest: pattern,
        out: String::new(),
        groups: vec![outermost],
        last: Last::Nothing,
        operand: 0,
        unicode_classes: HashSet::new(),
        has_class_ends: true,
    };
    translator.run().map_err(Refused)
}

/// Token before the current position.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// Nothing that can be repeated.
    Nothing,
    /// Operand. `factor` is the highest repetition within the operand.
    Operand {
        factor: u32,
    },
    Repetition,
}

const ONCE: Last = Last::Operand { factor: 1 };

/// Open group.
struct Group {
    /// Highest repetition of anything in the group.
    factor: u32,
    /// Sum of the weights in the group so far.
    weight: usize,
}

struct Translator<'p> {
    rest: &'p str,
    out: String,
    groups: Vec<Group>,
    last: Last,
    /// Weight of the last operand, which a repetition would repeat.
    operand: usize,
    /// Names that are known to be Unicode classes.
    unicode_classes: HashSet<String>,
    /// Whether `:]` may occur in the rest. A failed search sets it to false, so the rest is not searched again.
    has_class_ends: bool,
}

type Outcome = Result<(), String>;

impl<'p> Translator<'p> {
    fn run(mut self) -> Result<Translated, String> {
        while let Some(letter) = self.peek() {
            match letter {
                '\\' => self.escape()?,
                '[' => self.class()?,
                '(' => self.open()?,
                ')' => self.close()?,
                '|' => self.sign("|", Last::Nothing),
                '^' | '$' => self.operand_sign(&letter.to_string(), 1),
                '.' => self.operand_sign(".", weight::ANY),
                '*' | '+' | '?' => self.repetition(1, 1)?,
                '{' => match counts(self.rest) {
                    Some(counts) => self.counted(counts)?,
                    None => self.literal(),
                },
                _ => self.literal(),
            }
        }
        match self.groups.as_slice() {
            [outermost] => Ok(Translated { weight: outermost.weight, text: self.out }),
            _ => Err("`(` without `)`".into()),
        }
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.rest = &self.rest[letter.len_utf8()..];
        Some(letter)
    }

    /// Consumes the next character, which has one byte, and writes `written` for it.
    fn sign(&mut self, written: &str, last: Last) {
        self.rest = &self.rest[1..];
        self.out.push_str(written);
        self.last = last;
    }

    /// Writes a token that can be repeated.
    fn operand_sign(&mut self, written: &str, weight: usize) {
        self.sign(written, ONCE);
        self.add_operand(weight);
    }

    /// Marks the last written token as one that can be repeated.
    fn add_operand(&mut self, weight: usize) {
        self.last = ONCE;
        self.weigh(weight);
    }

    fn weigh(&mut self, weight: usize) {
        self.operand = weight;
        let group = self.group();
        group.weight = group.weight.saturating_add(weight);
    }

    fn group(&mut self) -> &mut Group {
        self.groups.last_mut().expect("the outermost is never closed")
    }

    fn literal(&mut self) {
        if let Some(letter) = self.next() {
            self.write_literal(letter);
        }
    }

    fn write_literal(&mut self, letter: char) {
        self.out.push_str(&escaped(letter));
        self.add_operand(letter.len_utf8());
    }

    fn counted(&mut self, counts: Counts) -> Outcome {
        let sign = &self.rest[..counts.length];
        let highest = counts.most.unwrap_or(counts.least).max(counts.least);
        if highest > MAX_REPETITION || counts.most.is_some_and(|most| most < counts.least) {
            return Err(format!("the repetition `{sign}` is not from 0 to {MAX_REPETITION}, in order"));
        }
        self.repetition(counts.length, counts.most.unwrap_or(counts.least).max(1))
    }

    fn repetition(&mut self, length: usize, times: u32) -> Outcome {
        let sign = &self.rest[..length];
        let factor = match self.last {
            Last::Nothing => return Err(format!("`{sign}` repeats nothing")),
            Last::Repetition => return Err(format!("`{sign}` repeats a repetition")),
            Last::Operand { factor } => factor.saturating_mul(times),
        };
        if factor > MAX_REPETITION {
            return Err(format!("`{sign}` repeats more than {MAX_REPETITION} times what is repeated already"));
        }
        let repeated = self.operand.saturating_mul(times as usize - 1) + 1;
        let group = self.group();
        group.factor = group.factor.max(factor);
        group.weight = group.weight.saturating_add(repeated);
        self.out.push_str(sign);
        self.rest = &self.rest[length..];
        if self.peek() == Some('?') {
            self.sign("?", Last::Repetition);
        }
        self.last = Last::Repetition;
        Ok(())
    }

    fn open(&mut self) -> Outcome {
        self.rest = &self.rest[1..];
        let Some(rest) = self.rest.strip_prefix('?') else {
            self.enter("(?:");
            return Ok(());
        };
        if let Some(name) = rest.strip_prefix("P<").or_else(|| rest.strip_prefix('<')) {
            let end = name.find('>').filter(|end| *end > 0 && is_name(&name[..*end]));
            let Some(end) = end else { return Err("look-behind, or a group without a name".into()) };
            self.rest = &name[end + 1..];
            self.enter("(?:");
            return Ok(());
        }
        let length = rest.bytes().take_while(|byte| matches!(byte, b'i' | b'm' | b's' | b'U' | b'-')).count();
        let (flags, behind) = rest.split_at(length);
        if flags.ends_with('-') || flags.matches('-').count() > 1 {
            return Err("`-` without a flag behind `(?`".into());
        }
        if let Some(rest) = behind.strip_prefix(':') {
            self.rest = rest;
            self.enter(&format!("(?{}:", each_once(flags)));
        } else if let Some(rest) = behind.strip_prefix(')') {
            // Flags apply to the end of the enclosing group.
            self.rest = rest;
            if !flags.is_empty() {
                write!(self.out, "(?{})", each_once(flags)).expect("a string takes everything");
            }
        } else {
            return Err("look-around, an atomic group or an unknown flag behind `(?`".into());
        }
        Ok(())
    }

    fn enter(&mut self, written: &str) {
        self.out.push_str(written);
        self.groups.push(Group { factor: 1, weight: 0 });
        self.last = Last::Nothing;
    }

    fn close(&mut self) -> Outcome {
        if self.groups.len() == 1 {
            return Err("`)` without `(`".into());
        }
        let Group { factor, weight } = self.groups.pop().expect("there are two");
        let around = self.group();
        around.factor = around.factor.max(factor);
        self.weigh(weight + 1);
        self.sign(")", Last::Operand { factor });
        Ok(())
    }

    /// Reads an escape outside of a class.
    fn escape(&mut self) -> Outcome {
        let mut letters = self.rest[1..].chars();
        let written = match letters.next() {
            Some('Q') => {
                self.quoted();
                return Ok(());
            }
            Some('A') => r"\A",
            Some('z') => r"\z",
            Some('b') => r"(?-u:\b)",
            Some('B') => r"(?-u:\B)",
            _ => match self.class_escape()? {
                Some(class) => {
                    write!(self.out, "[{}]", class.text).expect("a string takes everything");
                    self.add_operand(class.weight);
                    return Ok(());
                }
                None => {
                    let letter = self.letter_escape()?;
                    self.write_literal(letter);
                    return Ok(());
                }
            },
        };
        self.rest = &self.rest[2..];
        self.out.push_str(written);
        self.add_operand(1);
        Ok(())
    }

    /// Reads `\Q..\E`.
    fn quoted(&mut self) {
        let text = &self.rest[2..];
        let (literal, rest) = text.split_once("\\E").unwrap_or((text, ""));
        literal.chars().for_each(|letter| self.write_literal(letter));
        self.rest = rest;
    }

    /// Reads a class escape such as `\d` or `\pL` and returns its content for a class. Returns `None` for other escapes
    /// and consumes nothing of them.
    fn class_escape(&mut self) -> Result<Option<Class>, String> {
        let mut letters = self.rest[1..].chars();
        let (text, weight) = match letters.next() {
            Some('d') => ("0-9", 1),
            Some('D') => (r"[^0-9]", weight::ANY),
            Some('s') => (r"\t\n\x0C\r\x20", 1),
            Some('S') => (r"[^\t\n\x0C\r\x20]", weight::ANY),
            Some('w') => ("0-9A-Za-z_", 1),
            Some('W') => ("[^0-9A-Za-z_]", weight::ANY),
            Some('p' | 'P') => return self.unicode_class().map(Some),
            _ => return Ok(None),
        };
        self.rest = &self.rest[2..];
        Ok(Some(Class { text: text.to_owned(), weight }))
    }

    /// Reads `\pL`, `\p{Greek}`, `\p{^Greek}` or `\P{Greek}`.
    fn unicode_class(&mut self) -> Result<Class, String> {
        let mut is_negated = self.rest.starts_with("\\P");
        self.rest = &self.rest[2..];
        let name = match self.next() {
            Some('{') => {
                let Some((name, rest)) = self.rest.split_once('}') else { return Err("`\\p{` without `}`".into()) };
                self.rest = rest;
                name.to_owned()
            }
            Some(letter) => letter.to_string(),
            None => return Err("`\\p` at the end".into()),
        };
        let name = name.strip_prefix('^').map_or(&*name, |name| {
            is_negated = !is_negated;
            name
        });
        let class = format!("\\{}{{{name}}}", if is_negated { 'P' } else { 'p' });
        let is_name = !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        let is_known = self.unicode_classes.contains(name);
        if !is_name || !(is_known || syntax::parse(&class).is_ok()) {
            return Err(format!("`{name}` is not a class of Unicode"));
        }
        if !is_known {
            self.unicode_classes.insert(name.to_owned());
        }
        Ok(Class { text: class, weight: weight::UNICODE_CLASS })
    }

    /// Reads an escape for one character.
    fn letter_escape(&mut self) -> Result<char, String> {
        self.rest = &self.rest[1..];
        let Some(letter) = self.next() else { return Err("`\\` at the end".into()) };
        let is_octal = |letter: Option<char>| letter.is_some_and(|letter| letter.is_digit(8));
        match letter {
            'a' => Ok('\x07'),
            'f' => Ok('\x0C'),
            'n' => Ok('\n'),
            'r' => Ok('\r'),
            't' => Ok('\t'),
            'v' => Ok('\x0B'),
            'x' => self.hexadecimal(),
            '1'..='7' if !is_octal(self.peek()) => Err(format!("the back reference `\\{letter}`")),
            '0'..='7' => {
                let mut code = letter.to_digit(8).unwrap_or_default();
                for _ in 0..2 {
                    let Some(digit) = self.peek().and_then(|letter| letter.to_digit(8)) else { break };
                    code = code * 8 + digit;
                    self.next();
                }
                char::from_u32(code).ok_or_else(|| format!("the unknown escape `\\{letter}`"))
            }
            _ if letter.is_ascii() && !letter.is_ascii_alphanumeric() => Ok(letter),
            _ => Err(format!("the unknown escape `\\{letter}`")),
        }
    }

    /// Reads the digits after `\x`.
    fn hexadecimal(&mut self) -> Result<char, String> {
        let (digits, rest) = match self.rest.strip_prefix('{') {
            Some(braced) => braced.split_once('}').ok_or("`\\x{` without `}`")?,
            None => self.rest.split_at_checked(2).ok_or("`\\x` without two digits")?,
        };
        self.rest = rest;
        let is_hexadecimal = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let code = is_hexadecimal.then(|| u32::from_str_radix(digits, 16).ok()).flatten();
        code.and_then(char::from_u32).ok_or_else(|| format!("`\\x{digits}` is not a character"))
    }

    /// Reads a class, `[..]`.
    fn class(&mut self) -> Outcome {
        self.rest = &self.rest[1..];
        self.out.push('[');
        let mut weight = 1;
        if self.peek() == Some('^') {
            self.sign("^", Last::Nothing);
            weight += weight::ANY;
        }
        let mut is_first = true;
        while is_first || self.peek() != Some(']') {
            is_first = false;
            weight += self.class_item()?;
        }
        self.operand_sign("]", weight);
        Ok(())
    }

    /// Returns the name of `[:name:]` and the rest after it.
    fn named_class(&mut self) -> Option<(&'p str, &'p str)> {
        let named = self.rest.strip_prefix("[:").filter(|_| self.has_class_ends)?;
        let found = named.split_once(":]");
        self.has_class_ends = found.is_some();
        found
    }

    /// Reads one item of a class and returns its weight.
    fn class_item(&mut self) -> Result<usize, String> {
        if let Some((name, rest)) = self.named_class() {
            if !POSIX_CLASSES.contains(&name.strip_prefix('^').unwrap_or(name)) {
                return Err(format!("`[:{name}:]` is not a class"));
            }
            write!(self.out, "[:{name}:]").expect("a string takes everything");
            self.rest = rest;
            return Ok(0);
        }
        if self.rest.starts_with('\\')
            && let Some(class) = self.class_escape()?
        {
            self.out.push_str(&class.text);
            return Ok(class.weight);
        }
        let first = self.class_letter()?;
        self.out.push_str(&escaped(first));
        let is_range = self.rest.strip_prefix('-').is_some_and(|rest| !rest.is_empty() && !rest.starts_with(']'));
        let mut last = first;
        if is_range {
            self.rest = &self.rest[1..];
            last = self.class_letter()?;
            if last < first {
                return Err(format!("the range `{first}-{last}` is not in order"));
            }
            write!(self.out, "-{}", escaped(last)).expect("a string takes everything");
        }
        Ok(if last.is_ascii() { 0 } else { weight::RANGE })
    }

    fn class_letter(&mut self) -> Result<char, String> {
        match self.peek() {
            None => Err("`[` without `]`".into()),
            Some('\\') => self.letter_escape(),
            Some(letter) => {
                self.next();
                Ok(letter)
            }
        }
    }
}

/// Content of a class that an escape stands for.
struct Class {
    text: String,
    weight: usize,
}

/// Escapes a character so that it matches itself in any position.
fn escaped(letter: char) -> String {
    match letter {
        _ if letter.is_alphanumeric() || letter == '_' => letter.to_string(),
        _ => format!("\\x{{{:X}}}", u32::from(letter)),
    }
}

/// Repetition count: `{2}`, `{2,}` or `{2,3}`.
struct Counts {
    least: u32,
    most: Option<u32>,
    length: usize,
}

/// Returns the count at the start of `text`. Anything else in braces is literal.
fn counts(text: &str) -> Option<Counts> {
    let end = 1 + text[1..].bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b',').count();
    let counts = text[end..].starts_with('}').then(|| &text[1..end])?;
    let number = |text: &str| {
        // Go does not accept leading zeros.
        let is_number = !text.is_empty() && !text.contains(',') && (text == "0" || !text.starts_with('0'));
        is_number.then(|| text.parse().unwrap_or(u32::MAX))
    };
    let (least, most) = match counts.split_once(',') {
        Some((least, "")) => (number(least)?, None),
        Some((least, most)) => (number(least)?, Some(number(most)?)),
        None => (number(counts)?, Some(number(counts)?)),
    };
    Some(Counts { least, most, length: end + 1 })
}

/// Removes duplicate flags. A flag that is both set and cleared is cleared.
fn each_once(flags: &str) -> String {
    let (set, cleared) = flags.split_once('-').unwrap_or((flags, ""));
    let list = |wanted: &dyn Fn(char) -> bool| ['i', 'm', 's', 'U'].into_iter().filter(|flag| wanted(*flag)).collect();
    let set: String = list(&|flag| set.contains(flag) && !cleared.contains(flag));
    let cleared: String = list(&|flag| cleared.contains(flag));
    if cleared.is_empty() { set } else { format!("{set}-{cleared}") }
}

fn is_name(name: &str) -> bool {
    name.chars().all(|letter| letter == '_' || letter.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effort::Effort;

    fn finds(pattern: &str, text: &str) -> Result<bool, Unmatched> {
        Patterns::new().get(pattern).finds(text, &Effort::new(1_000_000))
    }

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
            assert!(translate(pattern).is_ok() && finds(pattern, "").is_ok(), "{pattern}: {:?}", finds(pattern, ""));
        }
    }

    #[test]
    fn what_go_refuses_is_refused() {
        for pattern in [
            "^(?!a)b", "(?=a)", "(?<=a)b", "(?<!a)b", "(?>a)", r"(a)\1", "a++", "a**", "a{2}{3}", "a{1001}", "a{3,2}",
            r"\u0041", r"a\Z", r"\h", r"\R", "(?x)a", "(a", "a)", "[a", "*a", "(|*)", r"a\", r"[\b]", r"\é", r"\C",
        ] {
            assert!(translate(pattern).is_err(), "{pattern}");
        }
    }

    /// Each case is an expression, texts that it matches in Go, and texts that it does not match.
    #[test]
    fn the_meaning_is_gos() {
        let cases: &[(&str, &[&str], &[&str])] = &[
            // Perl classes are ASCII, and white space does not include the vertical tab.
            (r"^\d+$", &["12"], &["١"]),
            (r"^\w+$", &["a_1"], &["é"]),
            (r"^\s$", &[" ", "\t", "\n", "\x0C", "\r"], &["\x0B", "\u{A0}"]),
            (r"^[^\d\s]$", &["a", "\x0B"], &["1", " "]),
            (r"^[\W-]$", &["é", "-"], &["a"]),
            (r"é\b", &[], &["é"]),
            // Sets have no operations.
            (r"^[a&&b]+$", &["a&b"], &["c"]),
            (r"^[[a-b]+$", &["[ab"], &["c"]),
            (r"^[[:alpha:]_]+$", &["a_"], &["é", ":"]),
            (r"^[]a]+$", &["]a"], &["b"]),
            (r"^[a-]+$", &["a-"], &["b"]),
            // Braces that are not a count are literal.
            (r"^a{,2}$", &["a{,2}"], &["a", "aa"]),
            (r"^a{2}$", &["aa"], &["a{2}"]),
            (r"^a{01}$", &["a{01}"], &["a"]),
            // Quoted text, octal and hexadecimal escapes.
            (r"^\Qa.b\E+$", &["a.bb"], &["axb"]),
            (r"^\101\x42\x{43}$", &["ABC"], &[]),
            // Flags, groups, anchors.
            (r"(?i)^k$", &["K", "\u{212A}"], &[]),
            (r"^a(?s:.)b$", &["a\nb"], &[]),
            (r"^a.b$", &["axb"], &["a\nb"]),
            (r"a$", &["a"], &["a\n"]),
            (r"(?m)^a$", &["b\na\n"], &[]),
            (r"^\pL\p{^Greek}\PN$", &["aaa"], &["aβa", "aa1"]),
            (r"^(?P<a>x)(?P<a>y)$", &["xy"], &["x"]),
        ];
        for (pattern, found, not_found) in cases {
            let finds = |text: &&str| finds(pattern, text).expect("it is compiled");
            assert!(found.iter().all(finds), "{pattern} finds {found:?}");
            assert!(!not_found.iter().any(finds), "{pattern} does not find {not_found:?}");
        }
    }
}
