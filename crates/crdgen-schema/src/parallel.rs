//! Work on several threads, with results in the order of the items.

use std::num::NonZero;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Stack of a thread, in bytes: that of a program's first thread. Steps of crdgen are recursive.
const STACK: usize = 8 << 20;

/// Applies `f` to each item on at most `threads` threads, and returns the results in the order of the items. One of the threads
/// is that of the caller, so none is started if there is one item or `threads` is 1.
///
/// # Panics
///
/// Panics if `f` panics, or if the system starts no thread.
///
/// # Examples
///
/// ```
/// use std::num::NonZero;
///
/// let lengths = crdgen_schema::parallel::map(NonZero::new(2).unwrap(), vec!["a", "bcd"], str::len);
/// assert_eq!(lengths, [1, 3]);
/// ```
pub fn map<T: Send, R: Send>(threads: NonZero<usize>, items: Vec<T>, f: impl Fn(T) -> R + Sync) -> Vec<R> {
    let workers = threads.get().min(items.len());
    if workers <= 1 {
        return items.into_iter().map(f).collect();
    }
    let mut results: Vec<Option<R>> = items.iter().map(|_| None).collect();
    let work = Mutex::new(items.into_iter().zip(&mut results));
    let next = || work.lock().unwrap_or_else(PoisonError::into_inner).next();
    let run = || {
        while let Some((item, result)) = next() {
            *result = Some(f(item));
        }
    };
    thread::scope(|scope| {
        for _ in 1..workers {
            thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run).expect("the system starts a thread");
        }
        // Memory that this thread has freed is used again only by this thread.
        run();
    });
    results.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::Barrier;

    use super::*;

    fn threads(count: usize) -> NonZero<usize> {
        NonZero::new(count).unwrap()
    }

    #[test]
    fn results_are_in_the_order_of_the_items() {
        for count in [1, 2, 8] {
            let squares = map(threads(count), (0..100).collect(), |number: u32| number * number);
            assert_eq!(squares, (0..100).map(|number| number * number).collect::<Vec<_>>());
        }
        assert!(map(threads(2), Vec::new(), |item: u8| item).is_empty());
    }

    #[test]
    fn work_is_on_several_threads_if_there_is_enough() {
        let here = thread::current().id();
        assert_eq!(map(threads(2), vec![()], |()| thread::current().id()), [here]);
        assert_eq!(map(threads(1), vec![(), ()], |()| thread::current().id()), [here, here]);
        let both = Barrier::new(2);
        let used = map(threads(2), vec![(), ()], |()| {
            both.wait();
            thread::current().id()
        });
        assert_eq!(used.into_iter().collect::<HashSet<_>>().len(), 2);
    }
}
