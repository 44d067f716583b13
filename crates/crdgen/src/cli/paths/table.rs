//! Paths as a table for people, and as tab-separated lines for programs.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use crdgen_model::NameReason;

use super::entry::{Entry, Passed};
use crate::text::printable;

const HEADING: Style = Style::new().bold();
const NAMED: Style = AnsiColor::Cyan.on_default();
const UNTYPED: Style = AnsiColor::Yellow.on_default();
const ASIDE: Style = Style::new().dimmed();

/// Maximum number of passed-over names that are shown for a type.
const PASSED: usize = 2;

/// Returns the width of the terminal in columns, or 120 if it is unknown.
pub fn width() -> usize {
    terminal_size::terminal_size().map_or(120, |(terminal_size::Width(width), _)| width.into())
}

/// Prints a block for each kind, with path, type and the reason of the name. A cell that is too wide for its
/// column moves the rest of its line.
pub fn aligned(entries: &[Entry], width: usize, out: &mut impl Write) -> io::Result<()> {
    let mut first = true;
    for block in entries.chunk_by(|a, b| (&a.group, &a.version, a.root()) == (&b.group, &b.version, b.root())) {
        if !first {
            writeln!(out)?;
        }
        first = false;
        let Entry { group, version, .. } = &block[0];
        writeln!(out, "{HEADING}{} {group}/{version}{HEADING:#}", printable(block[0].root()))?;
        let path = column(block.iter().map(|entry| cell(&entry.path)), width / 2);
        let ty = column(block.iter().map(|entry| cell(&entry.ty)), width / 3);
        for entry in block {
            line(entry, path, ty, out)?;
        }
    }
    Ok(())
}

fn line(entry: &Entry, path: usize, ty: usize, out: &mut impl Write) -> io::Result<()> {
    let style = match (&entry.name, entry.untyped) {
        (Some(_), _) => NAMED,
        (None, Some(_)) => UNTYPED,
        (None, None) => Style::new(),
    };
    let why = why(entry);
    let pad = |used: usize, column: usize| if why.is_empty() { 0 } else { column.saturating_sub(used) };
    let (shown, described) = (cell(&entry.path), cell(&entry.ty));
    let behind = pad(described.chars().count(), ty);
    write!(out, "  {shown:path$}  {style}{described}{style:#}{:behind$}", "")?;
    if why.is_empty() { writeln!(out) } else { writeln!(out, "  {ASIDE}{}{ASIDE:#}", cell(&why)) }
}

/// Returns the width of the widest cell that is at most `most` wide.
fn column(cells: impl Iterator<Item = String>, most: usize) -> usize {
    cells.map(|cell| cell.chars().count()).filter(|width| *width <= most).max().unwrap_or(0)
}

/// Prints a tab-separated line for each path. The columns are a public interface.
pub fn tabbed(entries: &[Entry], out: &mut impl Write) -> io::Result<()> {
    for entry in entries {
        let Entry { group, version, path, ty, name, .. } = entry;
        let name = name.as_deref().unwrap_or_default();
        writeln!(out, "{group}/{version}\t{}\t{}\t{name}\t{}", cell(path), cell(ty), cell(&why(entry)))?;
    }
    Ok(())
}

/// Escapes tabs and line breaks, so that text of a CRD stays in one cell.
fn cell(text: &str) -> String {
    printable(text).replace('\t', "\\t").replace('\n', "\\n")
}

fn why(entry: &Entry) -> String {
    let reason = match entry.why {
        None => return entry.untyped.map_or_else(String::new, |untyped| format!("untyped: {untyped}")),
        Some(NameReason::Kind) => "a kind",
        Some(NameReason::View) => "a view",
        Some(NameReason::Renamed) => "renamed in crdgen.toml",
        Some(NameReason::Locked) => "locked",
        Some(NameReason::Kubernetes) => "Kubernetes' own",
        Some(NameReason::Suffix) => "shortest suffix",
        Some(NameReason::Spelled) => "whole path",
    };
    let mut why = reason.to_owned();
    for Passed { name, by } in entry.passed.iter().take(PASSED) {
        why += &match by {
            Some(path) => format!("; {name} is {path}"),
            None => format!("; {name} fits several"),
        };
    }
    match entry.passed.len().saturating_sub(PASSED) {
        0 => why,
        more => format!("{why}; and {more} more"),
    }
}

impl Entry {
    /// Returns the kind or view that the path begins with.
    fn root(&self) -> &str {
        self.path.split('.').next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str, ty: &str, why: Option<NameReason>) -> Entry {
        Entry {
            group: "a.b".to_owned(),
            version: "v1".to_owned(),
            path: path.to_owned(),
            levels: String::new(),
            ty: ty.to_owned(),
            name: why.map(|_| ty.to_owned()),
            why,
            locked: false,
            passed: Vec::new(),
            untyped: None,
        }
    }

    fn text(print: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        print(&mut out).unwrap();
        anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string()
    }

    #[test]
    fn columns_are_aligned_and_what_is_too_wide_moves_its_own_line_only() {
        let mut suffix = entry("Run.spec", "RunSpec", Some(NameReason::Suffix));
        suffix.passed = vec![
            Passed { name: "Spec".to_owned(), by: None },
            Passed { name: "Other".to_owned(), by: Some("Run.other".to_owned()) },
            Passed { name: "More".to_owned(), by: None },
        ];
        let entries = [
            entry("Run", "Run", Some(NameReason::Kind)),
            suffix,
            entry("Run.spec.aVeryLongPropertyName", "string", None),
        ];
        assert_eq!(
            text(|out| aligned(&entries, 40, out)),
            "Run a.b/v1\n  \
               Run       Run      a kind\n  \
               Run.spec  RunSpec  shortest suffix; Spec fits several; Other is Run.other; and 1 more\n  \
               Run.spec.aVeryLongPropertyName  string\n"
        );
    }

    #[test]
    fn a_hostile_name_stays_in_its_cell() {
        let entries = [entry("Run.a\tb\nc\u{1b}[31m", "string", None)];
        let line = text(|out| tabbed(&entries, out));
        assert_eq!((line.matches('\t').count(), line.matches('\n').count()), (4, 1), "{line:?}");
        assert!(!line.contains('\u{1b}'));
    }
}
