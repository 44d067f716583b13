//! The HTTP side of a generated API: everything that does not depend on the kind.
//!
//! Extractors read names, queries and bodies and refuse bad ones with a [`Problem`](crate::problem::Problem); replies write
//! objects with their `ETag`. Generated code is only a trait for each kind and the routes that lead to it.

#[cfg(feature = "serve")]
mod accept;
#[cfg(feature = "serve")]
mod arrival;
#[cfg(feature = "auth")]
pub mod auth;
mod body;
mod call;
mod deletion;
mod etag;
mod events;
mod fallback;
#[cfg(feature = "serve")]
mod flights;
#[cfg(feature = "serve")]
pub mod health;
mod held;
mod identified;
#[cfg(feature = "serve")]
pub mod limits;
mod list_query;
#[cfg(feature = "metrics")]
pub mod metrics;
mod patch;
mod path;
mod places;
mod query;
mod remarked;
mod reply;
pub mod route;
#[cfg(feature = "serve")]
pub mod serve;
mod sight;
mod strict;
mod target;
#[cfg(feature = "serve")]
pub mod trace;
mod warning;
#[cfg(feature = "serve")]
mod watch;
mod watch_query;
mod write;
mod write_options;

pub use body::{Body, Draft};
pub use call::Call;
pub use deletion::{Deletion, delete_each};
pub use etag::IfNoneMatch;
pub use events::{WatchForm, Watched, Watching};
pub use fallback::{document, method_not_allowed, not_found, problems};
pub use identified::{Identified, Identity, WatchedViews};
pub use patch::Patch;
pub use remarked::Remarked;
pub use reply::{Created, Seen, Stored};
pub use sight::Sight;
pub use target::{Subresource, Target, Verb};
pub use warning::deprecated;
pub use write::Write;

/// What generated files import, and what a service that overrides an operation needs.
pub mod prelude {
    pub use super::{
        Body, Call, Created, Deletion, Draft, Identified, IfNoneMatch, Patch, Remarked, Seen, Sight, Stored,
        Subresource, Target, Verb, WatchForm, WatchedViews, Watching, Write, delete_each, deprecated,
        method_not_allowed, route,
    };
    pub use crate::backend::{
        Backend, Cause, Deleted, Key, ListQuery, Listed, ListedViews, Listing, MergePatch, Name, Namespace,
        Preconditions, Reason, Scale, Watch, WatchQuery, WriteOptions,
    };
    pub use crate::problem::Problem;
    pub use crate::validation::Validation;
    pub use crate::{List, Metadata, Resource, View, ViewList};
}
