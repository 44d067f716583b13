//! Open connections, with a limit on their number. When there are too many, idle ones are cut.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::peer::Peer;
use super::proxies::Proxies;
use crate::permits::{Full, Holder, Permits, Pool};

/// Interval between two log lines about connections that were cut.
const LOG_INTERVAL: Duration = Duration::from_secs(60);

/// Open connections.
#[derive(Clone, Debug)]
pub(super) struct Peers(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    pool: Arc<Pool>,
    proxies: Arc<Proxies>,
    open: Mutex<HashMap<u64, Arc<Peer>>>,
    next: AtomicU64,
    cut: Mutex<Cut>,
}

/// Number of connections that were cut since the last log line about them.
#[derive(Debug, Default)]
struct Cut {
    number: usize,
    logged: Option<Instant>,
}

impl Peers {
    /// Creates the limit: `most` connections in all, and one in `share` of them from one address.
    pub(super) fn new(most: usize, share: usize, proxies: Proxies) -> Self {
        let (pool, proxies) = (Pool::new(most, share), Arc::new(proxies));
        Self(Arc::new(Shared { pool, proxies, open: Mutex::default(), next: AtomicU64::new(0), cut: Mutex::default() }))
    }

    /// Admits a connection, cutting idle ones if necessary. Returns `None` when there is no permit.
    pub(super) fn admit(&self, address: SocketAddr) -> Option<AdmittedConnection> {
        let number = self.0.next.fetch_add(1, Ordering::Relaxed);
        let permit = self.permit(address.ip(), number)?;
        let peer = Peer::new(number, address, permit, self.0.proxies.clone());
        self.open().insert(number, peer.clone());
        Some(AdmittedConnection { peers: self.clone(), peer })
    }

    fn permit(&self, address: IpAddr, number: u64) -> Option<Permits> {
        let is_proxy = self.0.proxies.contain(address);
        let holder = if is_proxy { Holder::Connection(number) } else { Holder::address(address) };
        let of_holder = |peer: &Peer| Holder::address(peer.ip()) == holder;
        loop {
            match self.0.pool.take(Some(holder.clone())) {
                Ok(permit) => return Some(permit),
                Err(Full::Holder) if self.shed_among(self.0.pool.each, of_holder) => {}
                Err(Full::Pool) if self.shed() => {}
                Err(_) => return None,
            }
        }
    }

    /// Cuts the idle connections with the lowest standing. Returns false if there is no idle connection.
    pub(super) fn shed(&self) -> bool {
        self.shed_among(self.0.pool.total, |_| true)
    }

    /// Cuts up to a 64th of `most` connections at a time, because sorting all of them takes a while.
    fn shed_among(&self, most: usize, are_meant: impl Fn(&Peer) -> bool) -> bool {
        let open = self.open();
        let idle = open.values().filter(|peer| are_meant(peer)).filter_map(|peer| Some((peer.worth()?, peer)));
        let mut idle: Vec<_> = idle.collect();
        idle.sort_unstable_by_key(|(worth, _)| *worth);
        let Some(((least, _), _)) = idle.first() else { return false };
        let worthless = idle.iter().take_while(|((standing, _), _)| standing == least).take(most.div_ceil(64));
        let mut number = 0;
        for (_, peer) in worthless {
            peer.cut();
            number += 1;
        }
        drop(open);
        self.tell(number);
        true
    }

    /// Logs how many connections were cut, at most once for each [`LOG_INTERVAL`].
    fn tell(&self, number: usize) {
        let mut cut = self.0.cut.lock().unwrap_or_else(PoisonError::into_inner);
        cut.number += number;
        if cut.logged.is_none_or(|logged| logged.elapsed() >= LOG_INTERVAL) {
            tracing::warn!(cut = cut.number, most = self.0.pool.total, "idle connections are cut: there are too many");
            *cut = Cut { number: 0, logged: Some(Instant::now()) };
        }
    }

    fn open(&self) -> MutexGuard<'_, HashMap<u64, Arc<Peer>>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Admitted connection. Dropping it frees its permit.
#[derive(Debug)]
pub(super) struct AdmittedConnection {
    peers: Peers,
    pub(super) peer: Arc<Peer>,
}

impl Drop for AdmittedConnection {
    fn drop(&mut self) {
        // Answers of the connection may live a moment longer, but its permit must not.
        self.peer.cut();
        self.peers.open().remove(&self.peer.number);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::body::Body;
    use axum::http::Response;

    use super::*;
    use crate::limits::Standing;

    fn address(last: u8) -> SocketAddr {
        SocketAddr::from(([192, 0, 2, last], 80))
    }

    fn serve(admitted: &AdmittedConnection, standing: Standing) {
        let mut response = Response::new(Body::empty());
        response.extensions_mut().insert(standing);
        drop(admitted.peer.begin().answered(response));
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_are_known_least_and_idle_longest_make_room() {
        let peers = Peers::new(4, 1, Proxies::default());
        let guests: Vec<_> = (0..4).map(|last| peers.admit(address(last)).unwrap()).collect();
        for (admitted, standing) in
            guests.iter().zip([Standing::Known, Standing::Served, Standing::Unknown, Standing::Unknown])
        {
            tokio::time::advance(Duration::from_secs(1)).await;
            serve(admitted, standing);
        }
        let busy = guests[2].peer.begin();
        let mut new = Vec::new();
        for cut in [3, 1, 0] {
            let admitted = peers.admit(address(9)).unwrap();
            let gone: Vec<_> = (0..4).filter(|index| guests[*index].peer.end.is_cancelled()).collect();
            assert!(gone.contains(&cut), "{cut} {gone:?}");
            new.push((admitted.peer.begin(), admitted));
        }
        assert!(peers.admit(address(10)).is_none());
        drop(busy);
        peers.admit(address(10)).unwrap();
    }

    #[tokio::test]
    async fn an_address_makes_room_for_itself() {
        let proxy: SocketAddr = ([10, 0, 0, 1], 80).into();
        let peers = Peers::new(8, 4, Proxies(vec!["10.0.0.0/8".parse().unwrap()]));
        let other = peers.admit(address(1)).unwrap();
        let mine: Vec<_> = (0..3).map(|_| peers.admit(address(2)).unwrap()).collect();
        assert!(mine[0].peer.end.is_cancelled() && !other.peer.end.is_cancelled());
        let busy = [mine[1].peer.begin(), mine[2].peer.begin()];
        assert!(peers.admit(address(2)).is_none());
        // Connections of proxies may take all permits.
        let proxied: Vec<_> = (0..5).map(|_| peers.admit(proxy).unwrap()).collect();
        assert!(!other.peer.end.is_cancelled());
        drop((busy, mine, proxied, other));
        assert!(peers.open().is_empty());
        peers.admit(address(2)).unwrap();
    }
}
