//! Policy of a service: authentication, authorization, and the defaults for all kinds.

use std::future::ready;

use axum::extract::FromRequestParts;
use crdgen_backend::encryption::EncryptionKey;
use crdgen_backend::validation::Validation;
use crdgen_core::Resource;

use super::{AdmissionRequest, Target, Verb, Visibility};
use crate::problem::Problem;

/// Policy of a service, implemented once for all of its kinds.
///
/// Every operation runs the same steps, in this order:
///
/// 1. The caller is authenticated ([`Caller`](Self::Caller)); otherwise 401.
/// 2. [`authorize`](Self::authorize) decides whether the caller may run the operation; otherwise 403. The body has not
///    been read yet.
/// 3. The body is read and checked.
/// 4. If the requested object is hidden from the caller ([`Serve::visible`](super::Serve::visible)), the answer is 404,
///    as if the object did not exist.
/// 5. [`Serve::admit`](super::Serve::admit) runs for a write, and may change or refuse the write.
/// 6. If [`Serve::validation`](super::Serve::validation) is on, the object of a create or replace is validated against
///    the CRD. The backend validates every write, in step 7.
/// 7. The store step runs: the method of [`Serve`](super::Serve) with the name of the operation. By default it calls
///    the backend. A service can override this step. An override never receives a request that an earlier step refused.
/// 8. Hidden objects are removed from the answer.
///
/// This crate contains the steps, generated code does not. So users get a fix with a new version of this crate, and
/// need not run crdgen again.
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
    /// Type of the caller: an axum extractor that authenticates a request, with the service as its state. If the caller
    /// is unknown, the extractor's rejection is the answer. `()` accepts every caller. `server::auth` has types that
    /// authenticate callers through a Kubernetes API server.
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

    /// Returns the visibility of the objects of `K` for a caller: the objects that the caller may see. Applies to kinds
    /// that do not override [`Serve::visible`](super::Serve::visible). Default: all objects.
    fn default_visibility<K: Resource>(&self, caller: &Self::Caller) -> Visibility<K> {
        let _ = caller;
        Visibility::everything()
    }

    /// Admits a write: may read, change or refuse it. Applies to kinds that do not override
    /// [`Serve::admit`](super::Serve::admit). Default: admits every write unchanged.
    ///
    /// # Errors
    ///
    /// Returns the problem that answers the request.
    fn default_admission<K: Resource>(
        &self,
        caller: &Self::Caller,
        write: &mut AdmissionRequest<'_, K>,
    ) -> impl Future<Output = Result<(), Problem>> + Send {
        let _ = (caller, write);
        ready(Ok(()))
    }

    /// Returns the validation mode of kinds that do not override [`Serve::validation`](super::Serve::validation).
    /// Default: off. Then only the backend validates.
    fn default_validation(&self) -> &Validation {
        Validation::off()
    }

    /// Returns the key that encrypts continue tokens. Only the continue tokens of callers from whom objects are hidden
    /// are encrypted. Default: a random key of this process. Replicas of a service must share one key; otherwise a list
    /// that began at one replica cannot continue at another.
    fn token_key(&self) -> &EncryptionKey {
        EncryptionKey::of_process()
    }
}

/// Caller with an id. Limits for each caller count by this id, an encrypted continue token is valid only for the id of
/// its caller, and the request's tracing span contains the id.
///
/// The empty id means that the caller is unknown. Limits then count by the address of the connection.
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
