//! The runtime that a service does well to run on.

use std::io;

use tokio::runtime::{Builder, Runtime};

/// After so many pieces of work a thread looks whether a request has come. tokio's own number, 61, is for pieces that take
/// microseconds; what is cut of a list in one takes a fraction of a millisecond, and with a few lists under way a small
/// request would wait for all of that.
const EVENT_INTERVAL: u32 = 2;

/// A runtime of as many threads as there are processors, on which small requests do not wait for long lists.
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
/// When the system refuses threads or the means to wait for events.
pub fn runtime() -> io::Result<Runtime> {
    Builder::new_multi_thread().enable_all().event_interval(EVENT_INTERVAL).build()
}
