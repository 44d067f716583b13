//! Settings of a project's config that change the model.

use std::collections::BTreeSet;

use crate::model::ApiOperation;
use crate::path_pattern::PathPattern;

/// All settings that change the model; none by default.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// Names of types: the type at each matching path gets the given name.
    pub rename: Vec<(PathPattern, String)>,
    /// Properties that are left out, as if the schema did not declare them.
    pub skip: Vec<PathPattern>,
    /// Types that read only some fields of a kind.
    pub views: Vec<ViewWish>,
    /// Operations of the HTTP API. The last entry that names a kind holds for it.
    pub operations: Vec<OperationWish>,
}

/// Complete list of the operations that the HTTP API of a kind offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationWish {
    /// `Kind` or `Kind.group`; `None` for every kind that no other entry names.
    pub kind: Option<String>,
    /// Offered operations and subresources.
    pub operations: BTreeSet<ApiOperation>,
}

/// View to be made: a type that reads only some fields of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewWish {
    /// `Kind` or `Kind.group`.
    pub kind: String,
    /// Name of the view's type.
    pub name: String,
    /// Paths below the root, for example `spec.pipelineRef.name`.
    pub fields: Vec<String>,
    /// Path segment of the view's routes; `None` for the lower-case plural of the name.
    pub plural: Option<String>,
}

/// Identifier of a wish: its index in a list of [`Wishes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WishId {
    /// Index in [`Wishes::rename`].
    Rename(usize),
    /// Index in [`Wishes::skip`].
    Skip(usize),
    /// Index in [`Wishes::views`].
    View(usize),
    /// Kind of a view, by its index in [`Wishes::views`].
    ViewKind(usize),
    /// Plural of a view, by its index in [`Wishes::views`].
    ViewPlural(usize),
    /// Kind of an offer, by its index in [`Wishes::operations`].
    Operations(usize),
    /// A field of a view.
    ViewField {
        /// Index in [`Wishes::views`].
        view: usize,
        /// Index in [`ViewWish::fields`].
        field: usize,
    },
}

/// A wish that was not granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Wish that was refused.
    pub wish: WishId,
    /// Reason, in one sentence.
    pub message: String,
    /// Names that could be written instead, if the wish names something that does not exist.
    pub choices: Vec<String>,
    /// Advice for the user, if there is any.
    pub help: Option<String>,
}
