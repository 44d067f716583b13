//! Table of `stability`, and its JSON object.

use std::collections::BTreeSet;

use anyhow::Result;
use crdgen_harness::Verdict;
use serde::Serialize;

use super::compare::{Comparison, Example};
use super::datamodel::Compared;
use super::subject::{Run, Subject};

/// Everything counted so far.
#[derive(Default, Serialize)]
pub struct Report {
    projects: usize,
    runs: usize,
    /// Figures with the names of the first run locked.
    #[serde(flatten)]
    locked: Figures,
    unlocked: Figures,
    datamodel: Option<Compared>,
}

/// Numbers of paths in Rust, OpenAPI and TypeScript together.
#[derive(Default, Serialize)]
struct Figures {
    compared: usize,
    moved: usize,
    parted: usize,
    gone: usize,
    /// Projects in which a name moved.
    projects_with_moves: BTreeSet<String>,
}

impl Figures {
    fn add(&mut self, project: &str, run: &Run, found: &[(&'static str, Comparison)]) -> Self {
        let mut one = Self::default();
        for (_, found) in found {
            one.compared += found.compared;
            one.moved += found.moved;
            one.parted += found.parted;
            one.gone += if run.mutation.removes { 0 } else { found.gone };
        }
        self.compared += one.compared;
        self.moved += one.moved;
        self.parted += one.parted;
        self.gone += one.gone;
        if one.moved + one.gone > 0 {
            self.projects_with_moves.insert(project.to_owned());
        }
        one
    }
}

impl Report {
    /// Prints the head of the table.
    pub fn heading(&self) {
        println!("{:<26} {:<40} {:>9} {:>16} {:>16}", "", "", "", "with the lock", "without");
        println!(
            "{:<26} {:<40} {:>9} {:>8} {:>7} {:>8} {:>7}",
            "project", "change", "paths", "moved", "parted", "moved", "parted"
        );
    }

    /// Prints and counts the rows of a project.
    pub fn add(&mut self, subject: &Subject, runs: Vec<Run>) -> Result<()> {
        self.projects += 1;
        for run in &runs {
            self.runs += 1;
            let locked = self.locked.add(&subject.name, run, &run.locked);
            let unlocked = self.unlocked.add(&subject.name, run, &run.unlocked);
            println!(
                "{:<26} {:<40} {:>9} {:>8} {:>7} {:>8} {:>7}",
                subject.name,
                run.mutation.name,
                locked.compared,
                locked.moved + locked.gone,
                locked.parted,
                unlocked.moved + unlocked.gone,
                unlocked.parted
            );
            for (target, found) in &run.locked {
                let unexpected = found.examples.iter().filter(|example| example.to.is_some() || !run.mutation.removes);
                for Example { path, from, to } in unexpected {
                    println!("    MOVED in {target}: {path}: {from} -> {}", to.as_deref().unwrap_or("gone"));
                }
            }
        }
        Ok(())
    }

    /// Prints the sums.
    pub fn totals(&self) {
        println!("\n{} projects, {} changes; names in Rust, OpenAPI and TypeScript by path:", self.projects, self.runs);
        for (how, found) in [("with the lock", &self.locked), ("without", &self.unlocked)] {
            println!(
                "  {how}: {} compared, {} moved in {} projects, {} parted from a type that they are no longer equal to",
                found.compared,
                found.moved + found.gone,
                found.projects_with_moves.len(),
                found.parted
            );
        }
    }

    /// Prints and stores the comparison with another generator.
    pub fn datamodel(&mut self, compared: Compared) {
        println!("\n{compared}");
        self.datamodel = Some(compared);
    }

    /// Prints the report as JSON.
    pub fn json(&self) -> serde_json::Result<()> {
        println!("{}", serde_json::to_string(self)?);
        Ok(())
    }

    /// Returns `Findings` if a name moved in spite of the lock.
    pub fn verdict(&self) -> Verdict {
        match self.locked.moved + self.locked.gone {
            0 => Verdict::Good,
            _ => Verdict::Findings,
        }
    }
}
