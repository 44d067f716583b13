//! Operations on a kind, one file for each: the steps of the [`Policy`] around the store step of
//! [`Serve`](super::Serve).
//!
//! Handlers are generic over the service and the kind. Generated code only names them in its routes.

mod collection;
mod create;
pub(super) mod declared;
mod delete;
mod get;
mod incoming;
mod list;
mod patch;
mod permissions;
mod replace;
mod scale;
mod validate;
mod watch;

pub use collection::DeleteCollectionRequest;
pub use create::CreateRequest;
pub use delete::DeleteRequest;
pub use get::GetRequest;
pub use list::ListRequest;
pub use patch::PatchRequest;
pub use permissions::Permissions;
pub use replace::ReplaceRequest;
pub use scale::{GetScaleRequest, PatchScaleRequest, ReplaceScaleRequest};
pub use watch::WatchRequest;

pub(super) use collection::delete_collection;
pub(super) use create::create;
pub(super) use delete::delete;
pub(super) use get::{get, get_status, get_view};
pub(super) use list::{list, list_views};
pub(super) use patch::{patch, patch_existing, patch_status};
pub(super) use replace::{replace, replace_status};
pub(super) use scale::{get_scale, patch_scale, replace_scale};
pub(super) use watch::{watch, watch_views};

use std::fmt;

use super::Policy;

/// Service and caller of a store step.
struct Call<'a, S: Policy> {
    service: &'a S,
    caller: &'a S::Caller,
}

impl<S: Policy> Clone for Call<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Policy> Copy for Call<'_, S> {}

impl<S: Policy> fmt::Debug for Call<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Call(..)")
    }
}
