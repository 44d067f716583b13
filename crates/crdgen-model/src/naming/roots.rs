//! Names of root types, and the choice of the version that goes by the plain kind.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::ids::{RootId, Table};
use crate::lock::Names;
use crate::model::ResourceId;
use crate::naming::plural::plural;
use crate::naming::taken::{Taken, usable};
use crate::words;

/// Properties of a resource or view that naming needs.
#[derive(Clone, Debug)]
pub struct NamedResource {
    /// API group.
    pub group: String,
    pub version: String,
    /// Kind, verbatim. For a view, the name of the view.
    pub kind: String,
    pub plural: String,
    /// Resource that a view reads; `None` for a resource.
    pub view_of: Option<ResourceId>,
}

impl NamedResource {
    /// Returns whether a config means this resource or view by `kind`, which is `Kind` or `Kind.group`.
    pub fn is_called(&self, kind: &str) -> bool {
        let rest = kind.strip_prefix(self.kind.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.strip_prefix('.') == Some(self.group.as_str()))
    }
}

/// Resources of a run in the model's order, followed by its views, with the names that follow from them alone.
#[derive(Debug)]
pub struct Roots {
    /// Resources, then views.
    pub resources: Table<RootId, NamedResource>,
    /// Name of each root type.
    pub names: Table<RootId, String>,
    /// Whether a version goes by the plain kind: its types have names without the version. One version of each kind
    /// does.
    pub primary: Table<RootId, bool>,
    /// Views that no earlier run had. They get their names only if no other type has them.
    pub new_views: Vec<RootId>,
}

impl Roots {
    /// Names the root types. One version of a kind gets the kind as its name; the other versions have the version
    /// before the kind. Words of the group come before both if two groups have the same kind.
    pub fn new(resources: Table<RootId, NamedResource>, locked: &Names) -> Self {
        let lock_of = |named: &NamedResource| locked.roots.get(&named.lock_key()).filter(|name| usable(name));
        let primary = primaries(&resources, &lock_of);
        let name_of = |named: &NamedResource| lock_of(named).filter(|name| !named.is_view() || **name == named.kind);
        let mut names: Table<RootId, Option<String>> = resources.iter().map(|named| name_of(named).cloned()).collect();
        let mut taken = Taken::new();
        let mut nouns = OperationNouns::default();
        for (name, named) in names.iter_mut().zip(&resources) {
            // A lock that was edited by hand may give one name twice; the first root keeps it.
            name.take_if(|name| !taken.claim_root(name));
            if let Some(name) = name {
                nouns.keep(name, named);
            }
        }
        in_use(&names, locked).into_iter().for_each(|name| taken.keep(name));
        for rank in [true, false] {
            let unnamed = |names: &Table<RootId, Option<String>>, root: RootId| {
                primary[root] == rank && names[root].is_none() && !resources[root].is_view()
            };
            let most_words = resources.iter().map(|named| named.group_words().len()).max().unwrap_or(0);
            for group_words in 0..=most_words + 1 {
                let mut claims: BTreeMap<String, Vec<(RootId, String)>> = BTreeMap::new();
                for root in resources.ids().filter(|&root| unnamed(&names, root)) {
                    let name = resources[root].root_name(rank, group_words);
                    claims.entry(name.to_ascii_lowercase()).or_default().push((root, name));
                }
                for claimants in claims.into_values() {
                    if let [(root, name)] = claimants.as_slice()
                        && nouns.are_free(name, &resources[*root])
                        && taken.claim_root(name)
                    {
                        names[*root] = Some(name.clone());
                    }
                }
            }
        }
        let new_views = resources.ids().filter(|&root| resources[root].is_view() && names[root].is_none()).collect();
        let names = names.into_iter().zip(&resources).map(|(name, named)| match name {
            Some(name) => name,
            None if named.is_view() => named.kind.clone(),
            None => words::upper_camel(&words::spelled(&named.lock_key())),
        });
        Self { names: names.collect(), resources, primary, new_views }
    }

    /// Returns the resource that a root belongs to. For a view, this is the resource that the view reads.
    pub fn resource(&self, root: RootId) -> ResourceId {
        self.resources[root].view_of.unwrap_or(ResourceId(root.0))
    }

    /// Returns the resource that a root belongs to.
    pub fn of_kind(&self, root: RootId) -> &NamedResource {
        &self.resources[RootId(self.resource(root).0)]
    }

    /// Returns whether a root belongs to a view.
    pub fn is_view(&self, root: RootId) -> bool {
        self.resources[root].is_view()
    }

    /// Returns the name under which the operations of a resource's kind are grouped: the plural of the root of the
    /// version that goes by the plain kind. Client generators call classes after it (`LampsService`), and types of the
    /// kind may begin with the singular (`LampService`), so the result never equals the singular.
    pub fn tag(&self, root: RootId) -> String {
        let of = |root: RootId| (&self.resources[root].group, &self.resources[root].kind);
        let primary = self.resources.ids().find(|&other| self.primary[other] && of(other) == of(root));
        let root = primary.unwrap_or(root);
        let many = self.plural_name(root);
        if many == self.names[root] { many + "Objects" } else { many }
    }

