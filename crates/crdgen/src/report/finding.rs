//! Findings about CRDs, objects and generated files, for all report formats.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use crdgen_schema::{Diagnostic, Severity};
use serde::Serialize;
use serde_json::{Map, Value as Json};
use sha2::{Digest as _, Sha256};

/// Level of a finding. `Note` is less than `Warning`, which is less than `Error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// A fact that needs no action.
    Note,
    /// A problem that does not fail the command.
    Warning,
    /// A problem that fails the command: its exit code is 100.
    Error,
}

impl Level {
    /// Returns the level in lower case: `error`, `warning` or `note`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl From<Severity> for Level {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Warning => Self::Warning,
            Severity::Error => Self::Error,
        }
    }
}

/// Text of several lines that belongs to a finding, for example an object that shows the problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Note {
    /// Heading, for example `witness`.
    pub title: String,
    /// Text, which reports show verbatim.
    pub text: String,
}

/// A problem or a fact that a command reports.
///
/// # Examples
///
/// ```
/// use crdgen::report::{Finding, Level};
/// use crdgen_schema::Diagnostic;
///
/// let diagnostic = Diagnostic::warning("schema::enum", "`on` is no string").path("boats.example.com: v1");
/// let finding = Finding::new(diagnostic, "boats.example.com v1");
/// assert_eq!(finding.level, Level::Warning);
/// assert_eq!(finding.fingerprint(0).len(), 12);
/// ```
#[derive(Clone, Debug)]
pub struct Finding {
    /// Code, message, place, path in the CRD, and help.
    pub diagnostic: Diagnostic,
    /// Level, which may be lower than the severity of the diagnostic.
    pub level: Level,
    /// Subject of the finding: a CRD with its version, such as `boats.example.com v1`; an object; or a file.
    pub subject: String,
    /// Path of the value, for example `spec.ports[0].name`; `None` for a finding about the whole subject.
    pub field: Option<String>,
    /// Details, shown below the message.
    pub notes: Vec<Note>,
    /// Values for programs, which the JSON report adds to the finding. No key may be one of the report's own.
    pub data: Map<String, Json>,
}

impl Finding {
    /// Creates a finding with the level of the diagnostic's severity, without field, notes and data.
    pub fn new(diagnostic: Diagnostic, subject: impl Into<String>) -> Self {
        Self {
            level: diagnostic.severity.into(),
            diagnostic,
            subject: subject.into(),
            field: None,
            notes: Vec::new(),
            data: Map::new(),
        }
    }

    /// Sets the path of the value.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Sets the level.
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// Adds a note.
    #[must_use]
    pub fn note(mut self, title: impl Into<String>, text: impl Into<String>) -> Self {
        self.notes.push(Note { title: title.into(), text: text.into() });
        self
    }

    /// Returns 12 hexadecimal digits that identify the finding in later runs. They depend on the code, the
    /// subject, the field and the path in the CRD, and not on lines, the message or the order of versions.
    ///
    /// `before` is the number of earlier findings of the report that are equal in all of these.
    pub fn fingerprint(&self, before: usize) -> String {
        let Self { diagnostic, subject, field, .. } = self;
        let path = unnumbered(diagnostic.path.as_deref().unwrap_or_default());
        // Lengths keep the parts apart.
        let mut identity = String::new();
        for part in [diagnostic.code, subject, field.as_deref().unwrap_or_default(), &path] {
            write!(identity, "{}:{part};", part.len()).expect("writing to a string");
        }
        if before > 0 {
            write!(identity, "{before}").expect("writing to a string");
        }
        Sha256::digest(identity).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Returns a path in a CRD without the position of the version, whose name is part of the subject.
fn unnumbered(path: &str) -> Cow<'_, str> {
    const VERSIONS: &str = "spec.versions[";
    let Some((before, behind)) = path.split_once(VERSIONS) else { return Cow::Borrowed(path) };
    Cow::Owned(format!("{before}{VERSIONS}{}", behind.trim_start_matches(|digit: char| digit.is_ascii_digit())))
}

/// Diagnostics of reading files, as findings. The subject is the CRD of the path, or else the file.
impl From<Diagnostic> for Finding {
    fn from(diagnostic: Diagnostic) -> Self {
        let subject = match (&diagnostic.path, &diagnostic.place) {
            (Some(path), _) => path.split([':', ' ']).next().unwrap_or_default().to_owned(),
            (None, Some(place)) => place.source.name.clone(),
            (None, None) => String::new(),
        };
        Self::new(diagnostic, subject)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crdgen_schema::{Source, Span};

    use super::*;

    fn finding(line: usize, message: &str) -> Finding {
        let source = Arc::new(Source { name: "a.yaml".into(), text: String::new() });
        let diagnostic = Diagnostic::error("schema::enum", message)
            .at(&source, Span { offset: 0, line, column: 1 })
            .path("boats.example.com: spec.versions[0]");
        Finding::new(diagnostic, "boats.example.com v1").field("spec.weight")
    }

    #[test]
    fn a_fingerprint_depends_neither_on_lines_nor_on_the_message() {
        assert_eq!(finding(1, "a").fingerprint(0), finding(2, "b").fingerprint(0));
    }

    #[test]
    fn a_fingerprint_stays_when_another_version_is_added() {
        let mut moved = finding(1, "a");
        moved.diagnostic.path = Some("boats.example.com: spec.versions[12]".into());
        assert_eq!(finding(1, "a").fingerprint(0), moved.fingerprint(0));
    }

    #[test]
    fn a_fingerprint_tells_findings_apart() {
        let first = finding(1, "a");
        let other_field = finding(1, "a").field("spec.length");
        let other_subject = Finding { subject: "boats.example.com v2".into(), ..finding(1, "a") };
        let prints =
            [first.fingerprint(0), first.fingerprint(1), other_field.fingerprint(0), other_subject.fingerprint(0)];
        let unique: std::collections::BTreeSet<_> = prints.iter().collect();
        assert_eq!(unique.len(), prints.len(), "{prints:?}");
    }

    #[test]
    fn a_diagnostic_about_a_file_has_the_file_as_its_subject() {
        let mut diagnostic = finding(1, "a").diagnostic;
        assert_eq!(Finding::from(diagnostic.clone()).subject, "boats.example.com");
        diagnostic.path = None;
        assert_eq!(Finding::from(diagnostic).subject, "a.yaml");
    }
}
