//! The answer to a write, with what was said of it: warnings become headers, and an apply that created says so.

use std::collections::HashSet;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::backend::Remarks;
use crate::problem::Problem;

/// As many characters of warnings are sent whole (`truncateAtTotalRunes` of `filters/warning.go`).
const MAX_TOTAL: usize = 4 << 10;
/// As many of each when there are more (`truncateItemRunes`).
const MAX_EACH: usize = 256;

/// The answer to a write, whether it was done or not.
#[derive(Debug)]
pub struct Remarked<R> {
    reply: Result<R, Problem>,
    remarks: Remarks,
}

impl Remarks {
    /// An answer with these remarks.
    pub fn with<R>(self, reply: Result<R, Problem>) -> Remarked<R> {
        Remarked { reply, remarks: self }
    }
}

/// Warnings are those of the API server: `Warning: 299 - "unknown field \"spec.x\""`.
impl<R: IntoResponse> IntoResponse for Remarked<R> {
    fn into_response(self) -> Response {
        let mut response = self.reply.into_response();
        if self.remarks.has_created() && response.status() == StatusCode::OK {
            *response.status_mut() = StatusCode::CREATED;
        }
        for warning in headers(self.remarks.warnings().take()) {
            response.headers_mut().append(header::WARNING, warning);
        }
        response
    }
}

fn headers(mut texts: Vec<String>) -> Vec<HeaderValue> {
    let mut seen = HashSet::new();
    texts.retain(|text| !text.is_empty() && seen.insert(text.clone()));
    let total: usize = texts.iter().map(|text| text.chars().count()).sum();
    let each = if total > MAX_TOTAL { MAX_EACH } else { MAX_TOTAL };
    let mut written = 0;
    let fits = |text: &&str| {
        let has_room = written < MAX_TOTAL;
        written += text.chars().count();
        has_room
    };
    texts.iter().map(|text| beginning(text, each)).take_while(fits).filter_map(header).collect()
}

fn beginning(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).map_or(text, |(end, _)| &text[..end])
}

/// None of a text with control characters (`NewWarningHeader`).
fn header(text: &str) -> Option<HeaderValue> {
    if text.chars().any(char::is_control) {
        return None;
    }
    let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
    HeaderValue::from_bytes(format!("299 - \"{quoted}\"").as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(texts: &[String]) -> Vec<HeaderValue> {
        headers(texts.to_vec())
    }

    #[test]
    fn quoted_once_and_without_control_characters() {
        let texts = ["a \"b\" \\", "a \"b\" \\", "", "two\nlines", "ü"].map(str::to_owned);
        let sent = sent(&texts);
        let sent: Vec<_> = sent.iter().map(|value| std::str::from_utf8(value.as_bytes()).unwrap()).collect();
        assert_eq!(sent, [r#"299 - "a \"b\" \\""#, r#"299 - "ü""#]);
    }

    #[test]
    fn many_are_cut_short_and_end() {
        let long = "x".repeat(MAX_TOTAL - 1);
        assert_eq!(sent(std::slice::from_ref(&long))[0].len(), MAX_TOTAL - 1 + r#"299 - """#.len());
        let many: Vec<_> = (0..100_000).map(|index| format!("{index} {long}")).collect();
        let sent = sent(&many);
        assert_eq!(sent.len(), MAX_TOTAL / MAX_EACH);
        assert!(sent.iter().all(|value| value.len() == MAX_EACH + r#"299 - """#.len()));
    }

    #[test]
    fn an_apply_that_created_says_so() {
        let remarks = Remarks::default();
        assert_eq!(remarks.clone().with(Ok(())).into_response().status(), 200);
        remarks.set_created();
        assert_eq!(remarks.clone().with(Ok(())).into_response().status(), 201);
        assert_eq!(remarks.with(Ok(StatusCode::ACCEPTED)).into_response().status(), 202);
    }
}
