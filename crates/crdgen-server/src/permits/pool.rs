//! Pool of permits with a total limit and a limit for each holder.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Party that a permit counts for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Holder {
    /// Caller with a known id.
    Caller(Box<str>),
    /// IPv4 address, or the first 64 bits of an IPv6 address, because one subscriber has all addresses of such a
    /// network.
    Address(IpAddr),
    /// Number of a connection from a proxy that many callers share.
    Connection(u64),
}

impl Holder {
    /// Returns the holder that an address belongs to.
    pub(crate) fn address(address: IpAddr) -> Self {
        Self::Address(match address.to_canonical() {
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
            address => address,
        })
    }
}

/// Reason why no permit is free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Full {
    /// Every permit of the pool is taken.
    Pool,
    /// The holder has as many permits as one holder can have.
    Holder,
}

/// Pool of permits.
#[derive(Debug)]
pub(crate) struct Pool {
    pub(crate) total: usize,
    /// Number of permits for one holder.
    pub(crate) each: usize,
    taken: Mutex<Taken>,
}

/// Permits that are taken. A holder without a permit is not in the map, so the map is never larger than the pool.
#[derive(Debug, Default)]
struct Taken {
    total: usize,
    by: HashMap<Holder, usize>,
}

impl Pool {
    /// Creates a pool. One holder can have one in `share` of all permits, and at least one.
    pub(crate) fn new(total: usize, share: usize) -> Arc<Self> {
        let each = (total / share.max(1)).max(1);
        Arc::new(Self { total, each, taken: Mutex::default() })
    }

    /// Takes a permit. Without a holder only the total limit applies.
    pub(crate) fn take(self: &Arc<Self>, holder: Option<Holder>) -> Result<Permits, Full> {
        self.take_some(holder, 1)
    }

    /// Takes `count` permits as one.
    pub(crate) fn take_some(self: &Arc<Self>, holder: Option<Holder>, count: usize) -> Result<Permits, Full> {
        let mut permit = Permits { pool: self.clone(), holder, count: 0 };
        permit.grow(count)?;
        Ok(permit)
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn check(&self, holder: &Holder, count: usize, each: usize) -> Result<(), Full> {
        let taken = self.by.get(holder).copied().unwrap_or_default();
        if taken.saturating_add(count) > each { Err(Full::Holder) } else { Ok(()) }
    }

    fn add(&mut self, holder: Option<&Holder>, count: usize) {
        if let Some(holder) = holder.filter(|_| count > 0) {
            *self.by.entry(holder.clone()).or_default() += count;
        }
    }

    fn remove(&mut self, holder: Option<&Holder>, count: usize) {
        let Some(holder) = holder else { return };
        match self.by.get_mut(holder) {
            Some(taken) if *taken > count => *taken -= count,
            _ => drop(self.by.remove(holder)),
        }
    }
}

/// One or more permits of a pool. Dropping it gives them back.
#[derive(Debug)]
pub(crate) struct Permits {
    pool: Arc<Pool>,
    holder: Option<Holder>,
    count: usize,
}

impl Permits {
    /// Returns the number of permits.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Takes `count` more permits. Takes none and fails if that is too many.
    pub(crate) fn grow(&mut self, count: usize) -> Result<(), Full> {
        let mut taken = self.pool.lock();
        if let Some(holder) = &self.holder {
            taken.check(holder, count, self.pool.each)?;
        }
        if taken.total.saturating_add(count) > self.pool.total {
            return Err(Full::Pool);
        }
        taken.total += count;
        taken.add(self.holder.as_ref(), count);
        self.count += count;
        Ok(())
    }

    /// Counts the permit for another holder from now on. Changes nothing and fails if that holder already has as many as
    /// it can have.
    pub(crate) fn pass_to(&mut self, holder: &Holder) -> Result<(), Full> {
        if self.holder.as_ref() == Some(holder) {
            return Ok(());
        }
        let mut taken = self.pool.lock();
        taken.check(holder, self.count, self.pool.each)?;
        taken.add(Some(holder), self.count);
        taken.remove(self.holder.replace(holder.clone()).as_ref(), self.count);
        Ok(())
    }
}

impl Drop for Permits {
    fn drop(&mut self) {
        let mut taken = self.pool.lock();
        taken.total -= self.count;
        taken.remove(self.holder.as_ref(), self.count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(name: &str) -> Option<Holder> {
        Some(Holder::Caller(name.into()))
    }

    #[test]
    fn some_places_are_taken_and_given_back_as_one() {
        let pool = Pool::new(8, 2);
        let mut some = pool.take_some(caller("ada"), 3).unwrap();
        assert_eq!(some.grow(2), Err(Full::Holder));
        some.grow(1).unwrap();
        assert_eq!(pool.take(caller("ada")).unwrap_err(), Full::Holder);
        let others = pool.take_some(None, 4).unwrap();
        assert_eq!(pool.take(caller("bob")).unwrap_err(), Full::Pool);
        drop(some);
        drop(others);
        pool.take_some(caller("ada"), 4).unwrap();
    }

    #[test]
    fn one_holder_has_a_part_of_all_permits() {
        let pool = Pool::new(8, 4);
        let of_ada = [pool.take(caller("ada")).unwrap(), pool.take(caller("ada")).unwrap()];
        assert_eq!(pool.take(caller("ada")).unwrap_err(), Full::Holder);
        let others: Vec<_> = (0..6).map(|index| pool.take(caller(&index.to_string())).unwrap()).collect();
        assert_eq!(pool.take(caller("eve")).unwrap_err(), Full::Pool);
        assert_eq!(pool.take(None).unwrap_err(), Full::Pool);
        drop((of_ada, others));
        assert_eq!(pool.lock().total, 0);
        assert!(pool.lock().by.is_empty());
    }

    #[test]
    fn a_permit_that_is_passed_on_counts_once() {
        let pool = Pool::new(4, 4);
        let mut first = pool.take(Some(Holder::address([127, 0, 0, 1].into()))).unwrap();
        let mut second = pool.take(None).unwrap();
        first.pass_to(&caller("ada").unwrap()).unwrap();
        first.pass_to(&caller("ada").unwrap()).unwrap();
        assert_eq!(second.pass_to(&caller("ada").unwrap()), Err(Full::Holder));
        pool.take(Some(Holder::address([127, 0, 0, 1].into()))).unwrap();
        drop(first);
        second.pass_to(&caller("ada").unwrap()).unwrap();
        drop(second);
        assert!(pool.lock().by.is_empty());
    }

    #[test]
    fn an_ipv6_network_is_one_holder() {
        let of = |address: &str| Holder::address(address.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:0:0:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_ne!(of("10.0.0.1"), of("10.0.0.2"));
        assert_eq!(of("10.0.0.1"), of("::ffff:10.0.0.1"));
    }
}
