//! Functions of IP addresses and networks.

use std::net::IpAddr;

use super::declaration::Declaration;
use crate::expression::cidr::{Cidr, parse_ip};
use crate::expression::failure::{Failure, Result};
use crate::expression::value::Value;

pub(super) const FUNCTIONS: &[Declaration] = &[
    Declaration::global("isIP", 1, |arguments, _| Ok(Value::Bool(parse_ip(arguments[0].as_str()?).is_some()))),
    Declaration::global("ip", 1, |arguments, _| Ok(Value::Ip(read_ip(arguments[0].as_str()?)?))),
    Declaration::global("ip.isCanonical", 1, |arguments, _| {
        let text = arguments[0].as_str()?;
        Ok(Value::Bool(read_ip(text)?.to_string() == text))
    }),
    Declaration::member("family", 1, |arguments, _| Ok(Value::Int(if ip(&arguments[0])?.is_ipv4() { 4 } else { 6 }))),
    Declaration::member("isUnspecified", 1, |arguments, _| test(arguments, |address| address.is_unspecified())),
    Declaration::member("isLoopback", 1, |arguments, _| test(arguments, |address| address.is_loopback())),
    Declaration::member("isLinkLocalMulticast", 1, |arguments, _| test(arguments, is_link_local_multicast)),
    Declaration::member("isLinkLocalUnicast", 1, |arguments, _| test(arguments, is_link_local_unicast)),
    Declaration::member("isGlobalUnicast", 1, |arguments, _| test(arguments, is_global_unicast)),
    Declaration::global("isCIDR", 1, |arguments, _| Ok(Value::Bool(Cidr::parse(arguments[0].as_str()?).is_some()))),
    Declaration::global("cidr", 1, |arguments, _| Ok(Value::Cidr(read_cidr(arguments[0].as_str()?)?))),
    Declaration::member("ip", 1, |arguments, _| Ok(Value::Ip(cidr(&arguments[0])?.address))),
    Declaration::member("prefixLength", 1, |arguments, _| Ok(Value::Int(cidr(&arguments[0])?.length.into()))),
    Declaration::member("masked", 1, |arguments, _| Ok(Value::Cidr(cidr(&arguments[0])?.masked()))),
    Declaration::member("containsIP", 2, |arguments, _| {
        let address = match &arguments[1] {
            Value::String(text) => read_ip(text)?,
            value => ip(value)?,
        };
        Ok(Value::Bool(cidr(&arguments[0])?.contains(address)))
    }),
    Declaration::member("containsCIDR", 2, |arguments, _| {
        let inner = match &arguments[1] {
            Value::String(text) => read_cidr(text)?,
            value => cidr(value)?,
        };
        let outer = cidr(&arguments[0])?;
        Ok(Value::Bool(outer.length <= inner.length && outer.contains(inner.address)))
    }),
];

fn read_ip(text: &str) -> Result<IpAddr> {
    parse_ip(text).ok_or(Failure::Error("an IP address is malformed".into()))
}

fn read_cidr(text: &str) -> Result<Cidr> {
    Cidr::parse(text).ok_or(Failure::Error("a network is malformed".into()))
}

fn ip(value: &Value<'_>) -> Result<IpAddr> {
    match value {
        Value::Ip(address) => Ok(*address),
        _ => Err(Failure::no_overload()),
    }
}

fn cidr(value: &Value<'_>) -> Result<Cidr> {
    match value {
        Value::Cidr(cidr) => Ok(*cidr),
        _ => Err(Failure::no_overload()),
    }
}

fn test<'a>(arguments: &[Value<'a>], holds: fn(IpAddr) -> bool) -> Result<Value<'a>> {
    ip(&arguments[0]).map(|address| Value::Bool(holds(address)))
}

fn is_link_local_multicast(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.octets()[..3] == [224, 0, 0],
        IpAddr::V6(address) => address.segments()[0] & 0xff0f == 0xff02,
    }
}

fn is_link_local_unicast(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    }
}

/// Returns whether an address is global unicast. Private addresses count as global.
fn is_global_unicast(address: IpAddr) -> bool {
    let is_broadcast = matches!(address, IpAddr::V4(address) if address.is_broadcast());
    !(is_broadcast
        || address.is_unspecified()
        || address.is_loopback()
        || address.is_multicast()
        || is_link_local_unicast(address))
}
