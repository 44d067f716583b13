//! Go's regular expressions, RE2, written for the `regex` crate.
//!
//! The two share their matching and differ in their syntax: classes of Perl are ASCII in Go, sets cannot be nested or
//! intersected, `\Q..\E` and octal escapes exist, and what is not a count is literal in braces. So every operand is
//! written out anew. Follows `regexp/syntax/parse.go` with the flags of `regexp.Compile`.

use std::fmt::Write;
use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};

/// How often Go lets an expression be repeated, nested repetitions multiplied.
const MAX_REPETITION: u32 = 1000;

/// Memory of a compiled expression: enough for repeated Unicode classes, which Go repeats for less.
const SIZE_LIMIT: usize = 64 << 20;

const POSIX_CLASSES: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word",
    "xdigit",
];

/// A `pattern`, compiled when it is first asked.
#[derive(Debug)]
pub(crate) struct Pattern {
    source: String,
    compiled: OnceLock<Compiled>,
}

impl Pattern {
    pub(crate) fn new(source: &str) -> Self {
        Self { source: source.to_owned(), compiled: OnceLock::new() }
    }

    /// As it stands in the schema.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// Whether the text holds a match; the error says why this cannot be known.
    pub(crate) fn finds(&self, text: &str) -> Result<bool, &str> {
        match self.compiled.get_or_init(|| compile(&self.source)) {
            Compiled::Regex(regex) => Ok(regex.is_match(text)),
            // No CRD has such a pattern. The server's validator takes nothing for a match of it.
            Compiled::RefusedByGo => Ok(false),
            Compiled::Unknown(why) => Err(why),
        }
    }
}

#[derive(Debug)]
enum Compiled {
    Regex(Regex),
    RefusedByGo,
    /// Go takes it, but `regex` does not.
    Unknown(String),
}

fn compile(pattern: &str) -> Compiled {
    match translate(pattern).map(|translated| RegexBuilder::new(&translated).size_limit(SIZE_LIMIT).build()) {
        Ok(Ok(regex)) => Compiled::Regex(regex),
        Ok(Err(error)) => Compiled::Unknown(error.to_string()),
        Err(_) => Compiled::RefusedByGo,
    }
}

/// The same expression for the `regex` crate, without captures; the error says why Go refuses it.
pub(crate) fn translate(pattern: &str) -> Result<String, String> {
    let outermost = Group { factor: 1 };
    Translator { rest: pattern, out: String::new(), groups: vec![outermost], last: Last::Nothing }.run()
}

/// What stands before the current position.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// Nothing that could be repeated.
    Nothing,
    /// Something that repeats itself up to so many times already.
    Operand {
        factor: u32,
    },
    Repetition,
}

const ONCE: Last = Last::Operand { factor: 1 };

/// A group that has not ended.
struct Group {
    /// The most that anything in it is repeated.
    factor: u32,
}

struct Translator<'p> {
    rest: &'p str,
    out: String,
    groups: Vec<Group>,
    last: Last,
}

type Outcome = Result<(), String>;

