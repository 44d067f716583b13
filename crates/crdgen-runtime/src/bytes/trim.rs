//! Objects without what only `kubectl apply` and the API server read in them.

use super::error::Error;
use super::filter::{Emptied, Filter, Lists, Member, Members, Others, Rule};

/// What of an object's bookkeeping is wanted, although it is often larger than the object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    /// None of it.
    #[default]
    Nothing,
    /// The annotation with the object as `kubectl apply` last sent it.
    LastApplied,
    /// `metadata.managedFields`.
    ManagedFields,
    /// The object as it is.
    All,
}

/// Copies objects without `metadata.managedFields` and without the annotation
/// `kubectl.kubernetes.io/last-applied-configuration`. Annotations that are empty then go too, as an API server has it.
#[derive(Clone, Debug)]
pub struct Trim(Filter);

const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

impl Trim {
    /// Keeps what is wanted.
    pub fn new(keep: Keep) -> Self {
        Self(Filter::new(match metadata(keep) {
            Rule::Keep => Rule::Keep,
            metadata => others_kept(vec![("metadata", metadata)], Emptied::Keep),
        }))
    }

    /// Appends what is kept of an object. If it fails, what was appended is not to be used.
    ///
    /// # Errors
    ///
    /// When the object is not one, or its metadata cannot be found.
    pub fn copy(&self, object: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        self.0.copy(object, out)
    }
}

impl Default for Trim {
    fn default() -> Self {
        Self::new(Keep::default())
    }
}

impl From<Trim> for Filter {
    fn from(trim: Trim) -> Self {
        trim.0
    }
}

impl AsRef<Filter> for Trim {
    fn as_ref(&self) -> &Filter {
        &self.0
    }
}

/// The rule of `metadata`.
pub(super) fn metadata(keep: Keep) -> Rule {
    let named = match keep {
        Keep::Nothing => vec![("managedFields", Rule::Drop), ("annotations", annotations())],
        Keep::LastApplied => vec![("managedFields", Rule::Drop)],
        Keep::ManagedFields => vec![("annotations", annotations())],
        Keep::All => return Rule::Keep,
    };
    others_kept(named, Emptied::Keep)
}

/// The rule of `metadata.annotations`.
pub(super) fn annotations() -> Rule {
    others_kept(vec![(LAST_APPLIED, Rule::Drop)], Emptied::Drop)
}

fn others_kept(named: Vec<(&str, Rule)>, emptied: Emptied) -> Rule {
    let named = named.into_iter().map(|(key, rule)| Member { key: key.into(), rule, otherwise: None }).collect();
    Rule::Members(Members { named, others: Others::Keep, emptied, lists: Lists::Keep })
}
