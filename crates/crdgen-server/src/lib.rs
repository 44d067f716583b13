//! HTTP server for the generated API.
//!
//! A service implements [`Policy`] once and [`Serve`] for each kind. This module runs the steps of every operation.
//! Generated code only lists the [`Operations`] that each kind offers.

#[cfg(feature = "serve")]
mod accept;
#[cfg(feature = "serve")]
mod arrival;
#[cfg(feature = "auth")]
pub mod auth;
mod body;
mod continue_token;
mod delete_options;
mod etag;
mod events;
mod fallback;
#[cfg(feature = "serve")]
mod flights;
#[cfg(feature = "serve")]
pub mod health;
mod held;
mod identified;
mod kind;
#[cfg(feature = "serve")]
pub mod limits;
mod list_query;
#[cfg(feature = "metrics")]
pub mod metrics;
mod operation;
mod operations;
mod patch;
mod path;
mod places;
mod policy;
pub mod problem;
mod query;
mod remarked;
mod reply;
pub mod route;
#[cfg(feature = "serve")]
pub mod serve;
mod strict;
mod target;
#[cfg(feature = "serve")]
pub mod trace;
mod visibility;
mod warning;
#[cfg(feature = "serve")]
mod watch;
mod watch_query;
mod write;
mod write_options;

/// axum's router, the type of generated routes.
pub use axum::Router;
pub use body::{Body, Draft};
pub use etag::IfNoneMatch;
pub use events::{WatchForm, Watched, Watching};
pub use fallback::{document, method_not_allowed, not_found, problems};
pub use identified::{Identified, Identity, WatchedViews};
pub use kind::Serve;
pub use operation::{
    CreateRequest, DeleteCollectionRequest, DeleteRequest, GetRequest, GetScaleRequest, ListRequest, PatchRequest,
    PatchScaleRequest, Permissions, ReplaceRequest, ReplaceScaleRequest, WatchRequest,
};
pub use operations::Operations;
pub use patch::Patch;
pub use policy::{Policy, Principal};
pub use remarked::Remarked;
pub use reply::{Created, Seen, Stored};
pub use target::{Subresource, Target, Verb};
pub use visibility::Visibility;
pub use write::{Patched, Write};

/// Names that a service needs, for a glob import.
pub mod prelude {
    pub use super::{
        CreateRequest, DeleteCollectionRequest, DeleteRequest, GetRequest, GetScaleRequest, Identified, ListRequest,
        Operations, Patch, PatchRequest, PatchScaleRequest, Patched, Policy, Principal, ReplaceRequest,
        ReplaceScaleRequest, Serve, Subresource, Target, Verb, Visibility, WatchRequest, WatchedViews, Write,
    };
    pub use crate::problem::Problem;
    pub use crdgen_backend::validation::Validation;
    pub use crdgen_backend::{
        Backend, Cause, Deleted, EventStream, Key, ListQuery, Listed, ListedViews, Listing, MergePatch, Name,
        Namespace, Preconditions, Reason, Scale, Watch, WatchQuery, WriteOptions,
    };
    pub use crdgen_core::{List, Metadata, Resource, View, ViewList};
}

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
