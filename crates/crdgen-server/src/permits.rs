//! Permits for requests and watches, so that no caller keeps the others from being served.
//!
//! A request takes a permit when its head has arrived: from the pool for bodies while its body is incomplete, and from
//! the pool for requests once it is complete. The permit counts for the address of the connection until the caller is
//! known ([`enter`]), and for the caller from then on.

#![cfg_attr(not(feature = "serve"), allow(dead_code, reason = "permits are given by `serve`"))]

mod events;
mod pool;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::Extensions;
use axum::response::Response;
use crdgen_backend::Reason;
use crdgen_backend::work::EventMemory;

use self::events::Events;
pub(super) use self::pool::{Full, Holder, Permits, Pool};
use super::body_guard::guard;
use crate::problem::Problem;

/// Kind of permit that an operation needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PermitKind {
    /// Operation that is answered once.
    Request,
    /// Operation that is answered until its caller leaves.
    Watch,
}

/// Permit of a watch, to be held by its answer, and memory for its events. Empty for other requests.
#[derive(Debug, Default)]
#[must_use = "a watch has no permit any more when this is dropped"]
pub(crate) struct WatchPermit {
    permit: Option<Permits>,
    memory: Option<EventMemory>,
}

impl WatchPermit {
    /// Runs a future that opens a watch, whose large events take their memory from the caller's part.
    pub(crate) async fn around<F: Future>(&self, open: F) -> F::Output {
        match &self.memory {
            Some(memory) => memory.clone().around(open).await,
            None => open.await,
        }
    }

    /// Keeps the permit until the body of the answer is sent or dropped.
    pub(crate) fn hold(self, response: Response) -> Response {
        match self.permit {
            Some(_) => guard(response, self),
            None => response,
        }
    }
}

/// Counts a request for its caller instead of its address, and takes a permit for a watch. A caller with an empty id
/// stays counted by address.
///
/// Requests that did not pass the limits of [`serve`](super::serve) have no permits: their `WatchPermit` is empty.
///
/// # Errors
///
/// [`TooManyRequests`](Reason::TooManyRequests) when the caller has as many permits as one caller can have, or when no
/// permit for a watch is left.
pub(crate) fn enter(extensions: &Extensions, caller: &str, kind: PermitKind) -> Result<WatchPermit, Problem> {
    let Some(entry) = extensions.get::<RequestPermit>() else { return Ok(WatchPermit::default()) };
    if !caller.is_empty() {
        entry.pass_to(Holder::Caller(caller.into()))?;
    }
    match kind {
        PermitKind::Request => Ok(WatchPermit::default()),
        PermitKind::Watch => entry.watch(),
    }
}

/// Pools of permits of a server.
#[derive(Debug)]
pub(super) struct Pools {
    requests: Arc<Pool>,
    bodies: Arc<Pool>,
    watches: Arc<Pool>,
    /// Permits for [`BLOCK`] bytes of a body each.
    blocks: Arc<Pool>,
    events: Events,
}

/// Size of a block of a body, in bytes. The first block of a body needs no permit.
const BLOCK: usize = 64 << 10;

/// Sizes of the pools. `Limits` has their defaults.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    /// Number of requests.
    pub(super) requests: usize,
    /// Number of watches.
    pub(super) watches: usize,
    /// Bytes of bodies.
    pub(super) bodies: usize,
    /// Bytes of large events.
    pub(super) events: usize,
    /// Divisor for the part of one holder.
    pub(super) share: usize,
}

impl Pools {
    /// Creates the pools.
    pub(super) fn new(sizes: Sizes) -> Arc<Self> {
        let Sizes { requests, watches, bodies, events, share } = sizes;
        Arc::new(Self {
            requests: Pool::new(requests, share),
            bodies: Pool::new(requests, share),
            watches: Pool::new(watches, share),
            blocks: Pool::new(bodies.div_ceil(BLOCK), share),
            events: Events::new(events, share),
        })
    }

