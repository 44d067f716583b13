//! Bearer token. Its text is never logged, and tokens are compared by digest only.

use std::fmt;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use sha2::{Digest as _, Sha256};

use super::AuthRejection;
use crate::Principal;

/// Longest token, in bytes. Service account tokens have about 1 KiB.
const MAX_LEN: usize = 16 << 10;

/// Bearer token of a caller (RFC 6750). Look tokens up by their [`digest`](Self::digest): the time of a comparison of
/// the tokens themselves would tell how much of a guess is right.
#[derive(Clone)]
pub struct Token {
    text: Box<str>,
    /// Digest in hexadecimal digits.
    id: Box<str>,
}

impl Token {
    /// Reads the token of the `Authorization` header.
    ///
    /// # Errors
    ///
    /// [`Unauthorized`](crdgen_backend::Reason::Unauthorized) when there is not exactly one header with a bearer token.
    pub fn of(headers: &HeaderMap) -> Result<Self, AuthRejection> {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let (Some(value), None) = (values.next(), values.next()) else { return Err(AuthRejection::unknown()) };
        let text = value.to_str().ok().and_then(|value| value.split_once(' '));
        match text {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && is_token(token) => Ok(Self::new(token)),
            _ => Err(AuthRejection::unknown()),
        }
    }

    fn new(text: &str) -> Self {
        let id: String = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        Self { text: text.into(), id: id.into() }
    }

    /// Returns the SHA-256 digest of the token.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.text.as_bytes()).into()
    }

    pub(super) fn expose(&self) -> &str {
        &self.text
    }

    /// Returns the `Authorization` header, marked as sensitive so that it is not logged.
    pub(super) fn header(&self) -> HeaderValue {
        let mut value =
            HeaderValue::try_from(format!("Bearer {}", self.text)).expect("a token has visible characters only");
        value.set_sensitive(true);
        value
    }
}

/// Returns whether the text is a `b64token` of RFC 6750, of at most [`MAX_LEN`] bytes.
fn is_token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
    !body.is_empty() && text.len() <= MAX_LEN && body.bytes().all(is_allowed)
}

/// Identifies the caller by the digest of the token.
impl Principal for Token {
    fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Token {
    type Rejection = AuthRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AuthRejection> {
        Self::of(&parts.headers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&str]) -> Option<String> {
        let values = values.iter().map(|value| (AUTHORIZATION, HeaderValue::from_bytes(value.as_bytes()).unwrap()));
        let mut headers = HeaderMap::new();
        for (name, value) in values {
            headers.append(name, value);
        }
        Token::of(&headers).ok().map(|token| token.expose().to_owned())
    }

    #[test]
    fn there_is_exactly_one_bearer_token() {
        assert_eq!(of(&["Bearer a.b-c_d~e+f/g=="]).as_deref(), Some("a.b-c_d~e+f/g=="));
        assert_eq!(of(&["bEARER x"]).as_deref(), Some("x"));
        let long = format!("Bearer {}", "x".repeat(MAX_LEN + 1));
        for bad in [
            "",
            "x",
            "Basic x",
            "Bearer",
            "Bearer ",
            "Bearer  x",
            "Bearer a b",
            "Bearer a\"b",
            "Bearer =",
            "Bearer ü",
            &long,
        ] {
            assert_eq!(of(&[bad]), None, "{bad}");
        }
        assert_eq!(of(&[]), None);
        assert_eq!(of(&["Bearer a", "Bearer b"]), None);
    }

    #[test]
    fn nothing_shows_it() {
        let headers = HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_static("Bearer secret"))]);
        let token = Token::of(&headers).unwrap();
        assert_eq!(format!("{token:?} {:?}", token.header()), "Token(..) Sensitive");
    }
}
