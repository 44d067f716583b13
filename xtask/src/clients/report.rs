//! The matrix, as a table and as JSON.

use serde::Serialize;

use crate::Verdict;

/// One tool on one document.
#[derive(Serialize)]
pub struct Row {
    pub tool: &'static str,
    pub version: String,
    pub document: String,
    pub openapi: &'static str,
    /// How many files it made; linters make none.
    pub files: usize,
    /// What the tool or the compiler of its output refused.
    pub errors: Vec<String>,
}

/// The rows so far.
pub struct Report {
    json: bool,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Json<'a> {
    rows: &'a [Row],
    errors: usize,
}

impl Report {
    /// An empty matrix; its head is printed.
    pub fn new(json: bool) -> Self {
        println!("{:<36} {:<9} {:<20} {:<11} {:>6} {:>7}", "tool", "version", "document", "openapi", "files", "errors");
        Self { json, rows: Vec::new() }
    }

    /// Prints and keeps a row; of many errors the first few are shown.
    pub fn add(&mut self, row: Row) {
        println!(
            "{:<36} {:<9} {:<20} {:<11} {:>6} {:>7}",
            row.tool,
            row.version,
            row.document,
            row.openapi,
            row.files,
            row.errors.len()
        );
        row.errors.iter().take(5).for_each(|error| println!("    {}", error.trim_end().replace('\n', "\n    ")));
        self.rows.push(row);
    }

    /// Prints the sum.
    pub fn end(&self) -> serde_json::Result<()> {
        println!("\n{} cells, {} errors", self.rows.len(), self.errors());
        if self.json {
            println!("{}", serde_json::to_string(&Json { rows: &self.rows, errors: self.errors() })?);
        }
        Ok(())
    }

    /// Findings where anything was refused.
    pub fn verdict(&self) -> Verdict {
        if self.errors() == 0 { Verdict::Good } else { Verdict::Findings }
    }

    fn errors(&self) -> usize {
        self.rows.iter().map(|row| row.errors.len()).sum()
    }
}
