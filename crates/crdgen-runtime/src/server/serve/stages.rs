//! Stages of stopping, which different parts of a server wait for.

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
    /// Nothing is under way any more: the management address ends too.
    pub(super) over: CancellationToken,
}

impl Stages {
    /// The stages of the management address, which is there until the end.
    pub(super) fn of_management(&self) -> Self {
        let over = self.over.clone();
        Self { asked: self.asked.clone(), draining: over.clone(), cut_off: over.clone(), over }
    }

    /// Goes through all stages at once.
    pub(super) fn abandon(&self) {
        for stage in [&self.asked, &self.draining, &self.cut_off, &self.over] {
            stage.cancel();
        }
    }
}
