//! Label selectors, as in a query: `app=web,tier in (a, b),!canary,generation>3`.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::name::{MalformedInput, is_subdomain};

/// Label selector: a list of requirements. A selected object meets all of them. The empty selector selects every
/// object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelSelector {
    /// Requirements, in the order in which they were written.
    pub requirements: Vec<LabelRequirement>,
}

/// Requirement on one label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabelRequirement {
    /// `key=value`, `key==value`, `key in (a,b)`: the label exists and has one of the values.
    In(String, BTreeSet<String>),
    /// `key!=value`, `key notin (a,b)`: the label does not exist or has none of the values.
    NotIn(String, BTreeSet<String>),
    /// `key`: the label exists.
    Exists(String),
    /// `!key`: the label does not exist.
    Absent(String),
    /// `key>3`: the label exists and is an integer greater than the bound.
    GreaterThan(String, i64),
    /// `key<3`: the label exists and is an integer less than the bound.
    LessThan(String, i64),
}

impl LabelSelector {
    /// Returns whether the selector is empty and selects every object.
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }

    /// Returns whether an object is selected. `label` returns the value of a label of the object, or `None` if the
    /// object lacks the label.
    pub fn matches<'a>(&self, label: impl Fn(&str) -> Option<&'a str>) -> bool {
        self.requirements.iter().all(|requirement| requirement.matches(&label))
    }
}

impl LabelRequirement {
    fn matches<'a>(&self, label: impl Fn(&str) -> Option<&'a str>) -> bool {
        let integer = |key: &str| label(key).and_then(|value| value.parse::<i64>().ok());
        match self {
            Self::In(key, values) => label(key).is_some_and(|value| values.contains(value)),
            Self::NotIn(key, values) => label(key).is_none_or(|value| !values.contains(value)),
            Self::Exists(key) => label(key).is_some(),
            Self::Absent(key) => label(key).is_none(),
            Self::GreaterThan(key, bound) => integer(key).is_some_and(|value| value > *bound),
            Self::LessThan(key, bound) => integer(key).is_some_and(|value| value < *bound),
        }
    }
}

impl fmt::Display for LabelSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, requirement) in self.requirements.iter().enumerate() {
            let separator = if index == 0 { "" } else { "," };
            write!(f, "{separator}{requirement}")?;
        }
        Ok(())
    }
}

impl fmt::Display for LabelRequirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |values: &BTreeSet<String>| values.iter().map(String::as_str).collect::<Vec<_>>().join(",");
        match self {
            Self::In(key, values) => write!(f, "{key} in ({})", list(values)),
            Self::NotIn(key, values) => write!(f, "{key} notin ({})", list(values)),
            Self::Exists(key) => write!(f, "{key}"),
            Self::Absent(key) => write!(f, "!{key}"),
            Self::GreaterThan(key, bound) => write!(f, "{key}>{bound}"),
            Self::LessThan(key, bound) => write!(f, "{key}<{bound}"),
        }
    }
}

impl FromStr for LabelSelector {
    type Err = MalformedInput;

    fn from_str(text: &str) -> Result<Self, MalformedInput> {
        Parser { rest: text }.selector()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Symbol(&'a str),
    Word(&'a str),
    End,
}

impl fmt::Display for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Symbol(text) | Self::Word(text) => write!(f, "{text:?}"),
            Self::End => f.write_str("the end"),
        }
    }
}

/// Longer symbols first, so that `==` is not read as two symbols.
const SYMBOLS: [&str; 8] = ["==", "!=", "=", "!", ">", "<", "(", ")"];

struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Token<'a> {
        let text = self.rest.trim_start();
        if text.is_empty() {
            return Token::End;
        }
        if let Some(symbol) = SYMBOLS.iter().chain(&[","]).find(|symbol| text.starts_with(**symbol)) {
            return Token::Symbol(symbol);
        }
        let end = text.find(|c: char| c.is_whitespace() || "=!()<>,".contains(c));
        Token::Word(&text[..end.unwrap_or(text.len())])
    }

    fn next(&mut self) -> Token<'a> {
        let token = self.peek();
        self.rest = self.rest.trim_start();
        if let Token::Symbol(text) | Token::Word(text) = token {
            self.rest = &self.rest[text.len()..];
        }
        token
    }

    fn selector(mut self) -> Result<LabelSelector, MalformedInput> {
        let mut requirements = Vec::new();
        if self.peek() == Token::End {
            return Ok(LabelSelector { requirements });
        }
        loop {
            requirements.push(self.requirement()?);
            match self.next() {
                Token::Symbol(",") => {}
                Token::End => return Ok(LabelSelector { requirements }),
                other => return Err(unexpected(other, "',' or the end")),
            }
        }
    }

    fn requirement(&mut self) -> Result<LabelRequirement, MalformedInput> {
        if self.peek() == Token::Symbol("!") {
            self.next();
            return Ok(LabelRequirement::Absent(self.key()?));
        }
        let key = self.key()?;
        if matches!(self.peek(), Token::Symbol(",") | Token::End) {
            return Ok(LabelRequirement::Exists(key));
        }
        Ok(match self.next() {
            Token::Symbol("=" | "==") => LabelRequirement::In(key, [self.value()?].into()),
            Token::Symbol("!=") => LabelRequirement::NotIn(key, [self.value()?].into()),
            Token::Word("in") => LabelRequirement::In(key, self.values()?),
            Token::Word("notin") => LabelRequirement::NotIn(key, self.values()?),
            Token::Symbol(">") => LabelRequirement::GreaterThan(key, self.integer()?),
            Token::Symbol("<") => LabelRequirement::LessThan(key, self.integer()?),
            other => return Err(unexpected(other, "one of '=', '!=', 'in', 'notin', '>', '<', ','")),
        })
    }

    fn key(&mut self) -> Result<String, MalformedInput> {
        match self.next() {
            Token::Word(key) if is_label_key(key) => Ok(key.to_owned()),
            Token::Word(key) => Err(MalformedInput(format!("{key:?} is not a label key"))),
            other => Err(unexpected(other, "a label key")),
        }
    }

    /// Reads a value. An absent value is the empty text.
    fn value(&mut self) -> Result<String, MalformedInput> {
        let Token::Word(value) = self.peek() else {
            return Ok(String::new());
        };
        self.next();
        if is_label_value(value) {
            return Ok(value.to_owned());
        }
        Err(MalformedInput(format!("{value:?} is not a label value")))
    }

    fn values(&mut self) -> Result<BTreeSet<String>, MalformedInput> {
        match self.next() {
            Token::Symbol("(") => {}
            other => return Err(unexpected(other, "'('")),
        }
        let mut values = BTreeSet::new();
        loop {
            values.insert(self.value()?);
            match self.next() {
                Token::Symbol(",") => {}
                Token::Symbol(")") => return Ok(values),
                other => return Err(unexpected(other, "',' or ')'")),
            }
        }
    }

    fn integer(&mut self) -> Result<i64, MalformedInput> {
        let value = self.value()?;
        value.parse().map_err(|_| MalformedInput(format!("{value:?} is not an integer")))
    }
}

fn unexpected(found: Token<'_>, expected: &str) -> MalformedInput {
    MalformedInput(format!("found {found}, expected {expected}"))
}

/// Checks for `[prefix/]name`. The prefix is a DNS subdomain.
fn is_label_key(text: &str) -> bool {
    let (prefix, name) = text.split_once('/').map_or((None, text), |(prefix, name)| (Some(prefix), name));
    prefix.is_none_or(is_subdomain) && !name.is_empty() && is_label_value(name)
}

/// Checks for at most 63 characters of `[A-Za-z0-9_.-]`, with a letter or digit at both ends. The empty text is valid.
fn is_label_value(text: &str) -> bool {
    let alphanumeric = |byte: Option<u8>| byte.is_none_or(|byte| byte.is_ascii_alphanumeric());
    text.len() <= 63
        && alphanumeric(text.bytes().next())
        && alphanumeric(text.bytes().last())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}
