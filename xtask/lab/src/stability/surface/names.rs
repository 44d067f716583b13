//! Names of one target, and digests of the types that have them.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashMap};
use std::hash::{Hash, Hasher};

/// Names of one target.
#[derive(Default)]
pub struct Surface {
    /// Names that belong to a resource or an operation, by a description of it.
    pub words: BTreeMap<String, String>,
    /// Types of responses and bodies, by a description of their place. The types of fields are found from here.
    pub roots: BTreeMap<String, String>,
    pub(super) types: HashMap<String, Vec<Member>>,
    /// Digests of everything that a user sees of each type, except the names of other types.
    pub(super) contents: HashMap<String, u64>,
}

/// A field of an object, or a value of an enum.
pub struct Member {
    /// Name of the member in the target.
    pub step: String,
    /// Name of the member's type, if it is a named type.
    pub ty: Option<String>,
    /// Declaration of the member, without the named type in it.
    pub(super) declared: String,
}

impl Surface {
    /// Returns the members of a type; none if the type is not generated.
    pub fn members(&self, name: &str) -> &[Member] {
        self.types.get(name).map_or(&[], Vec::as_slice)
    }

    /// Returns a digest that is equal for two types if they differ only in names.
    pub fn content(&self, name: &str) -> Option<u64> {
        self.contents.get(name).copied()
    }

    /// Returns every type with the names of its fields.
    pub fn fields(&self) -> BTreeMap<String, Vec<String>> {
        let steps = |members: &Vec<Member>| members.iter().map(|member| member.step.clone()).collect();
        self.types.iter().map(|(name, members)| (name.clone(), steps(members))).collect()
    }

    /// Adds the digests of all types.
    pub fn finished(mut self) -> Self {
        let mut contents = HashMap::new();
        for name in self.types.keys() {
            self.digest(name, &mut contents);
        }
        self.contents = contents;
        self
    }

    /// Returns the digest of a type. Structural schemas have no cycles, so the types made of them have none.
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
