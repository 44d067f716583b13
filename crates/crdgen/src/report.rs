//! Diagnostics and the summary, printed to standard error.
//!
//! [`Reporter`] is the only place that prints a [`Diagnostic`]. A terminal gets a snippet of the source. Any
//! other output gets a stable form that tools can parse: a `file:line:column` line with indented details.

pub mod summary;

mod progress;
mod snippet;

use std::io::{self, IsTerminal, Write};

use crdgen_schema::{Diagnostic, Severity};

use crate::text;

pub use progress::Progress;

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

    /// Prints every finding in full. If there are several, it then repeats the errors in short form, so that
    /// warnings do not hide them.
    pub fn diagnostics(&self, found: &[Diagnostic]) {
        let quiet = self.verbosity == Verbosity::Quiet;
        let mut shown: Vec<_> =
            found.iter().filter(|diagnostic| !quiet || diagnostic.severity == Severity::Error).collect();
        let more = shown.len().saturating_sub(MAX_SHOWN);
        shown.truncate(MAX_SHOWN);
        for diagnostic in &shown {
            print(&match self.form {
                Form::Snippets => snippet::render(diagnostic),
                Form::Lines => text::lines(diagnostic),
            });
        }
        if more > 0 {
            print(&format!("and {} not shown\n", count(more, "more finding")));
        }
        if shown.len() > 1 {
            print(&text::failures(&shown));
        }
    }

    /// Prints a line that is not an error, unless the reporter is quiet.
    pub fn say(&self, line: &str) {
        if self.verbosity == Verbosity::Normal {
            print(&format!("{line}\n"));
        }
    }
}

/// Returns a number with its noun, such as "1 file" or "2 files".
pub fn count(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}

/// Prints to standard error. Write errors are ignored, so that a closed standard error does not fail the
/// command.
fn print(text: &str) {
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}
