//! Findings as Markdown for a comment of a pull request.
//!
//! GitHub refuses a comment of more than 65,536 characters, so the report leaves out the last findings, with
//! their number, where it would be longer. Text of a CRD or an object cannot format the comment, mention a user or
//! load a picture.

use super::Report;
use crate::report::{Finding, Level, Note, count};
use crate::text::printable;

/// Maximum length of a comment in bytes. No text has more characters than bytes.
pub const MAX_LENGTH: usize = 65_536;

/// Room for the line about findings that are left out.
const RESERVE: usize = 200;

/// Maximum length of a message, a help or a note in bytes.
const MAX_PART: usize = 4_000;

pub(super) fn render(report: &Report) -> String {
    let mut out = head(report);
    let mut findings: Vec<_> = report.findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    for (index, finding) in findings.iter().enumerate() {
        let entry = entry(finding);
        if out.len() + entry.len() > MAX_LENGTH - RESERVE {
            let left = findings.len() - index;
            out.push_str(&format!("\n{} left out: a comment cannot be longer.\n", count(left, "more finding")));
            break;
        }
        out.push_str(&entry);
    }
    out
}

/// Returns the heading, which also marks the comment for its next update, and the summary.
fn head(report: &Report) -> String {
    let mut counts = Vec::new();
    for (level, noun) in [(Level::Error, "error"), (Level::Warning, "warning"), (Level::Note, "note")] {
        match report.count(level) {
            0 => {}
            number => counts.push(count(number, noun)),
        }
    }
    let result = if counts.is_empty() { "no findings".to_owned() } else { counts.join(", ") };
    let command = report.command;
    format!("<!-- {command} -->\n### {command}: {result}\n\n{}\n", plain(&report.summary))
}

fn entry(finding: &Finding) -> String {
    let Finding { diagnostic, level, subject, field, notes, .. } = finding;
    let mark = match level {
        Level::Error => "❌",
        Level::Warning => "⚠️",
        Level::Note => "ℹ️",
    };
    let name = match field {
        Some(field) => format!("{subject} {field}"),
        None => subject.clone(),
    };
    let mut out = format!("\n- {mark} {}: {} ({})\n", code(&name), plain(&diagnostic.message), code(diagnostic.code));
    if let Some(place) = &diagnostic.place {
        let place = format!("{}:{}", place.source.name, place.span.line);
        out.push_str(&format!("  <br>{}\n", code(&place)));
    }
    if let Some(help) = &diagnostic.help {
        out.push_str(&format!("  <br>{}\n", plain(help)));
    }
    out.extend(notes.iter().map(details));
    out
}

/// Returns a note as a block that opens on a click.
fn details(Note { title, text }: &Note) -> String {
    let text = printable(bounded(text)).into_owned();
    let fence = "`".repeat(longest_run(&text, '`').max(2) + 1);
    let lines: String = text.lines().map(|line| format!("  {line}\n")).collect();
    format!("\n  <details><summary>{}</summary>\n\n  {fence}\n{lines}  {fence}\n\n  </details>\n", plain(title))
}

/// Returns text that Markdown and GitHub show as it is, except that text in backticks is code.
fn plain(text: &str) -> String {
    let text = printable(bounded(text));
    let mut parts = text.split('`').peekable();
    let mut out = String::new();
    let mut is_code = false;
    while let Some(part) = parts.next() {
        match is_code && parts.peek().is_some() && !part.is_empty() {
            true => out.push_str(&code(part)),
            false => out.push_str(&words(part)),
        }
        is_code = !is_code;
    }
    out
}

/// Returns text without backticks in a form that Markdown shows as it is. GitHub also links addresses, mentions and
/// numbers of issues in plain text, so comments split them.
fn words(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '\n' | '\t' => out.push(' '),
            '@' | '#' => out.extend([character.to_string().as_str(), SPLIT]),
            '<' | '>' | '&' | '*' | '_' | '[' | ']' | '\\' | '~' | '|' | '!' | '$' => {
                out.push_str(&format!("&#{};", u32::from(character)));
            }
            _ => out.push(character),
        }
    }
    out.replace("://", &format!(":{SPLIT}//")).replace("www.", &format!("www{SPLIT}."))
}

/// A comment that shows nothing and keeps the text before it apart from the text behind it.
const SPLIT: &str = "<!-- -->";

/// Returns text as code in a line.
fn code(text: &str) -> String {
    let text = printable(bounded(text)).replace(['\n', '\t'], " ");
    let fence = "`".repeat(longest_run(&text, '`') + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

fn longest_run(text: &str, wanted: char) -> usize {
    text.split(|character| character != wanted).map(|run| run.chars().count()).max().unwrap_or_default()
}

fn bounded(text: &str) -> &str {
    let end = (0..=MAX_PART.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or_default()]
}
