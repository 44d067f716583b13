//! Policy of a service: authentication of callers, authorization, and the defaults for all kinds.

use std::future::ready;

use axum::extract::FromRequestParts;
use crdgen_backend::seal::Seal;
use crdgen_backend::validation::Validation;
use crdgen_core::Resource;

use super::{Target, Verb, Visibility, Write};
use crate::problem::Problem;

/// Policy of a service, implemented once for all of its kinds.
///
/// Every operation runs the same steps, in this order:
///
/// 1. The caller is authenticated ([`Caller`](Self::Caller)); otherwise 401.
/// 2. [`authorize`](Self::authorize) decides whether the caller may run the operation; otherwise 403. The body has not
///    been read yet.
/// 3. The body is read and checked.
/// 4. A request for an object that is hidden from the caller ([`Serve::visible`](super::Serve::visible)) is answered as
///    if the object did not exist: 404.
/// 5. [`Serve::admit`](super::Serve::admit) admits a write, and may change or refuse it.
/// 6. A whole object is validated against the CRD, if [`Serve::validation`](super::Serve::validation) is on; otherwise
///    the backend validates it.
/// 7. The store step runs: the method of [`Serve`](super::Serve) with the name of the operation. Only this step can be
///    overridden, so an override never sees a request that the policy refuses.
/// 8. Hidden objects are removed from the answer.
///
/// The steps are code of this crate, not generated code, so a fix to them needs no new generation.
///
/// # Examples
///
/// ```
/// use crdgen_runtime::backend::memory::MemoryBackend;
/// use crdgen_runtime::server::prelude::*;
///
/// #[derive(Clone, Default)]
/// struct Harbour {
///     objects: MemoryBackend,
/// }
///
/// impl Policy for Harbour {
///     type Caller = ();
///
///     async fn authorize(&self, _: &(), verb: Verb, target: &Target) -> Result<(), Problem> {
///         match verb {
///             Verb::Get | Verb::List | Verb::Watch => Ok(()),
///             _ => Err(Problem::new(Reason::Forbidden, format!("{} is read-only", target.resource))),
///         }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no policy: nothing says who calls it and what they may do",
    label = "implement `crdgen_runtime::server::Policy` for this service",
    note = "a service implements `Policy` once, and `Serve<K>` for each kind"
)]
pub trait Policy: Clone + Send + Sync + 'static {
    /// Type of the caller: an axum extractor whose state is the service. Its rejection answers a request whose caller
    /// is not known. `()` accepts every caller; `server::auth` has types for callers that a Kubernetes API server
    /// knows.
    type Caller: FromRequestParts<Self> + Principal + Send + Sync;

    /// Decides whether `caller` may run `verb` on `target`.
    ///
    /// # Errors
    ///
    /// Returns the problem that answers the request, usually [`Forbidden`](crdgen_backend::Reason::Forbidden).
    fn authorize(
        &self,
        caller: &Self::Caller,
        verb: Verb,
        target: &Target,
    ) -> impl Future<Output = Result<(), Problem>> + Send;

    /// Returns the objects of any kind that the caller may see. Applies to kinds that do not override
    /// [`Serve::visible`](super::Serve::visible). Default: all objects.
    fn default_visibility<K: Resource>(&self, caller: &Self::Caller) -> Visibility<K> {
        let _ = caller;
        Visibility::everything()
    }

    /// Admits a write of any kind. Applies to kinds that do not override [`Serve::admit`](super::Serve::admit).
    /// Default: admits every write unchanged.
    ///
    /// # Errors
    ///
    /// Returns the problem that answers the request.
    fn default_admission<K: Resource>(
        &self,
        caller: &Self::Caller,
        write: &mut Write<'_, K>,
    ) -> impl Future<Output = Result<(), Problem>> + Send {
        let _ = (caller, write);
        ready(Ok(()))
    }

    /// Returns the validation mode of kinds that do not override [`Serve::validation`](super::Serve::validation).
    /// Default: off, so that only the backend validates.
    fn default_validation(&self) -> &Validation {
        Validation::off()
    }

    /// Returns the key that seals the continue tokens of callers who do not see everything. Default: a random key of
    /// this process. Replicas of a service must share one key; otherwise a list cannot continue at another replica.
    fn seal(&self) -> &Seal {
        Seal::of_this_process()
    }
}

/// Caller with an id. The id is the key for limits by caller, is bound into continue tokens, and appears in the
/// request's span.
///
/// The empty id stands for an unknown caller, whose limits are counted by address.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no id",
    label = "implement `crdgen_runtime::server::Principal` for the type of callers"
)]
pub trait Principal {
    /// Returns the id of the caller. Different callers have different ids. The id is logged, so it must not be a token.
    fn id(&self) -> &str;
}

/// Accepts every caller, with the empty id.
impl Principal for () {
    fn id(&self) -> &str {
        ""
    }
}
