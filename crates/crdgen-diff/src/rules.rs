//! Table of the rules, by the part of a CRD that changes.

mod cel;
mod crd;
mod docs;
mod field;
mod shape;
mod subresource;
mod value;
mod version;

use crate::rule::Rule;

/// Pages of the Kubernetes documentation.
mod page {
    pub(super) const VERSIONS: &str =
        "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/";
    pub(super) const CONVERSION: &str = "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#webhook-conversion";
    pub(super) const STORED: &str = "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#upgrade-existing-objects-to-a-new-stored-version";
    pub(super) const DELETE: &str = "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#delete-a-customresourcedefinition";
    pub(super) const CRD: &str =
        "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/";
    pub(super) const PRUNING: &str = "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#field-pruning";
    pub(super) const VALIDATION: &str =
        "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation";
    pub(super) const RATCHETING: &str = "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-ratcheting";
    pub(super) const RULES: &str = "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules";
    pub(super) const TRANSITIONS: &str = "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#transition-rules";
    pub(super) const COST: &str = "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#resource-use-by-validation-functions";
    pub(super) const DEFAULTS: &str =
        "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#defaulting";
    pub(super) const NULLS: &str = "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#defaulting-and-nullable";
    pub(super) const INT_OR_STRING: &str =
        "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#intorstring";
    pub(super) const RAW: &str =
        "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#rawextension";
    pub(super) const MERGE: &str = "https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy";
    pub(super) const STATUS: &str = "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#status-subresource";
    pub(super) const SCALE: &str = "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#scale-subresource";
    pub(super) const COLUMNS: &str = "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#additional-printer-columns";
    pub(super) const SELECTABLE: &str = "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#crd-selectable-fields";
    pub(super) const CHANGES: &str =
        "https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api_changes.md";
}

/// Group of rules about one part of a CRD.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// Noun phrase for a heading.
    pub title: &'static str,
    /// Rules of the group, in the order of the documentation.
    pub rules: &'static [&'static [Rule]],
}

/// All rules by group.
pub const GROUPS: [Group; 8] = [
    Group { title: "CRD", rules: &[&crd::RULES] },
    Group { title: "Versions", rules: &[&version::RULES] },
    Group { title: "Subresources, columns and selectors", rules: &[&subresource::RULES] },
    Group { title: "Fields", rules: &[&field::RULES] },
    Group { title: "Values", rules: &value::RULES },
    Group { title: "Shape", rules: &[&shape::RULES] },
    Group { title: "CEL rules", rules: &[&cel::RULES] },
    Group { title: "Documentation", rules: &[&docs::RULES] },
];

/// Returns the rules of all groups.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    GROUPS.iter().flat_map(|group| group.rules).flat_map(|rules| rules.iter())
}

/// Returns the rule of an id.
///
/// # Examples
///
/// ```
/// let rule = crdgen_diff::rules::find("field-removed").unwrap();
/// assert_eq!(rule.title, "A field was removed");
/// assert!(crdgen_diff::rules::find("field-deleted").is_none());
/// ```
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}

/// Returns the rule of an id that this crate uses.
pub(crate) fn known(id: &str) -> &'static Rule {
    find(id).unwrap_or_else(|| panic!("the table has no rule `{id}`"))
}
