//! The names that users of generated code write, as the generated files have them: every path of every resource with the
//! name of its type, in each target.

mod openapi;
mod rust;
mod typescript;

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashMap};
use std::hash::{Hash, Hasher};

use anyhow::{Context, Result};
use crdgen::pipeline::Output;
use crdgen_emit::Files;

/// What a target calls things.
#[derive(Default)]
pub struct Surface {
    /// Names that belong to a resource or an operation, by what they name.
    pub words: BTreeMap<String, String>,
    /// Where types are entered, with the type that stands there.
    pub roots: BTreeMap<String, String>,
    types: HashMap<String, Vec<Member>>,
    /// For each type everything that a user sees of it, names of other types aside, in one number.
    contents: HashMap<String, u64>,
}

/// One field of an object, or one value of an enum.
pub struct Member {
    /// Its name in the target.
    pub step: String,
    /// That of its type, when that has one.
    pub ty: Option<String>,
    /// How it is declared, but for the named type in it.
    declared: String,
}

/// A surface and whose it is.
pub type Named = (&'static str, Surface);

/// The names in everything that was generated, by target.
pub fn surfaces(output: &Output) -> Result<Vec<Named>> {
    type Read = fn(&Files) -> Result<Surface>;
    let targets: [(&'static str, &Files, Read); 3] = [
        ("OpenAPI", &output.openapi, openapi::surface),
        ("Rust", &output.rust, rust::surface),
        ("TypeScript", &output.typescript, typescript::surface),
    ];
    let there = targets.into_iter().filter(|(_, files, _)| !files.is_empty());
    there.map(|(name, files, read)| Ok((name, read(files).context(name)?.finished()))).collect()
}

impl Surface {
    /// The members of a type; none of one that is not generated.
    pub fn members(&self, name: &str) -> &[Member] {
        self.types.get(name).map_or(&[], Vec::as_slice)
    }

    /// Equal for two types when users see no difference but in names.
    pub fn content(&self, name: &str) -> Option<u64> {
        self.contents.get(name).copied()
    }

    /// Every type with the names of its fields.
    pub fn fields(&self) -> BTreeMap<String, Vec<String>> {
        let steps = |members: &Vec<Member>| members.iter().map(|member| member.step.clone()).collect();
        self.types.iter().map(|(name, members)| (name.clone(), steps(members))).collect()
    }

    fn finished(mut self) -> Self {
        let mut contents = HashMap::new();
        for name in self.types.keys() {
            self.digest(name, &mut contents);
        }
        self.contents = contents;
        self
    }

    /// Structural schemas have no cycles, so neither do the types made of them.
    fn digest(&self, name: &str, known: &mut HashMap<String, u64>) -> u64 {
        if let Some(digest) = known.get(name) {
            return *digest;
        }
        let mut hasher = DefaultHasher::new();
        for member in self.members(name) {
            (&member.step, &member.declared).hash(&mut hasher);
            if let Some(ty) = &member.ty {
                self.digest(ty, known).hash(&mut hasher);
            }
        }
        let digest = hasher.finish();
        known.insert(name.to_owned(), digest);
        digest
    }
}
