//! Decides the step for each path.
//!
//! The disk is read once, before anything is written. Someone who can replace folders of the project by
//! symbolic links while crdgen runs can still make it write elsewhere. Even then a link at the place of a
//! file is itself replaced or removed, never followed.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::{self, ErrorKind, Read as _};
use std::mem;

use crdgen_schema::Diagnostic;

use super::mark::Mark;
use super::site::{Standing, is_below};
use super::{Conflict, File, OnConflict, Reach, Reason, Site, Step};
use crate::digest::Digest;
use crate::lock::{Entries, Entry, Record};

/// A plan under construction.
pub struct Planner<'a> {
    site: &'a Site,
    record: &'a Record,
    reach: Reach,
    on_conflict: OnConflict,
    pub steps: BTreeMap<String, Step>,
    pub conflicts: Vec<Conflict>,
    pub left: Vec<Diagnostic>,
    pub leftovers: Vec<String>,
    pub emptied: Vec<(String, String)>,
    pub present: Entries,
    pub planned: Entries,
    /// Whether all files that are left unchanged have exactly the wanted content.
    pub exact: bool,
    /// Known problems of the folders on the way to files, by path.
    folders: HashMap<String, Option<Reason>>,
    /// Memory for the content of the next file.
    spare: Vec<u8>,
}

/// Content of the disk at a path.
enum Look {
    Absent,
    File(Vec<u8>),
    Obstacle(Reason),
}

/// A recorded file that is not wanted any more.
struct Stale<'a> {
    path: &'a str,
    /// Entry whose digest is that of the file on disk; any entry if there is no such one.
    entry: Entry,
    /// Whether the digest of the file on disk is in some entry.
    is_known: bool,
    standing: Standing<'a>,
}

impl<'a> Planner<'a> {
    pub fn new(site: &'a Site, record: &'a Record, reach: Reach, on_conflict: OnConflict) -> Self {
        Self {
            site,
            record,
            reach,
            on_conflict,
            steps: BTreeMap::new(),
            conflicts: Vec::new(),
            left: Vec::new(),
            leftovers: Vec::new(),
            emptied: Vec::new(),
            present: Entries::new(),
            planned: Entries::new(),
            exact: true,
            folders: HashMap::new(),
            spare: Vec::new(),
        }
    }

    /// Adds a conflict for each root that leads out of the project.
    pub fn roots(&mut self) {
        let roots = self.site.roots.iter().map(|(target, root)| (root.as_str(), Some(*target)));
        let below = roots.filter(|(root, _)| !root.is_empty());
        for (root, target) in std::iter::once(("", None)).chain(below) {
            if !self.site.stays_inside(root, target) {
                self.conflict(root, Reason::LeadsOut, None);
            }
        }
    }

    /// Returns whether a file is on the disk with its recorded content.
    pub fn has(&mut self, path: &str, recorded: Entry) -> bool {
        let root = self.site.roots.get(&recorded.target).map_or("", String::as_str);
        let Ok(Look::File(found)) = self.look(path, root) else { return false };
        let is_unchanged = recorded.digest.is_of(&found);
        self.spare = found;
        is_unchanged
    }

    /// Decides the step for a file that the run wants.
    pub fn wanted(&mut self, path: &str, file: File) -> io::Result<()> {
        let entry = file.entry();
        self.planned.insert(path.to_owned(), entry);
        match self.look(path, self.site.roots.get(&file.target).map_or("", String::as_str))? {
            Look::Absent => self.step(path, Step::Create(file)),
            Look::File(old) => self.replace(path, entry, old, file)?,
            Look::Obstacle(Reason::Link) => self.conflict(path, Reason::Link, Some(Step::Create(file))),
            Look::Obstacle(reason) => self.conflict(path, reason, None),
        }
        Ok(())
    }

    fn replace(&mut self, path: &str, wanted: Entry, old: Vec<u8>, new: File) -> io::Result<()> {
        let is_equal = old == new.text.read()?.as_bytes();
        let found = if is_equal { wanted.digest } else { Digest::of_generated(&old) };
        let recorded: Vec<Digest> = self.record.digests(path).collect();
        let is_exact = recorded.contains(&found);
        let is_formatted = !is_exact && recorded.iter().any(|digest| digest.has_words_of(&found));
        let is_ours = (is_exact || is_formatted) && Mark::of(wanted.target, path, &old) != Mark::Missing;
        if is_ours || found == wanted.digest {
            self.present.insert(path.to_owned(), Entry { digest: found, ..wanted });
        }
        let is_new = recorded.iter().any(|digest| *digest != wanted.digest);
        let update = Step::Update { old, new };
        match () {
            () if found == wanted.digest => self.step(path, Step::Unchanged),
            // The layout of a formatter stays until the content changes.
            () if is_ours && is_formatted && !is_new => {
                self.exact = false;
                self.step(path, Step::Unchanged);
            }
            () if is_ours => self.step(path, update),
            () if !recorded.is_empty() && !is_exact && !is_formatted => {
                self.conflict(path, Reason::Edited, Some(update))
            }
            () => self.conflict(path, Reason::Foreign, Some(update)),
        }
        Ok(())
    }