impl Translator<'_> {
    fn run(mut self) -> Result<String, String> {
        while let Some(letter) = self.peek() {
            match letter {
                '\\' => self.escape()?,
                '[' => self.class()?,
                '(' => self.open()?,
                ')' => self.close()?,
                '|' => self.sign("|", Last::Nothing),
                '^' | '$' | '.' => self.sign(&letter.to_string(), ONCE),
                '*' | '+' | '?' => self.repetition(1, 1)?,
                '{' => match counts(self.rest) {
                    Some(counts) => self.counted(counts)?,
                    None => self.literal(),
                },
                _ => self.literal(),
            }
        }
        if self.groups.len() > 1 { Err("`(` without `)`".into()) } else { Ok(self.out) }
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.rest = &self.rest[letter.len_utf8()..];
        Some(letter)
    }

    /// Writes what stands for the next character, which is of one byte.
    fn sign(&mut self, written: &str, last: Last) {
        self.rest = &self.rest[1..];
        self.out.push_str(written);
        self.last = last;
    }

    fn literal(&mut self) {
        if let Some(letter) = self.next() {
            self.out.push_str(&escaped(letter));
            self.last = ONCE;
        }
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
        let group = self.groups.last_mut().expect("the outermost is never closed");
        group.factor = group.factor.max(factor);
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
            // Flags to the end of the group around.
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
        self.groups.push(Group { factor: 1 });
        self.last = Last::Nothing;
    }

    fn close(&mut self) -> Outcome {
        if self.groups.len() == 1 {
            return Err("`)` without `(`".into());
        }
        let Group { factor } = self.groups.pop().expect("there are two");
        let around = self.groups.last_mut().expect("the outermost is never closed");
        around.factor = around.factor.max(factor);
        self.sign(")", Last::Operand { factor });
        Ok(())
    }

    /// An escape outside of a class.
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
                    write!(self.out, "[{class}]").expect("a string takes everything");
                    self.last = ONCE;
                    return Ok(());
                }
                None => {
                    let letter = self.letter_escape()?;
                    self.out.push_str(&escaped(letter));
                    self.last = ONCE;
                    return Ok(());
                }
            },
        };
        self.rest = &self.rest[2..];
        self.out.push_str(written);
        self.last = ONCE;
        Ok(())
    }

    /// `\Q..\E`
    fn quoted(&mut self) {
        let text = &self.rest[2..];
        let (literal, rest) = text.split_once("\\E").unwrap_or((text, ""));
        for letter in literal.chars() {
            self.out.push_str(&escaped(letter));
            self.last = ONCE;
        }
        self.rest = rest;
    }

    /// `\d`, `\pL` and the like: what stands for it in a class. None for other escapes, of which nothing is read.
    fn class_escape(&mut self) -> Result<Option<String>, String> {
        let mut letters = self.rest[1..].chars();
        let class = match letters.next() {
            Some('d') => "0-9",
            Some('D') => r"[^0-9]",
            Some('s') => r"\t\n\x0C\r\x20",
            Some('S') => r"[^\t\n\x0C\r\x20]",
            Some('w') => "0-9A-Za-z_",
            Some('W') => "[^0-9A-Za-z_]",
            Some('p' | 'P') => return self.unicode_class().map(Some),
            _ => return Ok(None),
        };
        self.rest = &self.rest[2..];
        Ok(Some(class.to_owned()))
    }

    /// `\pL`, `\p{Greek}`, `\p{^Greek}`, `\P{Greek}`
    fn unicode_class(&mut self) -> Result<String, String> {
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
        match is_name && Regex::new(&class).is_ok() {
            true => Ok(class),
            false => Err(format!("`{name}` is not a class of Unicode")),
        }
    }

    /// An escape that stands for one character.
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

    /// What stands behind `\x`.
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

    /// `[..]`
    fn class(&mut self) -> Outcome {
        self.rest = &self.rest[1..];
        self.out.push('[');
        if self.peek() == Some('^') {
            self.sign("^", Last::Nothing);
        }
        let mut is_first = true;
        while is_first || self.peek() != Some(']') {
            is_first = false;
            self.class_item()?;
        }
        self.sign("]", ONCE);
        Ok(())
    }

    fn class_item(&mut self) -> Outcome {
        if let Some(named) = self.rest.strip_prefix("[:")
            && let Some((name, rest)) = named.split_once(":]")
        {
            if !POSIX_CLASSES.contains(&name.strip_prefix('^').unwrap_or(name)) {
                return Err(format!("`[:{name}:]` is not a class"));
            }
            write!(self.out, "[:{name}:]").expect("a string takes everything");
            self.rest = rest;
            return Ok(());
        }
        if self.rest.starts_with('\\')
            && let Some(class) = self.class_escape()?
        {
            self.out.push_str(&class);
            return Ok(());
        }
        let first = self.class_letter()?;
        self.out.push_str(&escaped(first));
        let is_range = self.rest.strip_prefix('-').is_some_and(|rest| !rest.is_empty() && !rest.starts_with(']'));
        if is_range {
            self.rest = &self.rest[1..];
            let last = self.class_letter()?;
            if last < first {
                return Err(format!("the range `{first}-{last}` is not in order"));
            }
            write!(self.out, "-{}", escaped(last)).expect("a string takes everything");
        }
        Ok(())
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

/// A character that means itself wherever it stands.
fn escaped(letter: char) -> String {
    match letter {
        _ if letter.is_alphanumeric() || letter == '_' => letter.to_string(),
        _ => format!("\\x{{{:X}}}", u32::from(letter)),
    }
}

/// `{2}`, `{2,}` or `{2,3}`
struct Counts {
    least: u32,
    most: Option<u32>,
    length: usize,
}

/// The count at the start; anything else in braces is literal.
fn counts(text: &str) -> Option<Counts> {
    let end = text.find('}')?;
    let number = |text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // Go takes no leading zeros for a number.
        let is_number = is_number && (text == "0" || !text.starts_with('0'));
        is_number.then(|| text.parse().unwrap_or(u32::MAX))
    };
    let (least, most) = match text[1..end].split_once(',') {
        Some((least, "")) => (number(least)?, None),
        Some((least, most)) => (number(least)?, Some(number(most)?)),
        None => (number(&text[1..end])?, Some(number(&text[1..end])?)),
    };
    Some(Counts { least, most, length: end + 1 })
}

