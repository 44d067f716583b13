//! What a project's config asks of the model, beyond what the CRDs say.

use std::collections::BTreeSet;

use crate::model::Offer;
use crate::path_pattern::PathPattern;

/// Everything that is asked for; nothing by default.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// Names of types: the type that stands at these paths is to have this one.
    pub rename: Vec<(PathPattern, String)>,
    /// Properties that are left out as if the schema did not declare them.
    pub skip: Vec<PathPattern>,
    /// Types that read only some fields of a kind.
    pub views: Vec<ViewWish>,
    /// What the API of kinds offers. The last one that names a kind holds for it.
    pub offers: Vec<OfferWish>,
}

/// What the API of a kind offers, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferWish {
    /// `Kind` or `Kind.group`; every kind that no other wish names when absent.
    pub kind: Option<String>,
    /// What is offered.
    pub offers: BTreeSet<Offer>,
}

/// A type that reads only some fields of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewWish {
    /// `Kind` or `Kind.group`.
    pub kind: String,
    /// The type's name.
    pub name: String,
    /// Paths below the root, for example `spec.pipelineRef.name`.
    pub fields: Vec<String>,
    /// The path segment of its routes; the name's lower-cased plural when absent.
    pub plural: Option<String>,
}

/// Which wish, by its index in [`Wishes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WishId {
    /// Of [`Wishes::rename`].
    Rename(usize),
    /// Of [`Wishes::skip`].
    Skip(usize),
    /// Of [`Wishes::views`].
    View(usize),
    /// The kind of one of [`Wishes::views`].
    ViewKind(usize),
    /// The plural of one of [`Wishes::views`].
    ViewPlural(usize),
    /// The kind of one of [`Wishes::offers`].
    Offers(usize),
    /// A field of a view.
    ViewField {
        /// Of [`Wishes::views`].
        view: usize,
        /// Of [`ViewWish::fields`].
        field: usize,
    },
}

/// A wish that was not granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Which.
    pub wish: WishId,
    /// Why, in one sentence.
    pub message: String,
    /// What could have been written instead, when the wish names something that is not there.
    pub choices: Vec<String>,
    /// What the user can do, when more can be said.
    pub help: Option<String>,
}
