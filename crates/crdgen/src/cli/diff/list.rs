//! `crdgen diff --list-rules`.

use std::fmt::Write as _;
use std::io::Write as _;

use crdgen_diff::{Axis, Verdict, rules};

use super::super::outcome::Outcome;
use crate::report::Reporter;

/// Prints the rules with a letter for each verdict.
pub(super) fn print(reporter: &Reporter) -> Outcome {
    // A reader that closes the pipe early is no error.
    let _ = anstream::stdout().lock().write_all(text().as_bytes());
    reporter.say(
        "w breaks writers, r readers, s stored objects, c generated code; ~ nothing breaks but the behaviour changes",
    );
    Outcome::Done
}

fn text() -> String {
    let width = rules::all().map(|rule| rule.id.len()).max().unwrap_or_default();
    rules::all().fold(String::new(), |mut lines, rule| {
        let letters: String = Axis::ALL
            .into_iter()
            .map(|axis| match rule.verdicts.on(axis) {
                Verdict::Safe => '-',
                Verdict::Notice => '~',
                Verdict::Ratcheted | Verdict::Breaks => letter(axis),
            })
            .collect();
        let _ = writeln!(lines, "{:<width$}  {letters}  {}", rule.id, rule.title);
        lines
    })
}

fn letter(axis: Axis) -> char {
    match axis {
        Axis::Writer => 'w',
        Axis::Reader => 'r',
        Axis::Stored => 's',
        Axis::Source => 'c',
    }
}
