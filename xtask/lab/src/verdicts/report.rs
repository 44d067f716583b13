//! Report of the figures and differences, as text and as JSON.

use anyhow::Result;
use crdgen_harness::Verdict;
use serde::Serialize;
use serde_json::json;

use super::judge::{Miss, Outcome, What};

/// Figures of one file, or of all files.
#[derive(Default)]
pub struct Figures {
    cases: usize,
    skipped: usize,
    ok_agree: usize,
    stored_agree: usize,
    fields_agree: usize,
    unknown_agree: usize,
    missed: Vec<Missed>,
}

#[derive(Serialize)]
struct Missed {
    id: String,
    what: &'static str,
    path: String,
    #[serde(skip)]
    detail: String,
}

impl Figures {
    pub fn add(&mut self, outcome: &Outcome) {
        let Outcome::Judged(misses) = outcome else { return self.skipped += 1 };
        let agrees = |what: &[What]| usize::from(!misses.iter().any(|miss| what.contains(&miss.what)));
        self.cases += 1;
        self.ok_agree += agrees(&[What::Ok]);
        // The stored objects cannot agree if only one side accepts the object.
        self.stored_agree += agrees(&[What::Ok, What::Stored]);
        self.fields_agree += agrees(&[What::Fields]);
        self.unknown_agree += agrees(&[What::Unknown]);
        self.missed.extend(misses.iter().map(missed));
    }

    /// Prints every difference, and then the figures.
    pub fn print(&self, name: &str) {
        for missed in &self.missed {
            println!("{name}: {}: {} {}: {}", missed.id, missed.what, missed.path, missed.detail);
        }
        let Self { cases, skipped, ok_agree, stored_agree, fields_agree, unknown_agree, .. } = self;
        println!(
            "{name}: {cases} cases: ok {ok_agree}, stored {stored_agree}, fields {fields_agree}, unknown fields \
             {unknown_agree}; {skipped} skipped"
        );
    }
}

fn missed(miss: &Miss) -> Missed {
    Missed { id: miss.id.clone(), what: miss.what.name(), path: miss.path.clone(), detail: miss.detail.clone() }
}

/// Figures of all files.
#[derive(Default)]
pub struct Report(Figures);

impl Report {
    pub fn add(&mut self, figures: Figures) {
        let all = &mut self.0;
        all.cases += figures.cases;
        all.ok_agree += figures.ok_agree;
        all.stored_agree += figures.stored_agree;
        all.fields_agree += figures.fields_agree;
        all.missed.extend(figures.missed);
    }

    /// Returns `Findings` if a case was judged differently.
    pub fn finish(self, json: bool) -> Result<Verdict> {
        let Figures { cases, ok_agree, stored_agree, fields_agree, missed, .. } = self.0;
        if json {
            let line = json!({
                "cases": cases,
                "ok_agree": ok_agree,
                "stored_agree": stored_agree,
                "fields_agree": fields_agree,
                "missed": missed,
            });
            println!("{line}");
        }
        Ok(if missed.is_empty() { Verdict::Good } else { Verdict::Findings })
    }
}
