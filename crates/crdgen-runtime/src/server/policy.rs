//! The policy of a service: who calls, and what they may do.

use std::future::ready;

use axum::extract::FromRequestParts;

use super::{Target, Verb, Visibility, Write};
use crate::Resource;
use crate::problem::Problem;
use crate::seal::Seal;
use crate::validation::Validation;

/// The policy of a service, said once for all of its kinds.
///
/// Every operation goes through the same steps, in this order:
///
/// 1. The caller is found out ([`Caller`](Self::Caller)); otherwise 401.
/// 2. [`authorize`](Self::authorize) decides whether the caller may; otherwise 403. The body has not been read yet.
/// 3. The body is read and checked.
/// 4. An object that is hidden from the caller ([`Serve::visible`](super::Serve::visible)) is answered as if it did not
///    exist: 404.
/// 5. A write is admitted by [`Serve::admit`](super::Serve::admit), which may change or refuse it.
/// 6. A whole object is judged by the CRD's rules, if [`Serve::validation`](super::Serve::validation) says so; otherwise the
///    backend judges it.
/// 7. The store step runs: the method of [`Serve`](super::Serve) that is named as the operation. Only this one can be
///    overridden, so an override never sees a request that the policy refuses.
/// 8. Hidden objects are taken out of the answer.
///
/// The steps are in this crate and not in generated code, so that a mend of them needs no new generation.
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
    /// Who calls, as an axum extractor that has the service as its state. Its rejection is the answer to a caller who is not
    /// known. `()` is anybody; `server::auth` has callers that a Kubernetes API server knows.
    type Caller: FromRequestParts<Self> + Principal + Send + Sync;

    /// Decides whether `caller` may run `verb` on `target`.
    ///
    /// # Errors
    ///
    /// The problem that the caller is answered with, usually [`Forbidden`](crate::backend::Reason::Forbidden).
    fn authorize(
        &self,
        caller: &Self::Caller,
        verb: Verb,
        target: &Target,
    ) -> impl Future<Output = Result<(), Problem>> + Send;

    /// Returns which objects of any kind the caller sees, for kinds that do not say so themselves. Default: all of them.
    fn default_visibility<K: Resource>(&self, caller: &Self::Caller) -> Visibility<K> {
        let _ = caller;
        Visibility::everything()
    }

    /// Admits a write of any kind, for kinds that do not admit themselves. Default: every write, unchanged.
    ///
    /// # Errors
    ///
    /// The problem that the caller is answered with.
    fn default_admission<K: Resource>(
        &self,
        caller: &Self::Caller,
        write: &mut Write<'_, K>,
    ) -> impl Future<Output = Result<(), Problem>> + Send {
        let _ = (caller, write);
        ready(Ok(()))
    }

    /// Returns the switch of validation for kinds that have none of their own. Default: always off, the backend judges.
    fn default_validation(&self) -> &Validation {
        Validation::off()
    }

    /// Returns the key that seals the continue tokens of callers who do not see everything. Default: a random key of this
    /// process. Replicas of a service need one key, or a list that begins at one cannot go on at another.
    fn seal(&self) -> &Seal {
        Seal::of_this_process()
    }
}

/// A caller with an id. Limits are counted by it, continue tokens are bound to it, and the request's span shows it.
///
/// Callers with the empty id are nobody in particular: their limits are counted by the address that they call from.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no id",
    label = "implement `crdgen_runtime::server::Principal` for the type of callers"
)]
pub trait Principal {
    /// Returns the caller's id. Different callers have different ones. It is shown in logs, so it is never a token.
    fn id(&self) -> &str;
}

/// Anybody: nothing tells one caller from another.
impl Principal for () {
    fn id(&self) -> &str {
        ""
    }
}
