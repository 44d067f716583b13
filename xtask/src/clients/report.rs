//! Report of the matrix as a table and as JSON.

use crdgen_harness::Verdict;
use serde::Serialize;

/// Result of one tool with one document.
#[derive(Serialize)]
pub struct Row {
    pub tool: &'static str,
    pub version: String,
    pub document: String,
    pub openapi: &'static str,
    /// Number of generated files; 0 for linters.
    pub files: usize,
    /// Errors of the tool or of the compiler of its output.
    pub errors: Vec<String>,
}

/// Rows of the matrix so far.
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
    /// Creates an empty matrix and prints the head of the table.
    pub fn new(json: bool) -> Self {
        println!("{:<36} {:<9} {:<20} {:<11} {:>6} {:>7}", "tool", "version", "document", "openapi", "files", "errors");
        Self { json, rows: Vec::new() }
    }

    /// Prints a row and stores it. Only the first five errors are printed.
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

    /// Prints the totals.
    pub fn end(&self) -> serde_json::Result<()> {
        println!("\n{} cells, {} errors", self.rows.len(), self.errors());
        if self.json {
            println!("{}", serde_json::to_string(&Json { rows: &self.rows, errors: self.errors() })?);
        }
        Ok(())
    }

    /// Returns `Findings` if there was an error.
    pub fn verdict(&self) -> Verdict {
        if self.errors() == 0 { Verdict::Good } else { Verdict::Findings }
    }

    fn errors(&self) -> usize {
        self.rows.iter().map(|row| row.errors.len()).sum()
    }
}
