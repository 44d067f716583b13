//! Selectors and other query parameters that are malformed or ambiguous.

use crate::service::{Abused, WIDGETS, ada};

#[tokio::test]
async fn a_query_that_is_not_understood_is_refused() {
    let abused = Abused::start().await;
    let long = format!("labelSelector={}", "a".repeat(9000));
    let value = format!("labelSelector=a={}", "b".repeat(64));
    let key = format!("labelSelector={}=b", "a".repeat(64));
    for (query, status) in [
        ("limit=-1", 400),
        ("limit=1e3", 400),
        ("limit=0x10", 400),
        ("limit=9223372036854775808", 400),
        ("limit=99999999999999999999999", 400),
        ("limit=1&limit=2", 400),
        ("limit=1%00", 400),
        ("limit=%31%0d%0ax:y", 400),
        ("labelSelector===", 400),
        ("labelSelector=a%0d%0aX-User:%20root", 400),
        ("labelSelector=a%00", 400),
        ("labelSelector=a%20in%20(b", 400),
        ("labelSelector=a%20in%20((b))", 400),
        ("labelSelector=a%20in", 400),
        ("labelSelector=%C3%BC=a", 400),
        ("labelSelector=a=%C3%BC", 400),
        ("labelSelector=..%2f..=a", 400),
        ("labelSelector=a/b/c=d", 400),
        ("labelSelector=a=b%26limit=1", 400),
        ("labelSelector=%ff", 400),
        (&value, 400),
        (&key, 400),
        (&long, 414),
        ("labelselector=a", 400),
        ("labelSelector=a&labelSelector=b", 400),
        ("labelSelector%5B%5D=a", 400),
        ("fieldSelector=spec.color", 400),
        ("fieldSelector=a!b", 400),
        ("__proto__=1", 400),
        ("pretty=true", 400),
        ("watch=true", 400),
        ("dryRun=All", 400),
        ("impersonate=root", 400),
        ("limit", 400),
        ("&&&=", 400),
        ("%", 400),
    ] {
        for path in [WIDGETS, "/apis/ci.example.com/v1/widgets"] {
            let answer = abused.ask(ada("GET", &format!("{path}?{query}"), &[], "")).await;
            assert_eq!(answer.status, status, "{query}: {}", answer.text());
            answer.problem(status, "BadRequest");
            assert_eq!(abused.reached(), 0, "{query} reached the backend");
        }
    }
    abused.assert_intact().await;
}

/// Only the backend knows its selectable fields and its continue tokens.
#[tokio::test]
async fn what_the_backend_does_not_understand_it_refuses() {
    let abused = Abused::start().await;
    for query in [
        "fieldSelector==a",
        "fieldSelector=a=b,,c=d",
        "fieldSelector=spec.size=1",
        "fieldSelector=metadata.managedFields=a",
        "fieldSelector=spec.color%0d%0a=a",
        "continue=garbage",
        "continue=%00",
        "continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEifQ",
    ] {
        let answer = abused.ask(ada("GET", &format!("{WIDGETS}?{query}"), &[], "")).await;
        assert_eq!(answer.status, 400, "{query}: {}", answer.text());
        answer.problem(400, "BadRequest");
    }
}