    /// Returns the plural of a root's name.
    pub fn plural_name(&self, root: RootId) -> String {
        self.resources[root].plural_name(&self.names[root])
    }

    /// Returns the kind of a root as a word of a type name.
    pub fn kind_word(&self, root: RootId) -> String {
        words::upper_camel(&self.resources[root].kind)
    }
}

impl NamedResource {
    /// Returns the key in the lock: `group/version/Kind`.
    pub fn lock_key(&self) -> String {
        format!("{}/{}/{}", self.group, self.version, self.kind)
    }

    pub fn is_view(&self) -> bool {
        self.view_of.is_some()
    }

    fn plural_name(&self, name: &str) -> String {
        plural(name, &self.kind, &self.plural)
    }

    /// Returns whether a root's name belongs to a version that does not go by the plain kind.
    fn is_versioned(&self, name: &str) -> bool {
        let version = words::upper_camel(&self.version);
        [&self.kind, &self.plural].iter().any(|kind| name.ends_with(&format!("{version}{}", words::upper_camel(kind))))
    }

    fn group_words(&self) -> Vec<&str> {
        self.group.split('.').collect()
    }

    /// Returns the name of a root with the given number of words of the group. Kinds of one group that differ only in
    /// case (`HTTPRoute`, `HttpRoute`) still collide with all words; one word more gives the plural, which cannot
    /// collide.
    fn root_name(&self, primary: bool, group_words: usize) -> String {
        let version = if primary { String::new() } else { words::upper_camel(&self.version) };
        let words = self.group_words();
        if group_words > words.len() {
            return format!("{version}{}", words::upper_camel(&self.plural));
        }
        let group: String = words.into_iter().take(group_words).map(words::upper_camel).collect();
        format!("{group}{version}{}", words::upper_camel(&self.kind))
    }
}

/// Names of operations of roots from an earlier run, in lower case. If a new root had such a name, an existing
/// operation would have to be renamed.
#[derive(Default)]
struct OperationNouns {
    singular: HashSet<String>,
    plural: HashSet<String>,
}

impl OperationNouns {
    fn keep(&mut self, name: &str, named: &NamedResource) {
        let many = named.plural_name(name).to_ascii_lowercase();
        self.singular.extend(["status", "scale"].map(|part| name.to_ascii_lowercase() + part));
        self.plural.extend([format!("{many}forallnamespaces"), many]);
    }

    fn are_free(&self, name: &str, named: &NamedResource) -> bool {
        !self.singular.contains(&name.to_ascii_lowercase())
            && !self.plural.contains(&named.plural_name(name).to_ascii_lowercase())
    }
}

/// Returns the names of an earlier run that are reachable from roots that still exist.
fn in_use<'a>(roots: &Table<RootId, Option<String>>, locked: &'a Names) -> BTreeSet<&'a str> {
    let known = |name: &String| locked.types.get_key_value(name);
    let mut queue: Vec<&str> = roots.iter().flatten().filter_map(known).map(|(name, _)| name.as_str()).collect();
    let mut found = BTreeSet::new();
    while let Some(name) = queue.pop() {
        if found.insert(name) {
            queue.extend(locked.types.get(name).into_iter().flat_map(BTreeMap::values).map(String::as_str));
        }
    }
    found
}

fn primaries<'a>(
    resources: &Table<RootId, NamedResource>,
    lock_of: &impl Fn(&NamedResource) -> Option<&'a String>,
) -> Table<RootId, bool> {
    let mut best: BTreeMap<(&str, &str), RootId> = BTreeMap::new();
    let rank = |root: RootId| {
        let named = &resources[root];
        let locked = lock_of(named).map(|name| named.is_versioned(name));
        (locked.is_none(), locked, version_priority(&named.version))
    };
    let kind = |root: RootId| (resources[root].group.as_str(), resources[root].kind.as_str());
    for root in resources.ids() {
        let current = best.entry(kind(root)).or_insert(root);
        if rank(root) < rank(*current) {
            *current = root;
        }
    }
    resources.ids().map(|root| best[&kind(root)] == root).collect()
}

/// Returns the sort key of a version in Kubernetes' order, best first: GA, beta, alpha, each newest first, then all
/// others by name (`k8s.io/apimachinery/pkg/version`).
pub fn version_priority(version: &str) -> (u8, i64, i64, String) {
    let number = |text: &str| text.parse::<i64>().ok();
    let parts = version.strip_prefix('v').and_then(|rest| {
        for (rank, word) in [(1, "beta"), (2, "alpha")] {
            if let Some((major, minor)) = rest.split_once(word) {
                return Some((rank, number(major)?, number(minor)?));
            }
        }
        Some((0, number(rest)?, 0))
    });
    match parts {
        Some((rank, major, minor)) => (rank, -major, -minor, String::new()),
        None => (3, 0, 0, version.to_owned()),
    }
}
