//! Information about a path, and its JSON form.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{self, Write};

use crdgen_model::{Lowered, NameReason, Names, PathEntry, PathPattern, TypeId};
use crdgen_schema::Crd;
use serde::Serialize;

use crate::pipeline::{self, Selection};

/// Information about a path. The field names are the keys of the JSON form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub group: String,
    pub version: String,
    pub path: String,
    pub levels: String,
    #[serde(rename = "type")]
    pub ty: String,
    pub name: Option<String>,
    pub why: Option<NameReason>,
    pub locked: bool,
    pub passed: Vec<Passed>,
    pub untyped: Option<&'static str>,
}

/// A shorter name that a type could not have, because it is taken or fits several types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Passed {
    pub name: String,
    /// Path of the type that has the name.
    pub by: Option<String>,
}

impl Entry {
    /// Returns whether the path belongs to a `Kind`, a `Kind.group` or a view.
    pub fn is_of(&self, kind: &str) -> bool {
        let own = self.path.split('.').next().unwrap_or_default();
        let rest = kind.strip_prefix(own);
        rest.is_some_and(|rest| rest.is_empty() || rest.strip_prefix('.') == Some(self.group.as_str()))
    }

    /// Returns whether `pattern` matches the path.
    pub fn matches(&self, pattern: &PathPattern) -> bool {
        pattern.matches(&self.group, &self.version, &format!("{}{}", self.path, self.levels))
    }
}

/// Lists every path. A locked name is explained as without the lock, if the type would have that name anyway.
pub fn entries(crds: &[Crd], selection: &Selection, locked: &Names) -> Result<Vec<Entry>, pipeline::Error> {
    let now = pipeline::model(crds, selection, locked)?.lowered;
    // Without the lock another type may have the name that the config gives. Then there is nothing to compare
    // with.
    let fresh = match *locked == Names::default() {
        true => None,
        false => pipeline::model(crds, selection, &Names::default()).ok().map(|model| model.lowered),
    };
    let holders = holders(&now);
    let kept: HashSet<&String> =
        locked.roots.values().chain(locked.types.values().flat_map(BTreeMap::values)).collect();
    let described = |index: usize, entry: &PathEntry| {
        let resource = now.model.resource(entry.resource);
        let id = entry.named;
        // Paths of equal CRDs are in the same order.
        let fresh = fresh.as_ref().and_then(|fresh| Some((fresh, fresh.paths.get(index)?)));
        let today = fresh.filter(|(fresh, other)| name(fresh, other.named) == name(&now, id));
        let why = match (entry.reason, today) {
            (Some(NameReason::Locked), Some((_, other))) => other.reason,
            (why, _) => why,
        };
        let (lowered, of) = match today {
            Some((fresh, other)) => (fresh, other.named),
            None => (&now, id),
        };
        let passed = of.and_then(|id| lowered.rejected_names.get(&id)).into_iter().flatten();
        let name = name(&now, id).map(str::to_owned);
        Entry {
            group: resource.group.clone(),
            version: resource.version.clone(),
            path: entry.path.clone(),
            levels: entry.levels.to_string(),
            ty: entry.ty.clone(),
            locked: name.as_ref().is_some_and(|name| kept.contains(name)),
            name,
            why,
            passed: passed
                .map(|name| Passed {
                    name: name.clone(),
                    by: holders.get(&name.to_ascii_lowercase()).map(|path| (*path).to_owned()),
                })
                .collect(),
            untyped: entry.untyped,
        }
    };
    Ok(now.paths.iter().enumerate().map(|(index, entry)| described(index, entry)).collect())
}

fn name(lowered: &Lowered, id: Option<TypeId>) -> Option<&str> {
    id.map(|id| lowered.model.get(id).name.as_str())
}

/// Returns the path of each type by its name in lower case, since names are unique ignoring case.
fn holders(lowered: &Lowered) -> HashMap<String, &str> {
    lowered.model.types.iter().map(|def| (def.name.to_ascii_lowercase(), def.path.as_str())).collect()
}

/// Writes the entries as JSON, one a line, so that a diff of two runs shows what changed.
pub fn json(entries: &[Entry], out: &mut impl Write) -> io::Result<()> {
    out.write_all(b"[")?;
    for (index, entry) in entries.iter().enumerate() {
        out.write_all(if index == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, entry)?;
    }
    out.write_all(b"\n]\n")
}