    /// Takes a permit for a request whose head has arrived.
    pub(super) fn admit(self: &Arc<Self>, holder: Option<Holder>, is_whole: bool) -> Result<RequestPermit, Problem> {
        let (pool, kind) = if is_whole { (&self.requests, REQUESTS) } else { (&self.bodies, BODIES) };
        let permit = pool.take(holder.clone()).map_err(|full| kind.refusal(pool, full, holder.as_ref()))?;
        let state = State { permit: Some(permit), blocks: None, holder, is_known: false, is_watch: false };
        Ok(RequestPermit(Arc::new((self.clone(), Mutex::new(state)))))
    }
}

/// Permit of a request, stored in the request's extensions.
#[derive(Clone, Debug)]
pub(super) struct RequestPermit(Arc<(Arc<Pools>, Mutex<State>)>);

#[derive(Debug)]
struct State {
    /// `None` once the request has given its permit back.
    permit: Option<Permits>,
    /// Permits for the blocks of its body, behind the first one.
    blocks: Option<Permits>,
    holder: Option<Holder>,
    is_known: bool,
    is_watch: bool,
}

impl RequestPermit {
    /// Takes permits for a body of which `bytes` bytes have arrived.
    pub(super) fn body_has_grown(&self, bytes: usize) -> Result<(), Problem> {
        let mut state = self.state();
        let State { blocks, holder, .. } = &mut *state;
        let wanted = bytes.saturating_sub(1) / BLOCK;
        let more = wanted.saturating_sub(blocks.as_ref().map_or(0, Permits::count));
        if more == 0 {
            return Ok(());
        }
        let pool = &self.0.0.blocks;
        let taken = match blocks {
            Some(blocks) => blocks.grow(more),
            None => pool.take_some(holder.clone(), more).map(|taken| *blocks = Some(taken)),
        };
        taken.map_err(|full| BLOCKS.refusal(pool, full, holder.as_ref()))
    }

    /// Exchanges the permit for a body for a permit for a complete request.
    pub(super) fn body_has_come(&self) -> Result<(), Problem> {
        let mut state = self.state();
        if state.permit.is_some() {
            let (pool, holder) = (&self.0.0.requests, state.holder.clone());
            let permit = pool.take(holder).map_err(|full| REQUESTS.refusal(pool, full, state.holder.as_ref()))?;
            state.permit = Some(permit);
        }
        Ok(())
    }

    /// Takes a permit for a watch, unless the request has one already.
    pub(super) fn watch(&self) -> Result<WatchPermit, Problem> {
        let mut state = self.state();
        if state.is_watch {
            return Ok(WatchPermit::default());
        }
        let pool = &self.0.0.watches;
        let permit = pool.take(state.holder.clone());
        let permit = permit.map_err(|full| WATCHES.refusal(pool, full, state.holder.as_ref()))?;
        state.is_watch = true;
        let memory = self.0.0.events.of(state.holder.as_ref());
        Ok(WatchPermit { permit: Some(permit), memory: Some(memory) })
    }

    /// Returns whether the caller is known.
    pub(super) fn is_known(&self) -> bool {
        self.state().is_known
    }

    /// Gives the permits back. The entry itself may stay in the extensions of the request.
    pub(super) fn leave(&self) {
        let mut state = self.state();
        let permits = (state.permit.take(), state.blocks.take());
        drop(state);
        drop(permits);
    }

