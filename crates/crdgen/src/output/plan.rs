//! Wanted files, the lock and the disk, compared: what a run would do, and what stands in its way.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::{self, ErrorKind};

use crdgen_schema::Diagnostic;

use super::site::is_below;
use super::{Conflict, File, Reason, Site, Wanted};
use crate::digest::Digest;
use crate::lock::{Entries, Entry, Lock, Pending, Record, Target};

/// Which recorded files a run answers for, and so removes when it does not want them any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All: a config file names every target, and what is not wanted is stale.
    Project,
    /// Those below the folders of its targets: a command line may name some targets of several.
    Targets,
    /// None: some CRDs failed, and their files of an earlier run are better than none.
    Nothing,
}

/// What to do with files that were edited by hand or that are not ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnConflict {
    /// Write nothing at all.
    Stop,
    /// Replace them.
    Overwrite,
}

/// What happens to one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is right already, and stays untouched.
    Unchanged,
    /// It is missing.
    Create(File),
    /// It is ours and differs.
    Update {
        /// What is there.
        old: Vec<u8>,
        /// What is wanted.
        new: File,
    },
    /// It is ours and not wanted any more.
    Remove,
    /// It was ours, is not wanted any more and is gone already.
    Forget,
    /// It is recorded, but not for this run to judge.
    Keep,
}

/// What a run would do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// One step a file.
    pub steps: BTreeMap<String, Step>,
    /// Files in the way. Nothing may be written while there are any.
    pub conflicts: Vec<Conflict>,
    /// An earlier run was interrupted.
    pub interrupted: bool,
    /// The lock as it is on disk.
    pub record: Record,
    /// Our files as they are on disk.
    pub present: Entries,
    /// The lock as it will be.
    pub lock: Lock,
}

impl Plan {
    /// Compares. Reads the disk and changes nothing.
    pub fn new(
        site: &Site,
        record: Record,
        wanted: Wanted,
        reach: Reach,
        on_conflict: OnConflict,
    ) -> Result<Self, Box<Diagnostic>> {
        let mut planner = Planner {
            site,
            record: &record,
            reach,
            on_conflict,
            steps: BTreeMap::new(),
            conflicts: Vec::new(),
            present: Entries::new(),
            planned: Entries::new(),
            folders: HashMap::new(),
        };
        let fail = |(path, error): (String, io::Error)| {
            Diagnostic::error("output::unreadable", format!("cannot read {}: {error}", site.show(&path)))
        };
        // What goes away first: it may make room for a folder of the same name.
        for path in record.paths().into_iter().filter(|path| !wanted.files.contains_key(*path)) {
            planner.unwanted(path).map_err(|error| fail((path.to_owned(), error)))?;
        }
        for (path, file) in wanted.files {
            planner.wanted(&path, file).map_err(|error| fail((path, error)))?;
        }
        let Planner { steps, conflicts, present, planned, .. } = planner;
        let mut lock = Lock { inputs: wanted.inputs, files: planned, names: wanted.names, pending: None };
        if steps.values().any(|step| *step == Step::Keep) || reach == Reach::Nothing {
            lock.keep_names(&record.lock.names);
        }
        let interrupted = record.lock.pending.is_some();
        Ok(Self { steps, conflicts, interrupted, record, present, lock })
    }

    /// Nothing to say and nothing to do.
    pub fn is_clean(&self) -> bool {
        self.conflicts.is_empty() && !self.interrupted && !self.touches_files() && !self.lock_differs()
    }

    /// Some file would be written or removed.
    pub fn touches_files(&self) -> bool {
        self.steps.values().any(|step| matches!(step, Step::Create(_) | Step::Update { .. } | Step::Remove))
    }

    /// The lock would be written.
    pub fn lock_differs(&self) -> bool {
        let found = self.record.text.as_deref();
        found.map(Digest::of) != Some(Digest::of(self.lock.to_text()))
    }

    /// The lock to stand while files are written: with it, old and new files are both known as ours.
    pub fn lock_while_writing(&self) -> Lock {
        let mut pending = Pending::default();
        for (path, step) in &self.steps {
            match step {
                Step::Create(file) | Step::Update { new: file, .. } => {
                    pending.write.insert(path.clone(), entry_of(file));
                }
                // A forgotten file may have left an empty folder, which must not be forgotten before it is gone.
                Step::Remove | Step::Forget => {
                    let recorded = self.record.entries(path).next();
                    let entry = self.present.get(path).copied().or(recorded);
                    pending.remove.extend(entry.map(|entry| (path.clone(), entry)));
                }
                Step::Unchanged | Step::Keep => {}
            }
        }
        // Inputs and names stay those of the files that are there until the new ones are.
        Lock {
            inputs: self.record.lock.inputs.clone(),
            files: self.present.clone(),
            names: self.record.lock.names.clone(),
            pending: Some(pending),
        }
    }

    /// How many steps are of a sort.
    pub fn count(&self, sort: impl Fn(&Step) -> bool) -> usize {
        self.steps.values().filter(|step| sort(step)).count()
    }
}

fn entry_of(file: &File) -> Entry {
    Entry { target: file.target, digest: Digest::of(&file.text) }
}

/// What stands at a path.
enum Look {
    Absent,
    File(Vec<u8>),
    Obstacle(Reason),
}

