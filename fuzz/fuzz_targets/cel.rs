//! CEL expressions. The first line of the input is the expression, the rest a JSON value for `self.any`. A result does
//! not depend on earlier evaluations, and the budget holds.

#![no_main]

use std::cell::LazyCell;

use crdgen_cel::{Bindings, Budget, Environment, Program, Type};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

/// Small, so that expensive expressions end soon.
const UNITS: u64 = 100_000;

thread_local! {
    static ENVIRONMENT: LazyCell<Environment> = LazyCell::new(|| {
        let item = Type::object([("name", Type::string()), ("size", Type::integer())]);
        let fields = Type::object([
            ("any", Type::unknown()),
            ("text", Type::string()),
            ("count", Type::integer()),
            ("share", Type::number()),
            ("on", Type::boolean()),
            ("at", Type::date_time()),
            ("wait", Type::duration()),
            ("port", Type::int_or_string()),
            ("names", Type::set(Type::string())),
            ("items", Type::list_map(["name"], item)),
            ("labels", Type::map(Type::string())),
        ]);
        Environment::new().variable("self", fields.clone()).variable("oldSelf", fields)
    });
}

fuzz_target!(|text: &str| {
    let (expression, any) = text.split_once('\n').unwrap_or((text, ""));
    let Ok(program) = ENVIRONMENT.with(|environment| Program::compile(expression, environment)) else { return };
    let object = json!({
        "any": serde_json::from_str::<Value>(any).unwrap_or_default(),
        "text": "héllo, world",
        "count": 3,
        "share": 0.5,
        "on": true,
        "at": "2024-02-29T12:00:00Z",
        "wait": "1h5m",
        "port": 80,
        "names": ["a", "b"],
        "items": [{"name": "x", "size": 1}, {"name": "y", "size": 2}],
        "labels": {"k": "v"},
    });
    let evaluate = || {
        let budget = Budget::new(UNITS);
        let bindings = Bindings::new().bind("self", &object).bind("oldSelf", &object);
        let result = program.evaluate(&bindings, &budget).map(|output| output.as_bool());
        assert!(budget.left() <= UNITS);
        format!("{result:?} {}", budget.left())
    };
    assert_eq!(evaluate(), evaluate());
});
