//! Diagnostics as plain text, and input text made safe for terminals.

use std::borrow::Cow;
use std::fmt::Write;

use crdgen_schema::{Diagnostic, Severity};
use indexmap::IndexMap;

/// Formats a diagnostic as `file:line:column: error[code]: message`, with indented lines for the schema path
/// and the help.
pub fn lines(found: &Diagnostic) -> String {
    labelled(found, severity(found))
}

/// Formats a diagnostic as [`lines`] does, with `label` in place of its severity.
pub fn labelled(found: &Diagnostic, label: &str) -> String {
    let mut out = format!("{}{label}[{}]: {}\n", place(found), found.code, line(&found.message));
    for (label, detail) in [("in", &found.path), ("help", &found.help)] {
        if let Some(detail) = detail {
            writeln!(out, "  {label}: {}", line(detail)).expect("writing to a string");
        }
    }
    out
}

/// Formats a diagnostic as one line without severity: `file:line:column: message (in path; help: ...)
/// [code]`.
pub fn one_line(found: &Diagnostic) -> String {
    let details: Vec<_> = [("in", &found.path), ("help:", &found.help)]
        .into_iter()
        .filter_map(|(label, detail)| Some(format!("{label} {}", line(detail.as_deref()?))))
        .collect();
    let details = if details.is_empty() { String::new() } else { format!(" ({})", details.join("; ")) };
    format!("{}{}{details} [{}]", place(found), line(&found.message), found.code)
}

/// Lists the failed CRDs and files, one a line, each with its first error.
pub fn failures(found: &[&Diagnostic]) -> String {
    let mut failed: IndexMap<(Option<&str>, Option<&str>), Vec<&Diagnostic>> = IndexMap::new();
    for error in found.iter().filter(|found| found.severity == Severity::Error) {
        let file = error.place.as_ref().map(|place| place.source.name.as_str());
        // An error without a file is a failure of its own.
        let what = file.map_or(Some(error.message.as_str()), |_| crd(error));
        failed.entry((file, what)).or_default().push(error);
    }
    let lines = failed.values().map(|errors| match errors.as_slice() {
        [only] => format!("  {}\n", short(only)),
        [first, more @ ..] => format!("  {} (and {} more)\n", short(first), more.len()),
        [] => String::new(),
    });
    if failed.is_empty() { String::new() } else { format!("\n{} failed:\n{}", failed.len(), lines.collect::<String>()) }
}

fn short(found: &Diagnostic) -> String {
    let about = crd(found).map(|crd| format!("{}: ", line(crd))).unwrap_or_default();
    format!("{}{about}{}", place(found), line(&found.message))
}

/// Returns the name of the CRD, which is the beginning of the path.
fn crd(found: &Diagnostic) -> Option<&str> {
    found.path.as_deref()?.split([':', ' ']).next()
}

fn place(found: &Diagnostic) -> String {
    found.place.as_ref().map_or_else(String::new, |place| {
        format!("{}:{}:{}: ", line(&place.source.name), place.span.line, place.span.column)
    })
}

fn severity(found: &Diagnostic) -> &'static str {
    match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// Escapes line breaks, so that a message cannot imitate another one.
fn line(text: &str) -> String {
    printable(text).replace('\n', "\\n")
}

/// Returns input text that is safe to print on a terminal: no character in it moves the cursor, changes
/// colours or reverses the order of letters. Byte offsets do not change.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    let stand_in = |character: char| match character.len_utf8() {
        _ if !is_harmful(character) => character,
        1 => '?',
        2 => '\u{bf}',
        _ => char::REPLACEMENT_CHARACTER,
    };
    Cow::Owned(text.chars().map(stand_in).collect())
}

fn is_harmful(character: char) -> bool {
    let turns_around = matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns_around || (character.is_control() && !matches!(character, '\n' | '\t'))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crdgen_schema::{Source, Span};

    use super::*;

    fn found() -> Diagnostic {
        let source = Arc::new(Source { name: "crds/a.yaml".into(), text: "a: 1\nb: 2\n".into() });
        Diagnostic::error("crd::v1beta1", "v1beta1 is not served any more")
            .at(&source, Span { offset: 5, line: 2, column: 1 })
            .path("runs.ci.example.com: spec.versions[0]")
            .help("convert it")
    }

    #[test]
    fn a_diagnostic_is_a_line_that_tools_can_read() {
        let expected = "crds/a.yaml:2:1: error[crd::v1beta1]: v1beta1 is not served any more\n  \
                        in: runs.ci.example.com: spec.versions[0]\n  help: convert it\n";
        assert_eq!(lines(&found()), expected);
    }

    #[test]
    fn in_short_each_crd_is_named_once_with_its_first_error() {
        let second = Diagnostic { message: "second".into(), ..found() };
        let warning = Diagnostic::warning("x", "warning");
        let missing = Diagnostic::error("source::missing", "`a` does not exist");
        let expected = "\n2 failed:\n  `a` does not exist\n  \
                        crds/a.yaml:2:1: runs.ci.example.com: v1beta1 is not served any more (and 1 more)\n";
        assert_eq!(failures(&[&missing, &warning, &found(), &second]), expected);
        assert_eq!(failures(&[&warning]), "");
    }

    #[test]
    fn a_message_cannot_forge_another_or_command_the_terminal() {
        let hostile = Diagnostic::error("x", "kind \u{1b}[2J\ncrds/b.yaml:1:1: error[y]: forged");
        assert_eq!(lines(&hostile), "error[x]: kind ?[2J\\ncrds/b.yaml:1:1: error[y]: forged\n");
    }

    #[test]
    fn harmless_text_is_not_copied_and_offsets_stay() {
        assert!(matches!(printable("ü\tß\n"), Cow::Borrowed(_)));
        let hostile = "a\u{7}b\u{9b}c\u{202e}d";
        let shown = printable(hostile);
        assert_eq!(shown.len(), hostile.len());
        assert_eq!(shown, "a?b\u{bf}c\u{fffd}d");
    }
}
