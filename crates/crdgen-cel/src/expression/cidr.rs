//! Networks (CIDR): an address and the number of its network bits.

use std::fmt;
use std::net::IpAddr;

/// Network. Host bits of the address may be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cidr {
    pub(super) address: IpAddr,
    pub(super) length: u8,
}

impl Cidr {
    /// Parses a network such as `10.0.0.0/8`. Refuses zones and IPv4-mapped IPv6 addresses.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, length) = text.split_once('/')?;
        let address = parse_ip(address)?;
        let is_canonical =
            length == "0" || (!length.starts_with('0') && length.bytes().all(|byte| byte.is_ascii_digit()));
        let length = length.parse().ok().filter(|_| is_canonical)?;
        (length <= width(address)).then_some(Self { address, length })
    }

    pub(super) fn contains(&self, address: IpAddr) -> bool {
        width(self.address) == width(address) && self.mask(self.address) == self.mask(address)
    }

    /// Returns the network with all host bits set to zero.
    pub(super) fn masked(&self) -> Self {
        let bits = self.mask(self.address);
        let address = match self.address {
            IpAddr::V4(_) => IpAddr::V4((bits as u32).into()),
            IpAddr::V6(_) => IpAddr::V6(bits.into()),
        };
        Self { address, ..*self }
    }

    /// Returns the network bits of an address.
    fn mask(&self, address: IpAddr) -> u128 {
        let host = u32::from(width(address) - self.length);
        bits(address).checked_shr(host).and_then(|bits| bits.checked_shl(host)).unwrap_or_default()
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.address, self.length)
    }
}

/// Parses an address. Refuses zones and IPv4-mapped IPv6 addresses.
pub(super) fn parse_ip(text: &str) -> Option<IpAddr> {
    let address = text.parse().ok()?;
    match address {
        IpAddr::V6(address) if address.to_ipv4_mapped().is_some() => None,
        address => Some(address),
    }
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u32::from(address).into(),
        IpAddr::V6(address) => address.into(),
    }
}
