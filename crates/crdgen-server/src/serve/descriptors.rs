//! Number of file descriptors of the process that are free for connections.

/// Number of connections beyond the limit, which are answered with 503, and of connections at the management address.
pub(super) const SPARE: usize = 16;
/// Least number of descriptors for other things: files, listeners, outgoing connections.
const OTHERS: usize = 32;

/// Returns the number of connections that fit into the limit of descriptors, but at most `most`.
pub(super) fn fitting(most: usize) -> usize {
    let Some(limit) = limit() else { return most };
    let fitting = most.min(left_of(limit));
    if fitting < most {
        tracing::warn!(limit, most, fitting, "the process may not have as many descriptors as connections are allowed");
    }
    fitting
}

/// An eighth is reserved for other things, so that a process with many descriptors has more for outgoing connections.
fn left_of(limit: usize) -> usize {
    limit.saturating_sub(2 * SPARE + OTHERS.max(limit / 8)).max(1)
}

/// Returns the soft limit of descriptors, which is the effective one.
#[cfg(unix)]
fn limit() -> Option<usize> {
    use rustix::process::{Resource, getrlimit};
    getrlimit(Resource::Nofile).current.and_then(|limit| limit.try_into().ok())
}

/// Returns no limit: only Unix has one.
#[cfg(not(unix))]
fn limit() -> Option<usize> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_are_left_for_other_things() {
        assert_eq!([10, 128, 1024, 1 << 20].map(left_of), [1, 64, 864, 917_472]);
    }
}
