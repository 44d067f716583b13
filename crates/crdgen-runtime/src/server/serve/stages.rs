//! The stages of stopping, which different parts of a server wait for.

use tokio_util::sync::CancellationToken;

/// The stages of stopping, in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Stages {
    /// Somebody asked: the service is not ready any more, and does all it did.
    pub(super) asked: CancellationToken,
    /// Nothing new is accepted, watches end, connections close after the request that is under way.
    pub(super) draining: CancellationToken,
    /// Connections end at once.
    pub(super) cut_off: CancellationToken,
}

impl Stages {
    /// All at once.
    pub(super) fn abandon(&self) {
        self.asked.cancel();
        self.draining.cancel();
        self.cut_off.cancel();
    }
}
