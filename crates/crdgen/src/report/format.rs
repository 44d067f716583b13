//! Report formats. Each format has its own file and turns a [`Report`] into text.

mod diff_schema;
pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod sarif;
pub mod text;

pub use diff_schema::diff_schema;

use std::collections::HashMap;

use clap::ValueEnum;

use super::{Finding, Level};

/// Format of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A line for each finding with indented details; on a terminal with a snippet of the source
    #[default]
    Text,
    /// One JSON list; `crdgen schema report` prints its JSON Schema
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// Code Quality report of GitLab
    Gitlab,
    /// JUnit XML, with a failed test for each error
    Junit,
    /// Markdown for a comment of a pull request, at most 65,536 characters
    Markdown,
}

/// Findings of a command.
#[derive(Clone, Debug)]
pub struct Report {
    /// Name of the command, for example `crdgen lint`.
    pub command: &'static str,
    /// Findings in the order in which text shows them.
    pub findings: Vec<Finding>,
    /// Result in one line, without a line break.
    pub summary: String,
    /// File to which formats attach findings without a place of their own, for example `crdgen.toml`.
    pub anchor: String,
}

impl Report {
    /// Returns the report as text in a format.
    pub fn render(&self, format: Format) -> String {
        match format {
            Format::Text => text::render(self),
            Format::Json => json::render(self),
            Format::Sarif => sarif::render(self),
            Format::Github => github::render(self),
            Format::Gitlab => gitlab::render(self),
            Format::Junit => junit::render(self),
            Format::Markdown => markdown::render(self),
        }
    }

    /// Returns the number of findings of a level.
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|finding| finding.level == level).count()
    }

    /// Returns each finding with its fingerprint. No two findings of a report have one fingerprint.
    pub(crate) fn with_fingerprints(&self) -> impl Iterator<Item = (&Finding, String)> {
        let mut seen: HashMap<_, usize> = HashMap::new();
        self.findings.iter().map(move |finding| {
            let first = finding.fingerprint(0);
            let before = seen.entry(first.clone()).or_default();
            let fingerprint = if *before == 0 { first } else { finding.fingerprint(*before) };
            *before += 1;
            (finding, fingerprint)
        })
    }

    /// Returns the file, line and column of a finding, and the first line of the anchor if it has no place.
    fn place<'a>(&'a self, finding: &'a Finding) -> (String, usize, usize) {
        let place = finding.diagnostic.place.as_ref();
        let name = place.map_or(self.anchor.as_str(), |place| place.source.name.as_str());
        let (line, column) = place.map_or((1, 1), |place| (place.span.line, place.span.column));
        (portable(name), line, column)
    }
}

/// Returns a path with `/` and without `./` at its start.
fn portable(path: &str) -> String {
    let path = path.replace('\\', "/");
    path.strip_prefix("./").unwrap_or(&path).to_owned()
}

/// Returns the message of a finding, with the help on a line of its own.
fn message_and_help(finding: &Finding) -> String {
    let message = &finding.diagnostic.message;
    match &finding.diagnostic.help {
        Some(help) => format!("{message}\n{help}"),
        None => message.clone(),
    }
}

#[cfg(test)]
mod tests;