/// The same flags, each of them once: one that is set and cleared is cleared.
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
            assert!(matches!(compile(pattern), Compiled::Regex(_)), "{pattern}: {:?}", compile(pattern));
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

    /// Each expression with texts that Go finds it in, and texts that it does not.
    #[test]
    fn the_meaning_is_gos() {
        let cases: &[(&str, &[&str], &[&str])] = &[
            // Classes of Perl are ASCII, and white space has no vertical tab.
            (r"^\d+$", &["12"], &["١"]),
            (r"^\w+$", &["a_1"], &["é"]),
            (r"^\s$", &[" ", "\t", "\n", "\x0C", "\r"], &["\x0B", "\u{A0}"]),
            (r"^[^\d\s]$", &["a", "\x0B"], &["1", " "]),
            (r"^[\W-]$", &["é", "-"], &["a"]),
            (r"é\b", &[], &["é"]),
            // Sets know no operations.
            (r"^[a&&b]+$", &["a&b"], &["c"]),
            (r"^[[a-b]+$", &["[ab"], &["c"]),
            (r"^[[:alpha:]_]+$", &["a_"], &["é", ":"]),
            (r"^[]a]+$", &["]a"], &["b"]),
            (r"^[a-]+$", &["a-"], &["b"]),
            // What is not a count is literal.
            (r"^a{,2}$", &["a{,2}"], &["a", "aa"]),
            (r"^a{2}$", &["aa"], &["a{2}"]),
            (r"^a{01}$", &["a{01}"], &["a"]),
            // Quoted, octal and hexadecimal.
            (r"^\Qa.b\E+$", &["a.bb"], &["axb"]),
            (r"^\101\x42\x{43}$", &["ABC"], &[]),
            // Flags, groups, ends.
            (r"(?i)^k$", &["K", "\u{212A}"], &[]),
            (r"^a(?s:.)b$", &["a\nb"], &[]),
            (r"^a.b$", &["axb"], &["a\nb"]),
            (r"a$", &["a"], &["a\n"]),
            (r"(?m)^a$", &["b\na\n"], &[]),
            (r"^\pL\p{^Greek}\PN$", &["aaa"], &["aβa", "aa1"]),
            (r"^(?P<a>x)(?P<a>y)$", &["xy"], &["x"]),
        ];
        for (pattern, found, not_found) in cases {
            let finds = |text: &&str| Pattern::new(pattern).finds(text).expect("it is compiled");
            assert!(found.iter().all(finds), "{pattern} finds {found:?}");
            assert!(!not_found.iter().any(finds), "{pattern} does not find {not_found:?}");
        }
    }
}
