//! A plan as text: a unified diff for people and for CI.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::{self, Write};
use std::sync::Arc;

use anstyle::{AnsiColor, Style};
use crdgen_schema::{Diagnostic, Source, Span};
use similar::{Algorithm, TextDiff};

use super::{Conflict, Plan, Site, Step};
use crate::report::Finding;
use crate::text::printable;

const ADDED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const HUNK: Style = AnsiColor::Cyan.on_default();
const HEAD: Style = Style::new().bold();

/// Prints the name of every file that would be written or removed, with a diff of each that would change.
pub fn print(site: &Site, plan: &Plan, out: &mut impl Write) -> io::Result<()> {
    if plan.interrupted {
        name(
            out,
            "interrupted",
            &format!(
                "an earlier run was stopped before it had written all files; see [pending] in {}",
                site.show_lock()
            ),
        )?;
    }
    for conflict in &plan.conflicts {
        print_conflict(site, conflict, out)?;
    }
    let mut shown = BTreeMap::new();
    for (path, step) in &plan.steps {
        print_step(site, path, step, &mut shown, out)?;
    }
    if plan.lock_differs() {
        print_lock(site, plan, out)?;
    }
    Ok(())
}

/// Returns a finding for every file that would be written or removed, and for every file in the way. A file that would
/// change has its diff as a note.
///
/// # Errors
///
/// A text of the output cannot be read back from its temporary file.
pub fn findings(site: &Site, plan: &Plan) -> io::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    if plan.interrupted {
        let message = "an earlier run was stopped before it had written all files";
        findings.push(finding("check::interrupted", message, &site.show_lock(), 1));
    }
    for conflict in &plan.conflicts {
        findings.push(Finding::new(conflict.diagnostic(site), site.show(&conflict.path)));
    }
    for (path, step) in &plan.steps {
        let shown = site.show(path);
        match step {
            Step::Create(_) => findings.push(finding("check::missing", "the file is missing", &shown, 1)),
            Step::Remove => findings.push(finding("check::stale", "the file is no longer generated", &shown, 1)),
            Step::Update { old, new } => findings.push(differing(&shown, &text(old), &new.text.read()?)),
            Step::Unchanged | Step::Forget | Step::Keep => {}
        }
    }
    if plan.lock_differs() {
        let shown = site.show_lock();
        findings.push(match &plan.record.text {
            None => finding("check::missing", "the file is missing", &shown, 1),
            Some(found) => differing(&shown, &text(found.as_bytes()), &plan.lock.to_text()),
        });
    }
    Ok(findings)
}

fn differing(path: &str, old: &str, new: &str) -> Finding {
    let equal = old.lines().zip(new.lines()).take_while(|(old, new)| old == new).count();
    let finding = finding("check::differs", "the file differs from the generated one", path, equal + 1);
    finding.note("diff", unified(path, old, new))
}

/// Creates an error about a line of a generated file.
fn finding(code: &'static str, message: &str, path: &str, line: usize) -> Finding {
    let source = Arc::new(Source { name: path.to_owned(), text: String::new() });
    let diagnostic = Diagnostic::error(code, message).at(&source, Span { offset: 0, line, column: 1 });
    Finding::new(diagnostic.help("run `crdgen generate`"), path)
}

/// Old content and digest of the new content of every diff that was printed, with the name of its file.
type Shown<'p> = BTreeMap<(&'p [u8], String), String>;

fn print_step<'p>(
    site: &Site,
    path: &str,
    step: &'p Step,
    shown: &mut Shown<'p>,
    out: &mut impl Write,
) -> io::Result<()> {
    match step {
        Step::Create(_) => name(out, "missing", &site.show(path)),
        Step::Remove => name(out, "stale", &site.show(path)),
        Step::Update { old, new } => match shown.entry((old.as_slice(), new.entry().digest.to_string())) {
            // The OpenAPI document is also part of the axum API, so two files may have one diff.
            Entry::Occupied(same) => {
                name(out, "differs", &format!("{} (same diff as {})", site.show(path), same.get()))
            }
            Entry::Vacant(first) => {
                let shown = first.insert(site.show(path));
                name(out, "differs", shown)?;
                diff(out, shown, &text(old), &new.text.read()?)
            }
        },
        Step::Unchanged | Step::Forget | Step::Keep => Ok(()),
    }
}

fn print_conflict(site: &Site, conflict: &Conflict, out: &mut impl Write) -> io::Result<()> {
    let shown = site.show(&conflict.path);
    name(out, conflict.reason.label(), &shown)?;
    match &conflict.forced {
        Some(Step::Update { old, new }) => diff(out, &shown, &text(old), &new.text.read()?),
        _ => Ok(()),
    }
}

/// Prints that the lock differs. Prints its diff only if there is no other difference, since the lock repeats
/// the files as digests.
fn print_lock(site: &Site, plan: &Plan, out: &mut impl Write) -> io::Result<()> {
    let shown = site.show_lock();
    match &plan.record.text {
        None => name(out, "missing", &shown),
        Some(found) => {
            name(out, "differs", &shown)?;
            let alone = plan.conflicts.is_empty() && !plan.interrupted && !plan.touches_files();
            if alone { diff(out, &shown, &text(found.as_bytes()), &plan.lock_text) } else { Ok(()) }
        }
    }
}

fn name(out: &mut impl Write, label: &str, path: &str) -> io::Result<()> {
    writeln!(out, "{HEAD}{label}{HEAD:#}: {}", printable(path))
}

fn unified(path: &str, old: &str, new: &str) -> String {
    let diff = TextDiff::configure().algorithm(Algorithm::Patience).diff_lines(old, new);
    diff.unified_diff().context_radius(3).header(path, path).to_string()
}

fn diff(out: &mut impl Write, path: &str, old: &str, new: &str) -> io::Result<()> {
    for line in unified(path, old, new).lines() {
        let style = match line.as_bytes() {
            [b'+', b'+', b'+', b' ', ..] | [b'-', b'-', b'-', b' ', ..] => HEAD,
            [b'+', ..] => ADDED,
            [b'-', ..] => REMOVED,
            [b'@', ..] => HUNK,
            _ => Style::new(),
        };
        writeln!(out, "{style}{}{style:#}", printable(line))?;
    }
    Ok(())
}

/// Returns a text as it is compared: without the line endings that a checkout may have added.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace("\r\n", "\n")
}
