//! Printer to standard error. A terminal gets a snippet of the source. Any other output gets a stable form that tools
//! can parse: a `file:line:column` line with indented details.

use std::io::{self, IsTerminal, Write};

use crdgen_schema::Diagnostic;

use super::format::text as plain;
use super::{Finding, Level, Note, Progress, count, snippet};
use crate::text;

/// Amount of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verbosity {
    /// Only errors.
    Quiet,
    /// Errors, warnings, progress and a summary.
    Normal,
}

/// Maximum number of findings shown. A hostile file could cause millions.
const MAX_SHOWN: usize = 1000;

/// Form of a printed diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Snippets,
    Lines,
}

/// Printer to standard error.
#[derive(Clone, Copy, Debug)]
pub struct Reporter {
    verbosity: Verbosity,
    form: Form,
}

impl Reporter {
    /// Returns a reporter that prints snippets if standard error is a terminal, and plain lines otherwise.
    pub fn new(verbosity: Verbosity) -> Self {
        let form = if io::stderr().is_terminal() { Form::Snippets } else { Form::Lines };
        Self { verbosity, form }
    }

    /// Returns a progress display, which is visible only on a terminal and unless the reporter is quiet.
    pub fn progress(&self) -> Progress {
        match (self.verbosity, self.form) {
            (Verbosity::Normal, Form::Snippets) => Progress::visible(),
            _ => Progress::hidden(),
        }
    }

    /// Prints every diagnostic in full. If there are several, it then repeats the errors in short form, so that
    /// warnings do not hide them.
    pub fn diagnostics(&self, found: &[Diagnostic]) {
        self.entries(found.iter().map(|found| (found, found.severity.into(), &[][..])).collect());
    }

    /// Prints findings as [`Self::diagnostics`] prints diagnostics, each with its notes.
    pub fn findings(&self, findings: &[Finding]) {
        self.entries(findings.iter().map(|found| (&found.diagnostic, found.level, &found.notes[..])).collect());
    }

    fn entries(&self, mut shown: Vec<(&Diagnostic, Level, &[Note])>) {
        shown.retain(|(_, level, _)| self.verbosity == Verbosity::Normal || *level == Level::Error);
        let more = shown.len().saturating_sub(MAX_SHOWN);
        shown.truncate(MAX_SHOWN);
        for (diagnostic, level, notes) in &shown {
            let (drawn, end) = match self.form {
                Form::Snippets => (snippet::render(diagnostic, *level), "\n"),
                Form::Lines => (text::labelled(diagnostic, level.as_str()), ""),
            };
            print(&(notes.iter().map(plain::note).fold(drawn, |drawn, note| drawn + &note) + end));
        }
        if more > 0 {
            print(&format!("and {} not shown\n", count(more, "more finding")));
        }
        if shown.len() > 1 {
            let errors = shown.iter().filter(|(_, level, _)| *level == Level::Error);
            print(&text::failures(&errors.map(|(diagnostic, ..)| *diagnostic).collect::<Vec<_>>()));
        }
    }

    /// Prints a line that is not an error, unless the reporter is quiet.
    pub fn say(&self, line: &str) {
        if self.verbosity == Verbosity::Normal {
            print(&format!("{line}\n"));
        }
    }
}

/// Prints to standard error. Write errors are ignored, so that a closed standard error does not fail the
/// command.
fn print(text: &str) {
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}
