//! Field selectors, as in a query: `metadata.name=web,spec.phase!=Done`.

use std::fmt;
use std::str::FromStr;

use super::name::MalformedInput;

/// Field selector: a list of requirements. A selected object meets all of them. The empty selector selects every
/// object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldSelector {
    /// Requirements, in the order in which they were written.
    pub requirements: Vec<FieldRequirement>,
}

/// Requirement on one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldRequirement {
    /// `field=value` or `field==value`.
    Equals(String, String),
    /// `field!=value`.
    Differs(String, String),
}

impl FieldSelector {
    /// Returns whether the selector is empty and selects every object.
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }

    /// Returns whether an object is selected. `field` returns the value of a field of the object. Before the call,
    /// check with [`FieldRequirement::field`] that `field` supports every field of the selector.
    pub fn matches(&self, field: impl Fn(&str) -> String) -> bool {
        self.requirements.iter().all(|requirement| match requirement {
            FieldRequirement::Equals(name, value) => field(name) == *value,
            FieldRequirement::Differs(name, value) => field(name) != *value,
        })
    }
}

impl FieldRequirement {
    /// Returns the path of the field, without a leading dot.
    pub fn field(&self) -> &str {
        let (Self::Equals(field, _) | Self::Differs(field, _)) = self;
        field
    }
}

impl FromStr for FieldSelector {
    type Err = MalformedInput;

    fn from_str(text: &str) -> Result<Self, MalformedInput> {
        let terms = split_unescaped(text, ',').into_iter().filter(|term| !term.is_empty());
        Ok(Self { requirements: terms.map(requirement).collect::<Result<_, _>>()? })
    }
}

impl fmt::Display for FieldSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, requirement) in self.requirements.iter().enumerate() {
            let separator = if index == 0 { "" } else { "," };
            write!(f, "{separator}{requirement}")?;
        }
        Ok(())
    }
}

impl fmt::Display for FieldRequirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Equals(field, value) => write!(f, "{field}={}", escape(value)),
            Self::Differs(field, value) => write!(f, "{field}!={}", escape(value)),
        }
    }
}

fn requirement(term: &str) -> Result<FieldRequirement, MalformedInput> {
    let Some((left, value)) = term.split_once('=') else {
        return Err(MalformedInput(format!("{term:?} is not 'field=value' or 'field!=value'")));
    };
    if let Some(field) = left.strip_suffix('!') {
        return Ok(FieldRequirement::Differs(field.to_owned(), unescape(value)?));
    }
    let value = value.strip_prefix('=').unwrap_or(value);
    Ok(FieldRequirement::Equals(left.to_owned(), unescape(value)?))
}

/// Splits the text at every separator that does not follow a backslash.
fn split_unescaped(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut escaped = false;
    for (index, c) in text.char_indices() {
        if c == separator && !escaped {
            parts.push(&text[start..index]);
            start = index + c.len_utf8();
        }
        escaped = c == '\\' && !escaped;
    }
    parts.push(&text[start..]);
    parts
}

fn unescape(text: &str) -> Result<String, MalformedInput> {
    let mut value = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(c @ ('\\' | ',' | '=')) => value.push(c),
                _ => return Err(MalformedInput(format!("{text:?}: only '\\\\', '\\,' and '\\=' are escapes"))),
            },
            '=' => return Err(MalformedInput(format!("{text:?}: '=' in a value is written '\\='"))),
            c => value.push(c),
        }
    }
    Ok(value)
}

fn escape(value: &str) -> String {
    value.replace('\\', "\\\\").replace(',', "\\,").replace('=', "\\=")
}
