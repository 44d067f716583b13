//! Expressions over declared variables, evaluated through the public interface.

use crdgen_cel::{Bindings, Budget, CompileError, Environment, Failure, Program, Type};
use serde_json::{Value, json};

/// Evaluates an expression about `self` and returns its boolean.
fn evaluate(expression: &str, type_: Type, value: &Value) -> Result<Option<bool>, Failure> {
    let program = Program::compile(expression, &Environment::new().variable("self", type_)).expect(expression);
    let budget = Budget::new(Budget::PER_EXPRESSION);
    let output = program.evaluate(&Bindings::new().bind("self", value), &budget);
    output.map(|output| output.as_bool())
}

fn refusal(expression: &str, environment: &Environment) -> CompileError {
    Program::compile(expression, environment).expect_err(expression)
}

#[test]
fn a_list_compares_and_joins_by_its_type() {
    let holds = |expression, type_, value| evaluate(expression, type_, &value) == Ok(Some(true));
    let pair = |type_: fn(Type) -> Type| Type::object(["a", "b"].map(|name| (name, type_(Type::string()))));
    let value = || json!({"a": ["x", "y"], "b": ["y", "x"]});
    assert!(holds("self.a != self.b", pair(Type::list), value()));
    assert!(holds("self.a == self.b", pair(Type::set), value()));
    assert!(holds("(self.a + self.b).size() == 4", pair(Type::list), value()));
    assert!(holds("(self.a + self.b).size() == 2", pair(Type::set), value()));
    let item = Type::object([("my-key", Type::string()), ("value", Type::integer())]);
    let map = Type::list_map(["value"], item);
    let items = || json!([{"my-key": "x", "value": 1}, {"my-key": "y", "value": 1}]);
    assert!(holds("(self + self).size() == 2 && self[0].my__dash__key == 'x'", map, items()));
}

#[test]
fn text_has_the_type_of_its_format() {
    let type_ = Type::object([
        ("bytes", Type::bytes()),
        ("date", Type::date()),
        ("moment", Type::date_time()),
        ("wait", Type::duration()),
        ("port", Type::int_or_string()),
    ]);
    let value = json!({
        "bytes": "aGk=", "date": "2024-02-29", "moment": "2024-02-29T12:00:00Z", "wait": "90m", "port": "http",
    });
    for expression in [
        "self.bytes == b'hi'",
        "self.date.getMonth() == 1",
        "self.moment > self.date",
        "self.wait == duration('1h30m')",
        "type(self.port) == string",
    ] {
        assert_eq!(evaluate(expression, type_.clone(), &value), Ok(Some(true)), "{expression}");
    }
}

#[test]
fn a_value_that_does_not_match_its_type_fails_what_reads_it() {
    let type_ = || Type::object([("a", Type::integer()), ("b", Type::integer().nullable(true))]);
    let value = json!({"a": "text", "b": null});
    assert!(matches!(evaluate("self.a > 0", type_(), &value), Err(Failure::Error(_))));
    assert_eq!(evaluate("!has(self.b)", type_(), &value), Ok(Some(true)));
}

#[test]
fn what_a_server_refuses_is_an_error_and_what_only_a_server_can_read_a_doubt() {
    let object = || Type::object([("a", Type::integer())]);
    let environment = Environment::new().variable("self", object()).variable("other", object());
    for expression in [
        "self.a == 'x'",
        "[1, 'x'].size() == 2",
        "self == other",
        "cel.bind(x, 1, true)",
        "1 +",
        "self.a.nonsense()",
        "self.b == 1",
        "unknown == 1",
        "'%d'.format(['x']) == ''",
        "duration('1 hour') > duration('1h')",
        "'a'.matches('(')",
    ] {
        assert!(matches!(refusal(expression, &environment), CompileError::Refused(_)), "{expression}");
    }
    let message = "google.protobuf.Int64Value{value: 1} == 1";
    assert!(matches!(refusal(message, &environment), CompileError::Unknown(_)));
}

#[test]
fn a_variable_without_a_value_is_absent_if_it_is_optional_and_unknown_if_not() {
    let environment = Environment::new().variable("self", Type::integer());
    let optional = environment.clone().optional_variable("oldSelf", Type::integer());
    let plain = environment.variable("oldSelf", Type::integer());
    let (new, old) = (json!(2), json!(1));
    let output = |expression: &str, environment: &Environment, old: Option<&Value>| {
        let program = Program::compile(expression, environment).expect(expression);
        let bindings = Bindings::new().bind("self", &new).bind("oldSelf", old);
        let output = program.evaluate(&bindings, &Budget::new(1000));
        assert!(program.uses("oldSelf"));
        output.map(|output| output.as_bool())
    };
    assert_eq!(output("self > oldSelf.orValue(5)", &optional, Some(&old)), Ok(Some(true)));
    assert_eq!(output("self > oldSelf.orValue(5)", &optional, None), Ok(Some(false)));
    assert_eq!(output("self > oldSelf", &plain, Some(&old)), Ok(Some(true)));
    assert!(matches!(output("self > oldSelf", &plain, None), Err(Failure::Unknown(_))));
}

#[test]
fn a_result_is_read_by_its_type() {
    let output = |expression: &str, read: &dyn Fn(crdgen_cel::Output<'_>)| {
        let program = Program::compile(expression, &Environment::new()).expect(expression);
        read(program.evaluate(&Bindings::new(), &Budget::new(1000)).expect(expression));
    };
    output("1 + 2", &|output| assert_eq!(output.as_int(), Some(3)));
    output("1.5 * 2.0", &|output| assert_eq!(output.as_double(), Some(3.0)));
    output("'a' + 'b'", &|output| assert_eq!((output.as_str(), output.as_int()), (Some("ab"), None)));
    output("[1]", &|output| assert_eq!(output.type_name(), "list"));
}

#[test]
fn hostile_expressions_end_without_a_verdict() {
    let nested = format!("{}1{} == 1", "(".repeat(20_000), ")".repeat(20_000));
    let sum = format!("0{} == 0", " + 0".repeat(20_000));
    let members = format!("{{}}{} == 1", ".a".repeat(20_000));
    let doubling = format!("optional.of('x'){}.hasValue()", ".optMap(s, s + s)".repeat(60));
    let text = "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'";
    let product = format!("{text}{}.size() > 0", format!(".replace('', {text})").repeat(8));
    let loops = "lists.range(1000).all(a, lists.range(1000).all(b, lists.range(1000).all(c, true)))".to_owned();
    for hostile in [nested, sum, members] {
        assert!(matches!(refusal(&hostile, &Environment::new()), CompileError::Unknown(_)), "{}", &hostile[..60]);
    }
    for hostile in [doubling, product, loops] {
        assert_eq!(evaluate(&hostile, Type::integer(), &json!(1)), Err(Failure::Exhausted), "{}", &hostile[..60]);
    }
}

#[test]
fn the_deepest_expression_that_is_read_fits_on_a_small_stack() {
    let nested = format!("{}1{} == 1", "(".repeat(60), ")".repeat(60));
    let sum = format!("0{} == 0", " + 0".repeat(240));
    for deep in [nested, sum] {
        assert_eq!(evaluate(&deep, Type::integer(), &json!(1)), Ok(Some(true)));
    }
}
