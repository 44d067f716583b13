//! File descriptors of the process: what is left of them for connections.

/// Connections beyond the limit, which are told so, and those of the management address.
pub(super) const SPARE: usize = 16;
/// Descriptors that the process needs for other things at least: files, listeners, connections of its own.
const OTHERS: usize = 32;

/// Returns the number of connections that fit into the limit of descriptors, and no more than `most`.
pub(super) fn fitting(most: usize) -> usize {
    let Some(limit) = limit() else { return most };
    let fitting = most.min(left_of(limit));
    if fitting < most {
        tracing::warn!(limit, most, fitting, "the process may not have as many descriptors as connections are allowed");
    }
    fitting
}

/// An eighth is for other things, so that a service with many descriptors has more of them for its own connections.
fn left_of(limit: usize) -> usize {
    limit.saturating_sub(2 * SPARE + OTHERS.max(limit / 8)).max(1)
}

/// The soft limit, which is the one that counts.
#[cfg(unix)]
fn limit() -> Option<usize> {
    use rustix::process::{Resource, getrlimit};
    getrlimit(Resource::Nofile).current.and_then(|limit| limit.try_into().ok())
}

/// Other systems have no such limit.
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