    fn pass_to(&self, holder: Holder) -> Result<(), Problem> {
        let mut state = self.state();
        if let Some(permit) = &mut state.permit {
            let pool = &self.0.0.requests;
            permit.pass_to(&holder).map_err(|full| REQUESTS.refusal(pool, full, Some(&holder)))?;
        }
        (state.holder, state.is_known) = (Some(holder), true);
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.1.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Texts for the refusal of a pool: the name of its permits, and the limit that sets their number.
struct Kind(&'static str, &'static str);

const REQUESTS: Kind = Kind("requests under way", "max_requests");
const BODIES: Kind = Kind("requests whose body has not come", "max_requests");
const WATCHES: Kind = Kind("watches", "max_watches");
const BLOCKS: Kind = Kind("blocks of 64 KiB of bodies", "max_total_body_bytes");

impl Kind {
    fn refusal(&self, pool: &Pool, full: Full, holder: Option<&Holder>) -> Problem {
        let Self(permits, limit) = self;
        let who = match (full, holder) {
            (Full::Pool, _) | (_, None) => "the server",
            (Full::Holder, Some(Holder::Caller(_))) => "the caller",
            (Full::Holder, Some(Holder::Address(_))) => "the address",
            (Full::Holder, Some(Holder::Connection(_))) => "the connection",
        };
        let (number, set_by) = match full {
            Full::Pool => (pool.total, format!("`Limits::{limit}`")),
            Full::Holder => (pool.each, format!("`Limits::{limit}` divided by `Limits::caller_divisor`")),
        };
        let detail = format!("{who} has {number} {permits}, which is the limit ({set_by}); try again later");
        Problem::new(Reason::TooManyRequests, detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extensions(entry: &RequestPermit) -> Extensions {
        let mut extensions = Extensions::new();
        extensions.insert(entry.clone());
        extensions
    }

    fn pools(requests: usize, watches: usize, share: usize) -> Arc<Pools> {
        Pools::new(Sizes { requests, watches, bodies: 1 << 20, events: 1 << 20, share })
    }

    fn address() -> Option<Holder> {
        Some(Holder::address([127, 0, 0, 1].into()))
    }

    #[test]
    fn callers_at_one_address_do_not_stand_in_each_others_way() {
        let pools = pools(4, 4, 4);
        let of_ada = pools.admit(address(), true).unwrap();
        let full = pools.admit(address(), true).unwrap_err().detail.unwrap();
        assert!(
            full.starts_with("the address has 1 requests under way") && full.contains("Limits::caller_divisor"),
            "{full}"
        );
        let _permit = enter(&extensions(&of_ada), "ada", PermitKind::Request).unwrap();

        let other = pools.admit(address(), true).unwrap();
        let full = enter(&extensions(&other), "ada", PermitKind::Request).unwrap_err();
        assert_eq!((full.status, full.reason), (429, Reason::TooManyRequests));
        let _permit = enter(&extensions(&other), "eve", PermitKind::Request).unwrap();
        of_ada.leave();
        let again = pools.admit(address(), true).unwrap();
        let _permit = enter(&extensions(&again), "ada", PermitKind::Request).unwrap();
    }

    #[test]
    fn a_body_on_its_way_holds_no_permit_of_a_request() {
        let pools = pools(1, 1, 1);
        let slow = pools.admit(address(), false).unwrap();
        let full = pools.admit(address(), false).unwrap_err().detail.unwrap();
        assert!(full.contains("body has not come"), "{full}");
        let whole = pools.admit(address(), true).unwrap();
        slow.body_has_come().unwrap_err();
        whole.leave();
        slow.body_has_come().unwrap();
        pools.admit(address(), true).unwrap_err();
        slow.leave();
        // A body that is complete after the answer takes no permit.
        slow.body_has_come().unwrap();
        pools.admit(address(), true).unwrap();
    }

    #[test]
    fn a_watch_has_its_permit_until_its_stream_ends() {
        let pools = pools(8, 2, 2);
        let watch = |caller: &str| {
            let entry = pools.admit(address(), true).unwrap();
            let watch_permit = enter(&extensions(&entry), caller, PermitKind::Watch)?;
            // The layer around the handler takes no second permit.
            assert!(entry.watch().unwrap().permit.is_none());
            entry.leave();
            Ok::<_, Problem>(watch_permit.hold(Response::default()))
        };
        let of_ada = watch("ada").unwrap();
        let full = watch("ada").unwrap_err().detail.unwrap();
        assert!(full.starts_with("the caller has 1 watches"), "{full}");
        let _of_eve = watch("eve").unwrap();
        let full = watch("joe").unwrap_err().detail.unwrap();
        assert!(full.starts_with("the server has 2 watches"), "{full}");
        drop(of_ada);
        let _of_joe = watch("joe").unwrap();
    }

    #[test]
    fn routes_without_limits_have_no_permits() {
        let watch_permit = enter(&Extensions::new(), "ada", PermitKind::Watch).unwrap();
        assert!(watch_permit.permit.is_none());
    }
}
