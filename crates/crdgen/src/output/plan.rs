//! Comparison of the wanted files with the lock and the disk: the steps of a run, and the conflicts that stop
//! it.

use std::collections::BTreeMap;
use std::io;

use crdgen_schema::Diagnostic;

use super::planner::Planner;
use super::{Conflict, Site, Wanted};
use crate::digest::Digest;
use crate::lock::{Entries, Lock, Pending, Record};

pub use super::limits::{OnConflict, Reach};
pub use super::step::Step;

/// The changes that a run would make.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Step for each file, by path.
    pub steps: BTreeMap<String, Step>,
    /// Files in the way. While there are any, nothing may be written.
    pub conflicts: Vec<Conflict>,
    /// One warning for each recorded file that crdgen did not write. These files are left as they are.
    pub left: Vec<Diagnostic>,
    /// Files with a temporary file beside them, which a killed run may have left.
    pub leftovers: Vec<String>,
    /// Files whose folders may become empty, each with the folder that stays in any case.
    pub emptied: Vec<(String, String)>,
    /// Whether an earlier run was interrupted.
    pub interrupted: bool,
    /// The lock as it is on disk.
    pub record: Record,
    /// Entries of crdgen's own files as they are on disk.
    pub present: Entries,
    /// The lock as it will be after the run.
    pub lock: Lock,
    /// Whether the disk will have exactly the wanted files, and none with the layout of a formatter or of another run.
    pub exact: bool,
    /// Text of `lock`.
    pub lock_text: String,
}

impl Plan {
    /// Compares the wanted files with the lock and the disk. Reads the disk and changes nothing.
    ///
    /// # Errors
    ///
    /// Returns a diagnostic if an existing file cannot be read.
    pub fn new(
        site: &Site,
        record: Record,
        wanted: Wanted,
        reach: Reach,
        on_conflict: OnConflict,
    ) -> Result<Self, Box<Diagnostic>> {
        let fail = |(path, error): (String, io::Error)| {
            Diagnostic::error("output::unreadable", format!("cannot read {}: {error}", site.show(&path)))
        };
        let mut planner = Planner::new(site, &record, reach, on_conflict);
        planner.roots();
        // Removals come first, since a removed file may make room for a folder of the same name.
        for path in record.paths().into_iter().filter(|path| !wanted.files.contains_key(*path)) {
            planner.unwanted(path).map_err(|error| fail((path.to_owned(), error)))?;
        }
        for (path, file) in wanted.files {
            planner.wanted(&path, file).map_err(|error| fail((path, error)))?;
        }
        let Planner { steps, conflicts, left, leftovers, emptied, present, planned, exact, .. } = planner;
        let mut lock = Lock { inputs: wanted.inputs, files: planned, names: wanted.names, pending: None };
        if steps.values().any(|step| *step == Step::Keep) || reach == Reach::Nothing {
            lock.keep_names(&record.lock.names);
        }
        let interrupted = record.lock.pending.is_some();
        let exact = exact && left.is_empty() && !steps.values().any(|step| *step == Step::Keep);
        let lock_text = lock.to_text();
        Ok(Self { steps, conflicts, left, leftovers, emptied, interrupted, record, present, lock, exact, lock_text })
    }

    /// Returns whether there is nothing to report and nothing to do.
    pub fn is_clean(&self) -> bool {
        self.conflicts.is_empty() && !self.interrupted && !self.touches_files() && !self.lock_differs()
    }

    /// Returns whether some file would be written or removed.
    pub fn touches_files(&self) -> bool {
        self.steps.values().any(|step| matches!(step, Step::Create(_) | Step::Update { .. } | Step::Remove))
    }

    /// Returns whether the lock would be written.
    pub fn lock_differs(&self) -> bool {
        let found = self.record.text.as_deref();
        found != Some(&self.lock_text) && found.map(Digest::of) != Some(Digest::of(&self.lock_text))
    }

    /// Returns the text that the lock has on the disk after the run.
    pub fn text_on_disk(&self) -> &str {
        match &self.record.text {
            Some(text) if !self.touches_files() && !self.lock_differs() => text,
            _ => &self.lock_text,
        }
    }

    /// Returns the lock for the time of writing. It records both the old and the new files as crdgen's own.
    pub fn lock_while_writing(&self) -> Lock {
        let mut pending = Pending::default();
        for (path, step) in &self.steps {
            match step {
                Step::Create(file) | Step::Update { new: file, .. } => {
                    pending.write.insert(path.clone(), file.entry());
                }
                // A forgotten file may have left an empty folder. Its entry stays until the folder is
                // removed.
                Step::Remove | Step::Forget => {
                    let recorded = self.record.entries(path).next();
                    let entry = self.present.get(path).copied().or(recorded);
                    pending.remove.extend(entry.map(|entry| (path.clone(), entry)));
                }
                Step::Unchanged | Step::Keep => {}
            }
        }
        // Inputs and names stay those of the old files until the new files are written.
        Lock {
            inputs: self.record.lock.inputs.clone(),
            files: self.present.clone(),
            names: self.record.lock.names.clone(),
            pending: Some(pending),
        }
    }

    /// Returns the number of steps for which `sort` is true.
    pub fn count(&self, sort: impl Fn(&Step) -> bool) -> usize {
        self.steps.values().filter(|step| sort(step)).count()
    }
}