struct Planner<'a> {
    site: &'a Site,
    record: &'a Record,
    reach: Reach,
    on_conflict: OnConflict,
    steps: BTreeMap<String, Step>,
    conflicts: Vec<Conflict>,
    present: Entries,
    planned: Entries,
    /// What is known of the folders on the way to files.
    folders: HashMap<String, Option<Reason>>,
}

impl Planner<'_> {
    fn wanted(&mut self, path: &str, file: File) -> io::Result<()> {
        let entry = entry_of(&file);
        self.planned.insert(path.to_owned(), entry);
        match self.look(path, Some(file.target))? {
            Look::Absent => self.step(path, Step::Create(file)),
            Look::File(old) => self.replace(path, entry, Digest::of(&old), Step::Update { old, new: file }),
            Look::Obstacle(Reason::Link) => self.conflict(path, Reason::Link, Some(Step::Create(file))),
            Look::Obstacle(reason) => self.conflict(path, reason, None),
        }
        Ok(())
    }

    fn replace(&mut self, path: &str, wanted: Entry, found: Digest, update: Step) {
        let known = self.record.digests(path).any(|digest| digest == found);
        if known || found == wanted.digest {
            self.present.insert(path.to_owned(), Entry { digest: found, ..wanted });
        }
        match self.record.digests(path).next() {
            _ if found == wanted.digest => self.step(path, Step::Unchanged),
            _ if known => self.step(path, update),
            Some(_) => self.conflict(path, Reason::Edited, Some(update)),
            None => self.conflict(path, Reason::Foreign, Some(update)),
        }
    }

    fn unwanted(&mut self, path: &str) -> io::Result<()> {
        let Some(recorded) = self.record.entries(path).next() else { return Ok(()) };
        let look = self.look(path, None)?;
        let ours = match &look {
            Look::File(found) => {
                let found = Digest::of(found);
                self.record.entries(path).find(|entry| entry.digest == found)
            }
            Look::Absent | Look::Obstacle(_) => None,
        };
        self.present.extend(ours.map(|entry| (path.to_owned(), entry)));
        if !self.answers_for(path, recorded.target) {
            self.planned.insert(path.to_owned(), ours.unwrap_or(recorded));
            self.step(path, Step::Keep);
            return Ok(());
        }
        match (look, ours) {
            (Look::File(_), Some(_)) => self.step(path, Step::Remove),
            (Look::File(_), None) => self.conflict(path, Reason::EditedAndStale, Some(Step::Remove)),
            // A link or a folder in its place is the user's doing, and not ours to remove.
            (Look::Absent | Look::Obstacle(_), _) => self.step(path, Step::Forget),
        }
        Ok(())
    }

    fn answers_for(&self, path: &str, target: Target) -> bool {
        match self.reach {
            Reach::Project => self.site.root_of(path).is_some(),
            Reach::Targets => self.site.roots.get(&target).is_some_and(|root| is_below(path, root)),
            Reach::Nothing => false,
        }
    }

    fn step(&mut self, path: &str, step: Step) {
        self.steps.insert(path.to_owned(), step);
    }

    fn conflict(&mut self, path: &str, reason: Reason, forced: Option<Step>) {
        match (self.on_conflict, forced) {
            (OnConflict::Overwrite, Some(step)) => self.step(path, step),
            (_, forced) => self.conflicts.push(Conflict { path: path.to_owned(), reason, forced }),
        }
    }

    fn look(&mut self, path: &str, target: Option<Target>) -> io::Result<Look> {
        let root = match target {
            Some(target) => self.site.roots.get(&target).map_or("", String::as_str),
            None => self.site.root_of(path).unwrap_or_default(),
        };
        if let Some(reason) = self.on_the_way(path, root)? {
            return Ok(Look::Obstacle(reason));
        }
        let place = self.site.locate(path);
        let metadata = match fs::symlink_metadata(&place) {
            Err(error) if is_missing(&error) => return Ok(Look::Absent),
            metadata => metadata?,
        };
        match metadata.file_type() {
            kind if kind.is_symlink() => Ok(Look::Obstacle(Reason::Link)),
            kind if kind.is_dir() => Ok(Look::Obstacle(Reason::Folder)),
            _ => fs::read(&place).map(Look::File),
        }
    }

    /// What is wrong with the folders between a target's root and a file. The root itself, and what is above it, is
    /// the user's choice and may be a link.
    fn on_the_way(&mut self, path: &str, root: &str) -> io::Result<Option<Reason>> {
        let slashes = path.match_indices('/').map(|(at, _)| &path[..at]);
        for folder in slashes.filter(|folder| folder.len() > root.len() && is_below(folder, root)) {
            let reason = match self.folders.get(folder) {
                Some(known) => *known,
                None => {
                    let found = self.folder(folder)?;
                    self.folders.insert(folder.to_owned(), found);
                    found
                }
            };
            if reason.is_some() {
                return Ok(reason);
            }
        }
        Ok(None)
    }

    fn folder(&self, folder: &str) -> io::Result<Option<Reason>> {
        let metadata = match fs::symlink_metadata(self.site.locate(folder)) {
            Err(error) if is_missing(&error) => return Ok(None),
            metadata => metadata?,
        };
        let makes_room = self.steps.get(folder) == Some(&Step::Remove);
        Ok(match metadata.file_type() {
            kind if kind.is_symlink() => Some(Reason::BehindLink),
            kind if kind.is_dir() || makes_room => None,
            _ => Some(Reason::BehindFile),
        })
    }
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}
