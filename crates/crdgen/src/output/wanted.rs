//! Files, inputs and names that a run wants on disk, by the paths that the lock uses.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crdgen_emit::Files;
use crdgen_model::Names;
use crdgen_schema::Diagnostic;
use crdgen_schema::source::STDIN;

use super::site::relative;
use super::{File, Site, Spool};
use crate::digest::Digest;
use crate::lock::Target;
use crate::pipeline::Input;

/// The desired state of the disk and the lock.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Files by path, relative to the base folder.
    pub files: BTreeMap<String, File>,
    /// Inputs by path, relative to the base folder, for the lock.
    pub inputs: BTreeMap<String, Digest>,
    /// Names of kinds and types, for the lock.
    pub names: Names,
}

/// Collector of the files of a run, each under the folder of its target. Several threads may add files.
#[derive(Debug)]
pub struct Collector<'a> {
    site: &'a Site,
    collected: Mutex<Collected>,
}

#[derive(Debug)]
struct Collected {
    files: BTreeMap<String, File>,
    /// Paths that two targets write.
    collisions: BTreeSet<String>,
    /// Files with a large text, by its length: the OpenAPI document is also in the axum API.
    large: HashMap<usize, File>,
    spool: Spool,
}

impl Collected {
    fn keep(&mut self, target: Target, digest: Digest, text: String) -> File {
        /// Length from which on a text is large, in bytes.
        const LARGE: usize = 1 << 16;
        let bytes = text.len();
        let file = File { target, digest, text: self.spool.keep(text) };
        if bytes >= LARGE {
            self.large.insert(bytes, file.clone());
        }
        file
    }
}

impl<'a> Collector<'a> {
    /// Returns a collector without files.
    pub fn new(site: &'a Site) -> Self {
        let (files, collisions) = (BTreeMap::new(), BTreeSet::new());
        let collected = Collected { files, collisions, large: HashMap::new(), spool: Spool::new(site.base.clone()) };
        Self { site, collected: Mutex::new(collected) }
    }

    /// Adds files of a target.
    pub fn add(&self, target: Target, files: Files) {
        let Some(root) = self.site.roots.get(&target) else { return };
        for (name, mut text) in files {
            // Tools that mend the ends of files have nothing to do.
            if !text.ends_with('\n') {
                text.push('\n');
            }
            let path = place(target, root, name);
            let same = self.same(&text);
            let digest = same.as_ref().map_or_else(|| Digest::of_generated(&text), |same| same.digest);
            let mut collected = self.collected();
            let file = match same {
                Some(same) => File { target, ..same },
                None => collected.keep(target, digest, text),
            };
            if collected.files.insert(path.clone(), file).is_some() {
                collected.collisions.insert(path);
            }
        }
    }

    /// Returns a file with the same large text.
    fn same(&self, text: &str) -> Option<File> {
        // The temporary file has one position for reading and writing, so it is read only while nobody writes.
        let collected = self.collected();
        let found = collected.large.get(&text.len())?;
        found.text.read().is_ok_and(|found| found == text).then(|| found.clone())
    }

    fn collected(&self) -> MutexGuard<'_, Collected> {
        self.collected.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the desired state with these files.
    ///
    /// # Errors
    ///
    /// Returns a diagnostic if two targets write one file.
    pub fn finish(self, input: &Input, names: Names) -> Result<Wanted, Box<Diagnostic>> {
        let collected = self.collected.into_inner().unwrap_or_else(PoisonError::into_inner);
        match collected.collisions.first() {
            None => Ok(Wanted { files: collected.files, inputs: inputs(self.site, input), names }),
            Some(path) => {
                let message = format!("two targets would write the same file, {}", self.site.show(path));
                let collision = Diagnostic::error("output::collision", message);
                Err(Box::new(collision.help("give each target a folder of its own")))
            }
        }
    }
}

/// Returns the path of a target's file, relative to the base folder.
fn place(target: Target, root: &str, name: String) -> String {
    match root {
        file if target.is_file() => file.to_owned(),
        "" => name,
        folder => format!("{folder}/{name}"),
    }
}

/// Returns the inputs that gave CRDs. Other files do not belong in the lock; some may be crdgen's own output.
fn inputs(site: &Site, input: &Input) -> BTreeMap<String, Digest> {
    let gave_crds: BTreeSet<_> = input.crds.iter().map(|crd| crd.source.name.as_str()).collect();
    let sources = input.sources.iter().filter(|(name, _)| gave_crds.contains(name.as_str()));
    sources.map(|(name, digest)| (input_path(site, name), *digest)).collect()
}

fn input_path(site: &Site, name: &str) -> String {
    match name {
        STDIN => "-".to_owned(),
        _ => relative(&site.working_directory.join(name), &site.base),
    }
}
