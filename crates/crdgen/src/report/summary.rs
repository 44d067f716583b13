//! The last line of a run: numbers of CRDs, types and files.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::count;
use crate::output::{Plan, Step};
use crate::pipeline::{Input, Output};

/// Numbers of generated CRDs and types.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Figures {
    crds: usize,
    skipped: usize,
    types: usize,
    untyped: usize,
}

impl Figures {
    /// Collects the numbers of a run.
    pub fn new(input: &Input, output: &Output) -> Self {
        Self { crds: output.crds, skipped: input.skipped, types: output.types, untyped: output.untyped.len() }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&count(self.crds, "CRD"))?;
        if self.skipped > 0 {
            write!(f, " ({} skipped)", count(self.skipped, "other object"))?;
        }
        write!(f, ", {}", count(self.types, "type"))?;
        if self.untyped > 0 {
            write!(f, " ({} untyped)", count(self.untyped, "place"))?;
        }
        Ok(())
    }
}

/// Numbers of files that a run wrote, left unchanged and removed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Written {
    written: usize,
    /// Files that were right already.
    pub unchanged: usize,
    removed: usize,
}

impl Written {
    /// Returns the numbers of a run that left this many files unchanged.
    pub fn nothing(unchanged: usize) -> Self {
        Self { unchanged, ..Self::default() }
    }

    /// Counts the steps of a plan.
    pub fn of(plan: &Plan) -> Self {
        Self {
            written: plan.count(|step| matches!(step, Step::Create(_) | Step::Update { .. })),
            unchanged: plan.count(|step| *step == Step::Unchanged),
            removed: plan.count(|step| *step == Step::Remove),
        }
    }
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { written, unchanged, removed } = *self;
        write!(f, "{} written, {unchanged} unchanged, {removed} removed", count(written, "file"))
    }
}

/// Numbers of differences that `--check` found.
#[derive(Clone, Copy, Debug)]
pub struct Differences<'a>(pub &'a Plan);

impl fmt::Display for Differences<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plan = self.0;
        let lock_alone = plan.lock_differs() && plan.conflicts.is_empty() && !plan.touches_files();
        let lock = |is_there| usize::from(plan.lock_differs() && !lock_alone && plan.record.text.is_some() == is_there);
        let counts = [
            (plan.conflicts.len(), "in the way"),
            (plan.count(|step| matches!(step, Step::Update { .. })) + lock(true), "differing"),
            (plan.count(|step| matches!(step, Step::Create(_))) + lock(false), "missing"),
            (plan.count(|step| *step == Step::Remove), "stale"),
        ];
        let files = counts.iter().filter(|(number, _)| *number > 0).map(|(number, what)| format!("{number} {what}"));
        let lock = lock_alone.then(|| "the lock is out of date".to_owned());
        let interrupted = plan.interrupted.then(|| "an earlier run was interrupted".to_owned());
        f.write_str(&files.chain(lock).chain(interrupted).collect::<Vec<_>>().join(", "))
    }
}