    /// Decides the step for a recorded file that the run does not want.
    pub fn unwanted(&mut self, path: &str) -> io::Result<()> {
        let Some(recorded) = self.record.entries(path).next() else { return Ok(()) };
        let standing = self.site.standing(path, recorded.target);
        let look = match standing {
            Standing::Own(root) => self.look(path, root)?,
            Standing::Elsewhere => self.look(path, "")?,
            // Nothing is read there, because the path may be anything.
            Standing::Outside => Look::Absent,
        };
        let known = match &look {
            Look::File(found) => self.recorded(path, found),
            Look::Absent | Look::Obstacle(_) => None,
        };
        let stale = Stale { path, entry: known.unwrap_or(recorded), is_known: known.is_some(), standing };
        if stale.is_known || standing == Standing::Outside {
            self.present.insert(path.to_owned(), stale.entry);
        }
        if self.answers_for(standing) {
            self.give_up(&stale, &look);
        } else {
            self.planned.insert(path.to_owned(), stale.entry);
            self.step(path, Step::Keep);
        }
        Ok(())
    }

    fn recorded(&self, path: &str, found: &[u8]) -> Option<Entry> {
        let found = Digest::of_generated(found);
        self.record.entries(path).find(|entry| entry.digest == found || entry.digest.has_words_of(&found))
    }

    fn answers_for(&self, standing: Standing<'_>) -> bool {
        match self.reach {
            Reach::Project => standing != Standing::Outside,
            Reach::Targets => matches!(standing, Standing::Own(_)),
            Reach::Nothing => false,
        }
    }

    /// Removes a file that crdgen wrote. Forgets any other.
    fn give_up(&mut self, stale: &Stale<'_>, look: &Look) {
        match (look, stale.standing) {
            (Look::File(text), _) if self.is_ours(stale, text) => self.remove(stale),
            (Look::File(_), _) => {
                self.left.push(left_alone(self.site, stale.path));
                self.step(stale.path, Step::Forget);
            }
            (Look::Absent, Standing::Own(root)) => {
                // A killed run may have removed the file but not its folder.
                self.emptied.push((stale.path.to_owned(), root.to_owned()));
                self.step(stale.path, Step::Forget);
            }
            // The user put a link or a folder at the file's place.
            (Look::Absent | Look::Obstacle(_), _) => self.step(stale.path, Step::Forget),
        }
    }

    fn remove(&mut self, stale: &Stale<'_>) {
        let stays = if let Standing::Own(root) = stale.standing { root } else { "" };
        self.emptied.push((stale.path.to_owned(), stays.to_owned()));
        match stale.is_known {
            true => self.step(stale.path, Step::Remove),
            false => self.conflict(stale.path, Reason::EditedAndStale, Some(Step::Remove)),
        }
    }

    /// Returns whether crdgen wrote the file, by evidence beyond the lock.
    fn is_ours(&self, stale: &Stale<'_>, text: &[u8]) -> bool {
        match Mark::of(stale.entry.target, stale.path, text) {
            Mark::Present => true,
            Mark::NoRoom => {
                matches!(stale.standing, Standing::Own(_)) || (stale.is_known && self.goes_with_types(stale))
            }
            Mark::Missing => false,
        }
    }

    /// Returns whether the Rust types beside a schema, which include it, are removed too. Their step is
    /// decided first, because `.rs` sorts before `.schema.json`.
    fn goes_with_types(&self, stale: &Stale<'_>) -> bool {
        let types = stale.path.strip_suffix(".schema.json").map(|stem| format!("{stem}.rs"));
        types.is_some_and(|types| self.steps.get(&types) == Some(&Step::Remove))
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

    fn look(&mut self, path: &str, root: &str) -> io::Result<Look> {
        if let Some(reason) = self.on_the_way(path, root)? {
            return Ok(Look::Obstacle(reason));
        }
        if self.was_under_way(path) {
            self.leftovers.push(path.to_owned());
        }
        let place = self.site.locate(path);
        let metadata = match fs::symlink_metadata(&place) {
            Err(error) if is_missing(&error) => return Ok(Look::Absent),
            metadata => metadata?,
        };
        match metadata.file_type() {
            kind if kind.is_symlink() => Ok(Look::Obstacle(Reason::Link)),
            kind if kind.is_dir() => Ok(Look::Obstacle(Reason::Folder)),
            kind if kind.is_file() => {
                let mut content = mem::take(&mut self.spare);
                content.clear();
                fs::File::open(&place)?.read_to_end(&mut content)?;
                Ok(Look::File(content))
            }
            _ => Ok(Look::Obstacle(Reason::Special)),
        }
    }

    fn was_under_way(&self, path: &str) -> bool {
        self.record.lock.pending.as_ref().is_some_and(|pending| pending.write.contains_key(path))
    }

    /// Returns a problem of the folders between a target's root and a file. [`Self::roots`] checks the root
    /// itself.
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

fn left_alone(site: &Site, path: &str) -> Diagnostic {
    let (lock, file) = (site.show_lock(), site.show(path));
    let message =
        format!("{lock} lists {file}, but the file has no mark of crdgen: the file is kept, and its entry is removed");
    Diagnostic::warning("output::not-ours", message)
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}
