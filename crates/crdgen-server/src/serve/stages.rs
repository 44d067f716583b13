//! Stages of shutdown, for the parts of the server to wait for.

use tokio_util::sync::CancellationToken;

/// Stages of shutdown, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Stages {
    /// The server was asked to stop: the service is no longer ready, but serves as before.
    pub(super) asked: CancellationToken,
    /// No connection is accepted, watches end, and connections close after the request in progress.
    pub(super) draining: CancellationToken,
    /// Connections are cut at once.
    pub(super) cut_off: CancellationToken,
    /// No request is in progress any more: the management address closes too.
    pub(super) over: CancellationToken,
}

impl Stages {
    /// Returns the stages for the management address, which is served until the end.
    pub(super) fn of_management(&self) -> Self {
        let over = self.over.clone();
        Self { asked: self.asked.clone(), draining: over.clone(), cut_off: over.clone(), over }
    }

    /// Enters all stages at once.
    pub(super) fn abandon(&self) {
        for stage in [&self.asked, &self.draining, &self.cut_off, &self.over] {
            stage.cancel();
        }
    }
}
