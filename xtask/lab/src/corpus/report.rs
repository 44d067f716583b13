//! The table that `corpus` prints, and its one JSON object.

use crdgen_harness::Verdict;
use serde::Serialize;

use super::checked::{Checked, Tools};
use super::measure::Prometheus;
use super::names::{Figures, Names};
use super::project::{Generated, Project, Refusal};

/// Totals of all projects so far.
#[derive(Default)]
pub struct Report {
    generated: usize,
    refused: Vec<Refusal>,
    failed: Vec<Refusal>,
    types: usize,
    untyped: usize,
    cpu_seconds: f64,
    checked: usize,
    check_failed: usize,
    /// Whether a tool failed or a finding of a tool belongs to no CRD, such as a crate that all programs use.
    tool_failed: bool,
    tools: Tools,
    names: Names,
}

#[derive(Serialize)]
struct Json<'a> {
    crds: usize,
    generated: usize,
    refused: Vec<JsonRefusal<'a>>,
    types: usize,
    untyped_fields: usize,
    checked: usize,
    check_failed: usize,
    cpu_seconds: f64,
    tools: Tools,
    #[serde(flatten)]
    names: Figures,
}

#[derive(Serialize)]
struct JsonRefusal<'a> {
    file: &'a str,
    reason: &'a str,
}

impl Report {
    /// Prints the head of the table.
    pub fn heading(&self) {
        println!("{:<32} {:>5} {:>7} {:>7} {:>8} {:>8}", "project", "CRDs", "refused", "types", "untyped", "CPU s");
    }

    /// Prints a row of the table.
    pub fn add(&mut self, project: &Project, found: Generated) {
        println!(
            "{:<32} {:>5} {:>7} {:>7} {:>8} {:>8.3}",
            project.name,
            found.crds,
            found.refused.len(),
            found.types,
            found.untyped,
            found.cpu_seconds
        );
        self.generated += found.crds;
        self.types += found.types;
        self.untyped += found.untyped;
        self.cpu_seconds += found.cpu_seconds;
        self.refused.extend(found.refused);
        self.failed.extend(found.failed);
        self.names.extend(found.names);
    }

    /// Prints the CRDs and files that were not generated, with place and reason.
    pub fn refusals(&self) {
        for (title, list) in [("refused", &self.refused), ("FAILED", &self.failed)] {
            if !list.is_empty() {
                println!("\n{title}:");
            }
            for Refusal { file, reason } in list {
                println!("  {file}:{reason}");
            }
        }
    }

    /// Prints the findings of the other compilers.
    pub fn checked(&mut self, checked: &Checked) {
        println!("\nchecked {} CRDs of {} projects by {}", checked.crds, checked.projects, checked.by.join(", "));
        let Tools { files, reformatted, linted, warnings } = checked.tools;
        println!(
            "  {reformatted} of {files} Rust files changed by rustfmt; {warnings} warnings of clippy in {linted} crates"
        );
        checked.skipped.iter().for_each(|skipped| println!("  SKIPPED: {skipped}"));
        for (set, messages) in &checked.failed {
            println!("  FAILED: {set}");
            messages.iter().for_each(|message| println!("    {}", message.trim_end().replace('\n', "\n    ")));
        }
        self.tools = checked.tools;
        self.checked = checked.crds;
        self.check_failed = checked.failed_crds;
        self.tool_failed = !checked.failed.is_empty() || reformatted > 0 || warnings > 0;
    }

    /// Prints the totals.
    pub fn totals(&self, prometheus: Option<Prometheus>) {
        println!(
            "\n{} CRDs: {} generated, {} refused, {} failed; {} types, {} untyped fields; {:.2} CPU s",
            self.crds(),
            self.generated,
            self.refused.len(),
            self.failed.len(),
            self.types,
            self.untyped,
            self.cpu_seconds
        );
        if let Some(Prometheus { read, generate }) = prometheus {
            println!("the Prometheus CRD alone: {generate:.3} CPU s, of which {read:.3} reading YAML");
        }
        self.names.print();
    }

    /// Prints the figures as JSON, for programs. A file that could not be read counts as one CRD.
    pub fn json(&self) -> serde_json::Result<()> {
        let refused = self.refused.iter().map(|refusal| JsonRefusal { file: &refusal.file, reason: &refusal.reason });
        let json = Json {
            crds: self.crds(),
            generated: self.generated,
            refused: refused.collect(),
            types: self.types,
            untyped_fields: self.untyped,
            checked: self.checked,
            check_failed: self.check_failed,
            cpu_seconds: self.cpu_seconds,
            tools: self.tools,
            names: self.names.figures(),
        };
        println!("{}", serde_json::to_string(&json)?);
        Ok(())
    }

    /// Returns whether there are findings: an accepted CRD or a tool that failed, a finding of a tool, or a name that
    /// ends in a number which crdgen added.
    pub fn verdict(&self) -> Verdict {
        let failed = !self.failed.is_empty() || self.check_failed > 0 || self.tool_failed;
        match !failed && self.names.figures().numbered == 0 {
            true => Verdict::Good,
            false => Verdict::Findings,
        }
    }

    fn crds(&self) -> usize {
        self.generated + self.failed.len() + self.refused.len()
    }
}
