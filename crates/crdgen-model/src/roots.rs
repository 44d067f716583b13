//! The names of root types, and which version of a kind goes by its plain name.

use std::collections::BTreeMap;

use crate::lock::Names;
use crate::taken::{Taken, usable};
use crate::words;

/// What naming needs to know of a resource.
#[derive(Clone, Debug)]
pub struct Origin {
    /// API group.
    pub group: String,
    /// Version.
    pub version: String,
    /// Kind, verbatim.
    pub kind: String,
    /// Plural.
    pub plural: String,
}

/// The resources of a run, in the model's order, with what follows from them alone.
#[derive(Debug)]
pub struct Roots {
    /// The resources.
    pub origins: Vec<Origin>,
    /// Name of each root type.
    pub names: Vec<String>,
    /// Whether this version's types go by the plain kind; one version of each kind does.
    pub primary: Vec<bool>,
}

impl Roots {
    /// Names the root types: the kind for one version of it, the version before the kind for the others, and words of the
    /// group before both where two groups have the same kind.
    pub fn new(origins: Vec<Origin>, locked: &Names) -> Self {
        let lock_of = |origin: &Origin| locked.roots.get(&origin.lock_key()).filter(|name| usable(name));
        let primary = primaries(&origins, &lock_of);
        let mut names: Vec<Option<String>> = origins.iter().map(|origin| lock_of(origin).cloned()).collect();
        let mut taken = Taken::default();
        for name in &mut names {
            // A lock edited by hand may give one name twice; the first keeps it.
            if name.as_ref().is_some_and(|name| !taken.claim_root(name)) {
                *name = None;
            }
        }
        for rank in [true, false] {
            let unnamed = |names: &[Option<String>], i: usize| primary[i] == rank && names[i].is_none();
            let most_words = origins.iter().map(|origin| origin.group_words().len()).max().unwrap_or(0);
            for group_words in 0..=most_words + 1 {
                let mut claims: BTreeMap<String, Vec<(usize, String)>> = BTreeMap::new();
                for i in (0..origins.len()).filter(|&i| unnamed(&names, i)) {
                    let name = origins[i].root_name(rank, group_words);
                    claims.entry(name.to_ascii_lowercase()).or_default().push((i, name));
                }
                for claimants in claims.into_values() {
                    if let [(i, name)] = claimants.as_slice()
                        && taken.claim_root(name)
                    {
                        names[*i] = Some(name.clone());
                    }
                }
            }
        }
        let names = names
            .into_iter()
            .zip(&origins)
            .map(|(name, origin)| name.unwrap_or_else(|| words::upper_camel(&words::spelled(&origin.lock_key()))))
            .collect();
        Self { origins, names, primary }
    }

    /// The kind of a resource as a word.
    pub fn kind_word(&self, resource: usize) -> String {
        words::upper_camel(&self.origins[resource].kind)
    }
}

impl Origin {
    /// `group/version/Kind`.
    pub fn lock_key(&self) -> String {
        format!("{}/{}/{}", self.group, self.version, self.kind)
    }

    fn group_words(&self) -> Vec<&str> {
        self.group.split('.').collect()
    }

    /// The name of the root with so many words of the group. Kinds of one group that differ in case alone (`HTTPRoute`,
    /// `HttpRoute`) still fall together when all words are used; their plurals cannot.
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

fn primaries<'a>(origins: &[Origin], lock_of: &impl Fn(&Origin) -> Option<&'a String>) -> Vec<bool> {
    let mut best: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let rank = |i: usize| {
        let locked = lock_of(&origins[i]).map(String::len);
        (locked.is_none(), locked, version_priority(&origins[i].version))
    };
    for (i, origin) in origins.iter().enumerate() {
        let key = (origin.group.as_str(), origin.kind.as_str());
        let current = best.entry(key).or_insert(i);
        if rank(i) < rank(*current) {
            *current = i;
        }
    }
    (0..origins.len()).map(|i| best[&(origins[i].group.as_str(), origins[i].kind.as_str())] == i).collect()
}

/// Kubernetes' order of versions, best first: GA, beta, alpha, each newest first, then all others by name
/// (`k8s.io/apimachinery/pkg/version`).
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
