//! Patterns with which a project selects paths.
//!
//! A pattern has the syntax of a path ([`TypeDef::path`](crate::TypeDef::path)), so a path that is copied from `crdgen
//! paths` is a pattern that matches that path. A group, or a group and a version, may stand before the kind.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};

use crate::levels::{Level, Levels};

/// Pattern of paths, for example `PipelineRun.spec.tasks[].params{}`, `ci.example.com/PipelineRun.spec`,
/// `ci.example.com/v1/PipelineRun.**.secretRef` or `*.status`.
///
/// `*` stands for one property or for the kind, `**` for any number of properties, including none. Levels (`[]`, `{}`)
/// may be left out; levels that are written must be in the path. A property with dots in its name counts as several
/// properties, one for each part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPattern {
    text: String,
    group: Option<String>,
    version: Option<String>,
    parts: Vec<Part>,
}

/// Part of a pattern between two dots.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// `**`: any number of properties.
    Many,
    /// One property or kind, with the levels written behind it. `name` is `None` for `*`.
    One { name: Option<String>, levels: Levels },
}

/// Reason why a text is not a pattern, in one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadPattern(String);

impl fmt::Display for BadPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadPattern {}

impl PathPattern {
    /// Returns whether the pattern matches a path of this group and version.
    pub fn matches(&self, group: &str, version: &str, path: &str) -> bool {
        let same = |wanted: &Option<String>, is: &str| wanted.as_ref().is_none_or(|wanted| wanted == is);
        same(&self.group, group) && same(&self.version, version) && {
            let path: Vec<&str> = path.split('.').collect();
            matches(&self.parts, &path)
        }
    }

    /// Returns the levels at the end of the pattern: a list in `Kind.spec.tasks[]`.
    pub fn levels(&self) -> &[Level] {
        match self.parts.last() {
            Some(Part::One { levels, .. }) => levels,
            _ => &[],
        }
    }

    /// Returns the kind, if the pattern names one.
    pub fn kind(&self) -> Option<&str> {
        match self.parts.first() {
            Some(Part::One { name, .. }) => name.as_deref(),
            _ => None,
        }
    }

    /// Returns whether the pattern names a version. Without a version it matches every version.
    pub fn has_version(&self) -> bool {
        self.version.is_some()
    }

    /// Returns the pattern as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the pattern as written, without the group and version.
    pub fn path(&self) -> &str {
        let qualifier = [&self.group, &self.version].into_iter().flatten().map(|word| word.len() + 1).sum();
        &self.text[qualifier..]
    }
}

impl fmt::Display for PathPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn matches(parts: &[Part], path: &[&str]) -> bool {
    match parts.split_first() {
        None => path.is_empty(),
        Some((Part::Many, rest)) => (0..=path.len()).any(|passed| matches(rest, &path[passed..])),
        Some((Part::One { name, levels }, rest)) => path
            .split_first()
            .is_some_and(|(first, others)| is(first, name.as_deref(), levels) && matches(rest, others)),
    }
}

fn is(text: &str, name: Option<&str>, levels: &[Level]) -> bool {
    let (is, has) = Levels::split_end(text);
    name.is_none_or(|name| name == is) && has.starts_with(levels)
}

impl FromStr for PathPattern {
    type Err = BadPattern;

    fn from_str(text: &str) -> Result<Self, BadPattern> {
        let (group, rest) = qualifier(text, is_group);
        let (version, rest) = if group.is_some() { qualifier(rest, is_label) } else { (None, rest) };
        let parts: Vec<Part> = rest.split('.').map(|part| part_of(text, part)).collect::<Result<_, _>>()?;
        if let Some(Part::One { name, levels }) = parts.first()
            && !levels.is_empty()
        {
            let kind = name.as_deref().unwrap_or("*");
            return Err(BadPattern(format!(
                "a path begins with a kind, and a kind has no levels: write `{kind}` instead of `{kind}{levels}`"
            )));
        }
        Ok(Self { text: text.to_owned(), group, version, parts })
    }
}

/// Splits off the text before the first slash, if `is_one` accepts it.
fn qualifier(text: &str, is_one: fn(&str) -> bool) -> (Option<String>, &str) {
    match text.split_once('/') {
        Some((word, rest)) if is_one(word) => (Some(word.to_owned()), rest),
        _ => (None, text),
    }
}

