//! Continue tokens. Every token except the one that the store issued is refused. The first byte of the input
//! selects how the rest becomes a token.

#![no_main]

use std::cell::LazyCell;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use crdgen_fuzz::{Lamps, key, lamp};
use crdgen_runtime::backend::{ListQuery, Reason};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

struct Pages {
    lamps: Lamps,
    token: String,
}

thread_local! {
    static PAGES: LazyCell<Pages> = LazyCell::new(Pages::new);
}

impl Pages {
    fn new() -> Self {
        let lamps = Lamps::new();
        let key = key("a");
        for name in ["a", "b", "c"] {
            lamps.objects.create(key.namespace.as_ref(), lamp(name, Value::Null)).expect("it is created");
        }
        let query = ListQuery { limit: std::num::NonZeroU64::new(1), ..ListQuery::default() };
        let (_, metadata) = lamps.objects.list(key.namespace.as_ref(), &query).expect("a list");
        Self { lamps, token: metadata.continue_.expect("there is another page") }
    }

    fn check(&self, token: String) {
        if token == self.token || token.is_empty() {
            return;
        }
        let query = ListQuery { continue_: Some(token), ..ListQuery::default() };
        let refusal = self.lamps.objects.list(key("a").namespace.as_ref(), &query);
        let refusal = refusal.expect_err("a token that the store did not give");
        assert!(matches!(refusal.reason, Reason::BadRequest | Reason::Expired), "{refusal:?}");
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((way, rest)) = data.split_first() else { return };
    PAGES.with(|pages| match way % 3 {
        0 => pages.check(String::from_utf8_lossy(rest).into_owned()),
        1 => pages.check(URL_SAFE_NO_PAD.encode(rest)),
        // The store's own token, with some of its bytes changed.
        _ => {
            let mut bytes = URL_SAFE_NO_PAD.decode(&pages.token).unwrap_or_default();
            for (byte, change) in bytes.iter_mut().zip(rest) {
                *byte ^= change;
            }
            pages.check(URL_SAFE_NO_PAD.encode(bytes));
        }
    });
});
