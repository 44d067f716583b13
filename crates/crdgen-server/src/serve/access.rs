//! Declaration of how callers are authorized, required for addresses that other machines can reach.

use std::net::SocketAddr;

use super::Error;

/// Authorization of callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// By the service itself: its `Caller` authenticates and its `authorize` authorizes, by its own rules or by a
    /// choice of `server::auth`.
    AuthorizedByService,
    /// None: anybody may call, or something in front of the service authorizes and cannot be bypassed.
    Unrestricted,
}

/// Refuses an address that is not a loopback address if `access` is not declared.
pub(super) fn check(access: Option<Access>, addresses: &[SocketAddr]) -> Result<(), Error> {
    match addresses.iter().find(|address| !address.ip().to_canonical().is_loopback()) {
        Some(address) if access.is_none() => Err(Error::NoAccess(*address)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_needs_no_choice() {
        for (address, is_loopback) in [
            ("127.0.0.1:80", true),
            ("127.9.9.9:80", true),
            ("[::1]:80", true),
            ("[::ffff:127.0.0.1]:80", true),
            ("0.0.0.0:80", false),
            ("[::]:80", false),
            ("10.0.0.1:80", false),
            ("[::ffff:10.0.0.1]:80", false),
        ] {
            let addresses = ["127.0.0.1:1".parse().unwrap(), address.parse().unwrap()];
            assert_eq!(check(None, &addresses).is_ok(), is_loopback, "{address}");
            for access in [Access::AuthorizedByService, Access::Unrestricted] {
                assert!(check(Some(access), &addresses).is_ok());
            }
        }
    }
}
