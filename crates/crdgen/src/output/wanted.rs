//! Files, inputs and names that a run wants on disk, by the paths that the lock uses.

use std::collections::{BTreeMap, BTreeSet};

use crdgen_model::Names;
use crdgen_schema::Diagnostic;
use crdgen_schema::source::STDIN;

use super::site::relative;
use super::{File, Site};
use crate::digest::Digest;
use crate::lock::Target;
use crate::pipeline::{Input, Output};

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

impl Wanted {
    /// Collects the files of each target under its folder.
    ///
    /// # Errors
    ///
    /// Returns a diagnostic if two targets write one file.
    pub fn new(site: &Site, input: &Input, output: Output) -> Result<Self, Box<Diagnostic>> {
        let mut wanted = Self { names: output.names, inputs: inputs(site, input), ..Self::default() };
        let targets = [
            (Target::Rust, output.rust),
            (Target::OpenApi, output.openapi),
            (Target::TypeScript, output.typescript),
            (Target::JsonSchema, output.json_schema),
            (Target::Rbac, output.rbac),
            (Target::Docs, output.docs),
        ];
        for (target, files) in targets {
            let Some(root) = site.roots.get(&target) else { continue };
            for (name, text) in files {
                wanted.add(site, place(target, root, name), target, text)?;
            }
        }
        Ok(wanted)
    }

    fn add(&mut self, site: &Site, path: String, target: Target, mut text: String) -> Result<(), Box<Diagnostic>> {
        // Tools that mend the ends of files have nothing to do.
        if !text.ends_with('\n') {
            text.push('\n');
        }
        if self.files.contains_key(&path) {
            let message = format!("two targets would write the same file, {}", site.show(&path));
            let collision = Diagnostic::error("output::collision", message);
            return Err(Box::new(collision.help("give each target a folder of its own")));
        }
        self.files.insert(path, File::new(target, text));
        Ok(())
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
