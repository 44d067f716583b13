//! Trusted proxies, whose connections carry requests of many callers.

use std::net::IpAddr;

use axum::http::HeaderMap;
use ipnet::IpNet;

use crate::permits::Holder;

/// Networks of proxies whose `X-Forwarded-For` is trusted.
#[derive(Clone, Debug, Default)]
pub(super) struct Proxies(pub(super) Vec<IpNet>);

impl Proxies {
    /// Returns the holder of the permits of a request: the address of the peer, or the address that a proxy reports.
    pub(super) fn holder(&self, peer: IpAddr, connection: u64, headers: &HeaderMap) -> Holder {
        if !self.contain(peer) {
            return Holder::address(peer);
        }
        self.client(headers).map_or(Holder::Connection(connection), Holder::address)
    }

    /// Returns whether an address is that of a proxy.
    pub(super) fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Returns the last address in `X-Forwarded-For` that is not a proxy's. The client may have forged the addresses
    /// before it.
    fn client(&self, headers: &HeaderMap) -> Option<IpAddr> {
        let values = headers.get_all("x-forwarded-for").iter().rev();
        let addresses = values.flat_map(|value| value.to_str().unwrap_or("?").rsplit(',')).map(address);
        addresses.map_while(|address| address).find(|address| !self.contain(*address))
    }
}

/// Parses an address with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    use std::net::SocketAddr;
    let text = text.trim();
    text.parse().ok().or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_proxy_says_who_calls_and_nobody_else_does() {
        let proxies = Proxies(vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()]);
        let of = |peer: &str, values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append("x-forwarded-for", HeaderValue::from_bytes(value.as_bytes()).unwrap());
            }
            proxies.holder(peer.parse().unwrap(), 7, &headers)
        };
        let client = Holder::address([192, 0, 2, 1].into());
        for values in [
            &["192.0.2.1"][..],
            &["198.51.100.1, 192.0.2.1"],
            &["198.51.100.1", "192.0.2.1:4711, 10.1.1.1"],
            &["?, 192.0.2.1"],
        ] {
            assert_eq!(of("10.2.3.4", values), client, "{values:?}");
            assert_eq!(of("::ffff:10.2.3.4", values), client, "{values:?}");
            assert_eq!(of("192.0.2.7", values), Holder::address([192, 0, 2, 7].into()), "{values:?}");
        }
        for values in [&[][..], &["10.0.0.1"], &["192.0.2.1, unknown"], &["192.0.2.1, \u{fc}"]] {
            assert_eq!(of("fd00::1", values), Holder::Connection(7), "{values:?}");
        }
    }
}
