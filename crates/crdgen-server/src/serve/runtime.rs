//! tokio runtime with settings for services that pass on long lists.

use std::io;

use tokio::runtime::{Builder, Runtime};

/// Number of task polls after which a thread checks for new IO. tokio's default, 61, suits polls that take
/// microseconds. A poll that cuts a piece of a list takes a fraction of a millisecond, so with a few lists in progress
/// a small request would wait for all of them.
const EVENT_INTERVAL: u32 = 2;

/// Creates a multi-threaded runtime with a thread for each processor, on which small requests do not wait for long
/// lists.
///
/// ```no_run
/// # async fn serve() -> Result<(), Box<dyn std::error::Error>> { Ok(()) }
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     crdgen_runtime::server::serve::runtime()?.block_on(serve())
/// }
/// ```
///
/// # Errors
///
/// Returns an error if the system cannot create the threads or the event queue.
pub fn runtime() -> io::Result<Runtime> {
    Builder::new_multi_thread().enable_all().event_interval(EVENT_INTERVAL).build()
}
