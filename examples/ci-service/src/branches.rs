//! Locks of branches, so that only one run at a time is started on each branch.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use crdgen_runtime::backend::Namespace;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// Number of locks. Branches that share a lock by chance wait for each other, which is rare and harmless.
const LOCKS: usize = 256;

/// Locks of branches. A slow request for one branch does not delay a start on another branch.
#[derive(Clone, Debug)]
pub struct Branches(Arc<[Arc<Mutex<()>>]>);

impl Default for Branches {
    fn default() -> Self {
        Self((0..LOCKS).map(|_| Arc::default()).collect())
    }
}

impl Branches {
    /// Waits until no other run is being started on this branch of the namespace.
    pub async fn lock(&self, branch: (Namespace, String)) -> OwnedMutexGuard<()> {
        let mut hasher = DefaultHasher::new();
        branch.hash(&mut hasher);
        // The remainder is less than `LOCKS`.
        let index = (hasher.finish() % LOCKS as u64) as usize;
        self.0[index].clone().lock_owned().await
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn a_branch_is_locked_once_and_others_go_on() {
        let branches = Branches::default();
        let branch = |name: &str| ("team".parse().expect("a namespace"), name.to_owned());
        let first = branches.lock(branch("main")).now_or_never().expect("nobody holds it");
        assert!(branches.lock(branch("main")).now_or_never().is_none());
        let is_free = |name: usize| branches.lock(branch(&name.to_string())).now_or_never().is_some();
        assert!((0..100).filter(|name| is_free(*name)).count() >= 90);
        drop(first);
        assert!(branches.lock(branch("main")).now_or_never().is_some());
    }
}
