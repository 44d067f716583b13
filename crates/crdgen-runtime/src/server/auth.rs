//! Ready-made authentication and authorization for services in front of a Kubernetes API server.
//!
//! | choice | `Caller` | `authorize` | `backend` goes by |
//! |---|---|---|---|
//! | [`Reviewer`] | [`User`] | [`Reviewer::authorize`] | the service's own account |
//! | [`Impersonation`], with a [`Reviewer`] for who calls | [`User`] | the API server | [`Impersonation::client`] |
//! | [`PassThrough`] | [`Token`] | the API server | [`PassThrough::client`] |
//!
//! A client is a [`kube::Client`], for [`KubeBackend`](crate::backend::KubeBackend) or anything else. Where the API
//! server authorises, `authorize` has nothing to refuse: `Ok(())`. That holds only as long as every operation reaches
//! the API
//! server as the caller; one that answers from a cache or by the service's own account must ask a [`Reviewer`].

mod acting;
mod impersonation;
mod lane;
mod lifetimes;
mod memo;
mod pass_through;
mod refused;
mod review;
mod reviewer;
mod token;
mod user;

pub use impersonation::Impersonation;
pub use lifetimes::Lifetimes;
pub use pass_through::PassThrough;
pub use refused::Refused;
pub use reviewer::Reviewer;
pub use token::Token;
pub use user::User;
