//! Settings of a project's config that change the model.

use std::collections::BTreeSet;

use crdgen_schema::Place;

use crate::model::ApiOperation;
use crate::path_pattern::PathPattern;

/// All settings that change the model; none by default.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Names of types.
    pub rename: Vec<Rename>,
    /// Properties that are left out, as if the schema did not declare them.
    pub skip: Vec<Placed<PathPattern>>,
    /// Types that read only some fields of a kind.
    pub views: Vec<ViewSettings>,
    /// Operations of the HTTP API. The last entry that names a kind holds for it.
    pub operations: Vec<OperationSettings>,
    /// Whether the HTTP API has an operation that tells callers their permissions.
    pub permissions: bool,
    /// Whether the paths of all resources are left out of the result. They take much of its memory.
    pub no_paths: bool,
}

/// A value with the place where it is written, for diagnostics.
#[derive(Clone, Debug)]
pub struct Placed<T> {
    /// Value as the config file or the builder sets it.
    pub value: T,
    /// Place in the config file; `None` for a value that was not read from a file.
    pub place: Option<Place>,
}

impl<T> From<T> for Placed<T> {
    fn from(value: T) -> Self {
        Self { value, place: None }
    }
}

/// Name for the type at each matching path, in every target.
#[derive(Clone, Debug)]
pub struct Rename {
    /// Paths of the type.
    pub path: PathPattern,
    /// Name of the type.
    pub name: Placed<String>,
}

/// Complete list of the operations that the HTTP API of a kind offers.
#[derive(Clone, Debug)]
pub struct OperationSettings {
    /// `Kind` or `Kind.group`; `None` for every kind that no other entry names.
    pub kind: Option<Placed<String>>,
    /// Offered operations and subresources.
    pub operations: BTreeSet<ApiOperation>,
}

/// A type that reads only some fields of a kind.
#[derive(Clone, Debug)]
pub struct ViewSettings {
    /// Kind that the view reads, as `Kind` or `Kind.group`.
    pub kind: Placed<String>,
    /// Name of the view's type.
    pub name: Placed<String>,
    /// Paths below the root, for example `spec.pipelineRef.name`.
    pub fields: Vec<Placed<String>>,
    /// Path segment of the view's routes; `None` for the lower-case plural of the name.
    pub plural: Option<Placed<String>>,
}

/// Setting that a [`RejectedSetting`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// [`Rename::name`].
    Rename,
    /// [`ViewSettings::name`], or the view as a whole.
    View,
    /// [`ViewSettings::kind`].
    ViewKind,
    /// [`ViewSettings::plural`].
    ViewPlural,
    /// An entry of [`ViewSettings::fields`].
    ViewField,
    /// [`OperationSettings::kind`].
    OperationKind,
}

/// A setting that was not applied.
#[derive(Clone, Debug)]
pub struct RejectedSetting {
    /// Setting that was refused.
    pub setting: Setting,
    /// Refused value. For a plural that is not set, the name of the view.
    pub value: Placed<String>,
    /// Reason, in one sentence.
    pub message: String,
    /// Values that could be written instead, if the setting names something that does not exist.
    pub choices: Vec<String>,
    /// Advice for the user, if there is any.
    pub help: Option<String>,
}

impl RejectedSetting {
    /// Creates a refusal without choices and advice.
    pub(crate) fn new(setting: Setting, value: &Placed<String>, message: String) -> Self {
        Self { setting, value: value.clone(), message, choices: Vec::new(), help: None }
    }
}