/// Returns whether a text is a DNS subdomain. A property's name may contain a slash too, but then a kind stands before
/// it, usually with a capital.
fn is_group(text: &str) -> bool {
    text.split('.').all(is_label)
}

fn is_label(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn part_of(text: &str, part: &str) -> Result<Part, BadPattern> {
    let (name, levels) = Levels::split_end(part);
    match name {
        "" if text.is_empty() => Err(BadPattern("the path is empty: write `Kind.property`".to_owned())),
        "" => Err(BadPattern(format!("a name is missing in `{text}`, next to a dot or before `[]` or `{{}}`"))),
        "**" if levels.is_empty() => Ok(Part::Many),
        "**" => Err(BadPattern(format!("`{part}`: write `**` without levels; `**` matches lists and maps too"))),
        "*" => Ok(Part::One { name: None, levels }),
        _ if name.contains('*') => Err(BadPattern(format!(
            "`{name}`: `*` matches one whole property, and `**` matches any number of properties"
        ))),
        _ if name.ends_with(']') => Err(BadPattern(format!("`{name}`: the items of a list are written `[]`"))),
        _ => Ok(Part::One { name: Some(name.to_owned()), levels }),
    }
}

impl<'de> Deserialize<'de> for PathPattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> PathPattern {
        text.parse().expect("a pattern")
    }

    fn is_meant(text: &str, path: &str) -> bool {
        pattern(text).matches("ci.example.com", "v1", path)
    }

    #[test]
    fn a_path_matches_itself_and_nothing_else() {
        for path in ["Run", "Run.spec", "Run.spec.tasks[].params{}", "Run.metadata.app.kubernetes.io/name"] {
            assert!(is_meant(path, path), "{path}");
        }
        for other in ["Run", "Run.spec.tasks", "Run.status", "Runner.spec"] {
            assert!(!is_meant("Run.spec", other), "{other}");
        }
    }

    #[test]
    fn levels_may_be_left_out_but_not_invented() {
        assert!(is_meant("Run.spec.tasks.params", "Run.spec.tasks[].params{}"));
        assert!(is_meant("Run.spec.tasks[]", "Run.spec.tasks[][]"));
        assert!(!is_meant("Run.spec.tasks{}", "Run.spec.tasks[]"));
        assert!(!is_meant("Run.spec[].tasks", "Run.spec.tasks"));
        assert_eq!(pattern("Run.tasks[]{}").levels(), [Level::List, Level::Map]);
        assert!(pattern("Run.**").levels().is_empty());
    }

    #[test]
    fn stars_stand_for_properties() {
        assert!(is_meant("*.spec", "Run.spec"));
        assert!(is_meant("Run.*.ref", "Run.spec.ref"));
        assert!(!is_meant("Run.*.ref", "Run.spec.a.ref"));
        assert!(is_meant("Run.**.ref", "Run.spec.a[].ref"));
        assert!(is_meant("Run.**.ref", "Run.ref"));
        assert!(is_meant("**", "Run"));
        assert!(!is_meant("Run.**.ref", "Run.spec.references"));
    }

    #[test]
    fn a_group_and_a_version_narrow_it() {
        assert!(is_meant("ci.example.com/Run.spec", "Run.spec"));
        assert!(is_meant("ci.example.com/v1/Run.spec", "Run.spec"));
        assert!(!is_meant("ci.example.com/v2/Run.spec", "Run.spec"));
        assert!(!is_meant("cd.example.com/Run.spec", "Run.spec"));
        assert_eq!(pattern("ci.example.com/v1/Run.spec").path(), "Run.spec");
        assert!(pattern("a.b/v1/Run").has_version() && !pattern("a.b/run.x.y/z").has_version());
    }

    #[test]
    fn what_is_no_pattern_says_why() {
        let refused = |text: &str| text.parse::<PathPattern>().expect_err(text).to_string();
        assert!(refused("").contains("empty"));
        assert!(refused("Run..spec").contains("missing"));
        assert!(refused("Run.[]").contains("missing"));
        assert!(refused("Run.*Ref").contains("whole property"));
        assert!(refused("Run.tasks[0]").contains("`[]`"));
        assert!(refused("Run[].spec").contains("kind"));
        assert!(refused("Run.**[]").contains("without levels"));
    }
}
