//! Diagnostics and the summary, on standard error.
//!
//! The only place that prints a [`Diagnostic`]: as a snippet of the source on a terminal, as one `file:line:column` line
//! with indented details elsewhere, which tools can read and which stays as it is.

pub mod summary;

mod progress;
mod snippet;

use std::io::{self, IsTerminal, Write};

use crdgen_schema::{Diagnostic, Severity};

use crate::text;

pub use progress::Progress;

/// How much is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verbosity {
    /// Errors only.
    Quiet,
    /// Warnings, progress and a summary too.
    Normal,
}

/// Findings that are shown; a hostile file could have millions.
const MAX_SHOWN: usize = 1000;

/// How diagnostics look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Snippets,
    Lines,
}

/// Writes to standard error.
#[derive(Clone, Copy, Debug)]
pub struct Reporter {
    verbosity: Verbosity,
    form: Form,
}

impl Reporter {
    /// For people if standard error is a terminal, for tools otherwise.
    pub fn new(verbosity: Verbosity) -> Self {
        let form = if io::stderr().is_terminal() { Form::Snippets } else { Form::Lines };
        Self { verbosity, form }
    }

    /// A progress display, if anyone is there to see it.
    pub fn progress(&self) -> Progress {
        match (self.verbosity, self.form) {
            (Verbosity::Normal, Form::Snippets) => Progress::visible(),
            _ => Progress::hidden(),
        }
    }

    /// Every finding in full, then the errors once more in short: they must not drown in the warnings.
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

    /// One line that is not an error.
    pub fn say(&self, line: &str) {
        if self.verbosity == Verbosity::Normal {
            print(&format!("{line}\n"));
        }
    }
}

/// "1 file", "2 files".
pub fn count(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}

/// A closed standard error is no reason to fail.
fn print(text: &str) {
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}
