//! Report of the results, as text and as JSON.

use anyhow::Result;
use crdgen_harness::Verdict;
use serde::Serialize;

use super::cases::Case;
use super::difference::Difference;

/// Result of one case.
pub enum Outcome {
    /// The object was read and written without a change.
    Exact,
    /// The object was read, and its written form differs.
    Differs(Vec<Difference>),
    /// The object was not read.
    Refused(Difference),
    /// The object has a list in a field of text, which the types refuse on purpose.
    Quirk,
}

/// Results of all cases.
#[derive(Default, Serialize)]
pub struct Report {
    objects: usize,
    parsed: usize,
    exact: usize,
    quirk: usize,
    missed: Vec<Missed>,
}

#[derive(Serialize)]
struct Missed {
    id: String,
    path: String,
    #[serde(skip)]
    line: String,
}

impl Report {
    /// Counts a case.
    pub fn add(&mut self, case: &Case, outcome: Outcome) {
        let (parsed, exact, missed) = match outcome {
            Outcome::Quirk => return self.quirk += 1,
            Outcome::Exact => (1, 1, Vec::new()),
            Outcome::Differs(differences) => (1, 0, differences),
            Outcome::Refused(reason) => (0, 0, vec![reason]),
        };
        self.objects += 1;
        self.parsed += parsed;
        self.exact += exact;
        let missed = missed.into_iter().map(|difference| Missed {
            id: case.id.clone(),
            line: format!("{} ({}): {difference}", case.id, case.crd),
            path: difference.path,
        });
        self.missed.extend(missed);
    }

    /// Prints every difference with its path, and then the figures.
    pub fn print(&self, json: bool) -> Result<()> {
        self.missed.iter().for_each(|missed| println!("{}", missed.line));
        let Self { objects, parsed, exact, quirk, .. } = self;
        println!(
            "{objects} objects: {parsed} parsed, {exact} exact; {quirk} more have a list where the schema says text"
        );
        if json {
            println!("{}", serde_json::to_string(self)?);
        }
        Ok(())
    }

    /// Returns `Findings` if an object was not read or changed.
    pub fn verdict(&self) -> Verdict {
        match self.exact == self.objects {
            true => Verdict::Good,
            false => Verdict::Findings,
        }
    }
}
