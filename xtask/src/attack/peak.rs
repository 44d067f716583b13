//! Peak of the service's memory during a piece of work. It is known even if the service dies of it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::target::Target;

/// Time between two samples.
const PACE: Duration = Duration::from_millis(10);

/// Runs `work`. Returns its result and the peak of the service's memory meanwhile, in bytes.
pub fn during<T>(target: &Target, work: impl FnOnce() -> T) -> (T, u64) {
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let seen = scope.spawn(|| watch(target, &is_over));
        let result = work();
        is_over.store(true, Ordering::Relaxed);
        (result, seen.join().unwrap_or_default())
    })
}

fn watch(target: &Target, is_over: &AtomicBool) -> u64 {
    let mut most = 0;
    loop {
        let is_last = is_over.load(Ordering::Relaxed);
        // A process that has ended uses no memory.
        most = most.max(target.peak().unwrap_or_default());
        if is_last {
            return most;
        }
        thread::sleep(PACE);
    }
}
