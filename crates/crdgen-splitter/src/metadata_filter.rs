//! Removal of the fields that only `kubectl apply` and the API server use.

use super::error::Error;
use super::filter::{Emptied, Filter, Lists, Member, Members, Others, Rule};

/// Choice of the fields to keep that only `kubectl apply` and the API server use. These fields are often larger than
/// the rest of the object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeepMetadata {
    /// Keeps neither the annotation nor `managedFields`.
    #[default]
    Nothing,
    /// Keeps the annotation with the last applied object of `kubectl apply`.
    LastApplied,
    /// Keeps `metadata.managedFields`.
    ManagedFields,
    /// Keeps the whole object.
    All,
}

/// Filter that removes `metadata.managedFields` and the annotation `kubectl.kubernetes.io/last-applied-configuration`.
/// Removes annotations that are then empty, since an API server writes no empty annotations.
#[derive(Clone, Debug)]
pub struct MetadataFilter(Filter);

const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

impl MetadataFilter {
    /// Creates a filter that keeps the fields that `keep` names.
    pub fn new(keep: KeepMetadata) -> Self {
        Self(Filter::new(match metadata(keep) {
            Rule::Keep => Rule::Keep,
            metadata => others_kept(vec![("metadata", metadata)], Emptied::Keep),
        }))
    }

    /// Appends the kept part of `object` to `out`. After an error, the appended bytes must not be used.
    ///
    /// # Errors
    ///
    /// Fails when `object` is not a JSON object or its metadata cannot be found.
    pub fn copy(&self, object: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        self.0.copy(object, out)
    }
}

impl Default for MetadataFilter {
    fn default() -> Self {
        Self::new(KeepMetadata::default())
    }
}

impl From<MetadataFilter> for Filter {
    fn from(trim: MetadataFilter) -> Self {
        trim.0
    }
}

impl AsRef<Filter> for MetadataFilter {
    fn as_ref(&self) -> &Filter {
        &self.0
    }
}

/// Returns the rule for `metadata`.
pub(super) fn metadata(keep: KeepMetadata) -> Rule {
    let named = match keep {
        KeepMetadata::Nothing => vec![("managedFields", Rule::Drop), ("annotations", annotations())],
        KeepMetadata::LastApplied => vec![("managedFields", Rule::Drop)],
        KeepMetadata::ManagedFields => vec![("annotations", annotations())],
        KeepMetadata::All => return Rule::Keep,
    };
    others_kept(named, Emptied::Keep)
}

/// Returns the rule for `metadata.annotations`.
pub(super) fn annotations() -> Rule {
    others_kept(vec![(LAST_APPLIED, Rule::Drop)], Emptied::Drop)
}

fn others_kept(named: Vec<(&str, Rule)>, emptied: Emptied) -> Rule {
    let named = named.into_iter().map(|(key, rule)| Member { key: key.into(), rule, otherwise: None }).collect();
    Rule::Members(Members { named, others: Others::Keep, emptied, lists: Lists::Keep })
}
