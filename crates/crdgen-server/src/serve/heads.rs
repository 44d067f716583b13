//! Refusal of request heads that two programs could read differently.

use axum::Router;
use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderValue, Version, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use crdgen_backend::Reason;

use crate::problem::Problem;

/// Answers an ambiguous head with 400.
pub(super) fn around(router: Router) -> Router {
    router.layer(from_fn(async |request: Request, next: Next| -> Response {
        match credentials(&request).and_then(|()| host(&request)) {
            Ok(()) => next.run(request).await,
            Err(detail) => Problem::new(Reason::BadRequest, detail).into_response(),
        }
    }))
}

/// Refuses more than one `Authorization` header (RFC 6750, 3.1): a proxy may have checked one, and a handler would read
/// the other.
fn credentials(request: &Request) -> Result<(), &'static str> {
    let count = request.headers().get_all(header::AUTHORIZATION).iter().count();
    if count > 1 { Err("there is more than one Authorization header") } else { Ok(()) }
}

/// Refuses a request that does not name exactly one host (RFC 9112, 3.2; RFC 9113, 8.3.1).
fn host(request: &Request) -> Result<(), &'static str> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let (host, other) = (hosts.next(), hosts.next());
    if other.is_some() {
        return Err("there is more than one Host header");
    }
    match (host, request.uri().authority()) {
        (Some(host), authority) => {
            let host = authority_of(host).ok_or("the Host header is not a valid host")?;
            if authority.is_some_and(|authority| *authority != host) {
                return Err("the Host header and the URL of the request name different hosts");
            }
        }
        (None, Some(_)) if request.version() == Version::HTTP_2 => {}
        (None, None) if request.version() < Version::HTTP_11 => {}
        (None, _) => return Err("there is no Host header"),
    }
    Ok(())
}

/// Parses a `Host` header into host and port. A value with credentials is invalid.
fn authority_of(host: &HeaderValue) -> Option<Authority> {
    Authority::try_from(host.as_bytes()).ok().filter(|authority| !authority.as_str().contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(version: Version, uri: &str, hosts: &[&str]) -> Request {
        let mut request = Request::new(axum::body::Body::empty());
        (*request.version_mut(), *request.uri_mut()) = (version, uri.parse().unwrap());
        for host in hosts {
            request.headers_mut().append(header::HOST, HeaderValue::from_bytes(host.as_bytes()).unwrap());
        }
        request
    }

    #[test]
    fn a_request_names_one_host() {
        for (version, uri, hosts) in [
            (Version::HTTP_11, "/", &["a.example"][..]),
            (Version::HTTP_11, "/", &["[::1]:8080"]),
            (Version::HTTP_11, "http://a.example/", &["A.example"]),
            (Version::HTTP_10, "/", &[]),
            (Version::HTTP_2, "http://a.example/", &[]),
            (Version::HTTP_2, "http://a.example/", &["a.example"]),
            (Version::HTTP_2, "/", &["a.example"]),
        ] {
            assert_eq!(host(&request(version, uri, hosts)), Ok(()), "{version:?} {uri} {hosts:?}");
        }
        for (version, uri, hosts) in [
            (Version::HTTP_11, "/", &[][..]),
            (Version::HTTP_11, "http://a.example/", &[]),
            (Version::HTTP_11, "/", &["a.example", "a.example"]),
            (Version::HTTP_11, "/", &["a.example, b.example"]),
            (Version::HTTP_11, "/", &[""]),
            (Version::HTTP_11, "/", &["ada@a.example"]),
            (Version::HTTP_11, "/", &["a.example/b"]),
            (Version::HTTP_11, "http://a.example/", &["b.example"]),
            (Version::HTTP_10, "/", &["a.example", "b.example"]),
            (Version::HTTP_2, "http://a.example/", &["b.example"]),
            (Version::HTTP_2, "http://a.example/", &["a.example:81"]),
            (Version::HTTP_2, "/", &[]),
        ] {
            host(&request(version, uri, hosts)).unwrap_err();
        }
    }
}
