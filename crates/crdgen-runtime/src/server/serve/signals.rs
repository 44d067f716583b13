//! Signals that ask a process to end: SIGTERM and ctrl-c.

use std::future::pending;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Signals that are listened to from when this is made. One that cannot be listened to ends the process by itself.
#[cfg(unix)]
pub(super) struct Signals {
    terminate: Option<Signal>,
    interrupt: Option<Signal>,
}

#[cfg(unix)]
impl Signals {
    pub(super) fn listen() -> Self {
        let listen = |kind| signal(kind).ok();
        Self { terminate: listen(SignalKind::terminate()), interrupt: listen(SignalKind::interrupt()) }
    }

    /// Ends with the next of them.
    pub(super) async fn next(&mut self) {
        tokio::select! {
            () = told(self.terminate.as_mut()) => {}
            () = told(self.interrupt.as_mut()) => {}
        }
    }
}

#[cfg(unix)]
async fn told(signal: Option<&mut Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => pending().await,
    }
}

/// Ctrl-c, which is all there is.
#[cfg(not(unix))]
pub(super) struct Signals;

#[cfg(not(unix))]
impl Signals {
    pub(super) fn listen() -> Self {
        Self
    }

    /// Ends with the next of them.
    pub(super) async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            pending::<()>().await;
        }
    }
}
