//! Report of the verdicts that agree and those that do not.

use crdgen_harness::Verdict;
use crdgen_schema::cel::Outcome;
use serde_json::json;

use super::table::Verdict as Known;

#[derive(Default)]
pub struct Report {
    agree: usize,
    not_evaluated: Vec<String>,
    wrong: Vec<String>,
}

impl Report {
    /// Counts a row. For a rule that the server refuses in a CRD, any result except a pass agrees.
    pub fn add(&mut self, table: &str, expression: &str, known: &Known, ours: &Outcome) {
        let row = |what: &str| format!("{table}: {expression}\n    server {known:?}, {what}");
        match (known, ours) {
            (Known::Pass, Outcome::Pass)
            | (Known::Fail, Outcome::Fail { .. })
            | (Known::Error, Outcome::Error)
            | (Known::Refused, Outcome::NotEvaluated { .. } | Outcome::Error | Outcome::Fail { .. }) => self.agree += 1,
            (_, Outcome::NotEvaluated { reason, .. }) => {
                self.not_evaluated.push(row(&format!("not evaluated: {reason}")))
            }
            (_, ours) => self.wrong.push(row(&format!("ours {ours:?}"))),
        }
    }

    pub fn print(&self, json: bool) {
        for (title, rows) in [("not evaluated", &self.not_evaluated), ("WRONG", &self.wrong)] {
            for row in rows {
                println!("{title}: {row}");
            }
        }
        let (undecided, wrong) = (self.not_evaluated.len(), self.wrong.len());
        let all = self.agree + undecided + wrong;
        println!("{all} expressions: {} agree, {undecided} not evaluated, {wrong} wrong", self.agree);
        if json {
            let report = json!({
                "cases": all,
                "agree": self.agree,
                "not_evaluated": self.not_evaluated,
                "wrong": self.wrong,
            });
            println!("{report}");
        }
    }

    /// Returns a good verdict if no result is wrong and at most one expression for thirty that agree is not evaluated.
    pub fn verdict(&self) -> Verdict {
        let few = self.not_evaluated.len() * 30 <= self.agree;
        if self.wrong.is_empty() && few { Verdict::Good } else { Verdict::Findings }
    }
}
