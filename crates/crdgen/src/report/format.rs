//! Report formats. Each format has its own file and turns a [`Report`] into text.

mod diff_schema;
pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
pub mod markdown;
mod report;
pub mod sarif;
pub mod text;

pub use diff_schema::diff_schema;
pub use report::Report;

use clap::ValueEnum;

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
}

#[cfg(test)]
mod tests;
