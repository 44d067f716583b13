//! Numbers as an API server stores them.

use crdgen_runtime::integer::Integers;
use crdgen_runtime::{Map, Number};
use serde_json::{Value, from_str, to_string};

fn number(text: &str) -> Number {
    from_str(text).expect(text)
}

/// Texts that a server writes and reads back unchanged.
#[test]
fn what_a_server_stores_comes_back_equal() {
    for text in [
        "0",
        "1",
        "-1",
        "0.1",
        "-0.5",
        "1.5e-7",
        "9007199254740991",
        "9007199254740993",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854776000",
        "9223372036854778000",
        "9300000000000000000",
        "18446744073709552000",
        "100000000000000000000",
        "-9223372036854778000",
        "-10000000000000000000",
        "1e+21",
        "1e300",
        "-1.7976931348623157e308",
        "5e-324",
        "-0.0",
        "0.30000000000000004",
        "3.4028235677973366e38",
        "16777217",
    ] {
        let written = to_string(&number(text)).expect("JSON");
        let (expected, found) = (from_str::<Value>(text).expect("JSON"), from_str::<Value>(&written).expect("JSON"));
        assert_eq!(found, expected, "{text} came back as {written}");
    }
}

#[test]
fn a_whole_float_is_written_as_an_integer() {
    for (text, written) in [
        ("1.0", "1"),
        ("1e2", "100"),
        ("-3.0", "-3"),
        ("0.0", "0"),
        ("9007199254740992.0", "9007199254740992"),
        // The shortest digits that identify the float, then zeros: a server's form of 2^62 written as a float.
        ("4611686018427387904.0", "4611686018427388000"),
    ] {
        assert_eq!(to_string(&number(text)).expect("JSON"), written);
        assert_eq!(number(text), number(written), "one number for the server");
    }
    assert_eq!(to_string(&number("-0.0")).expect("JSON"), "-0.0");
}

#[test]
fn a_number_is_what_it_was_made_of() {
    assert_eq!(Number::from(1.0), Number::from(1));
    assert_eq!(Number::from(1.0).as_i64(), Some(1));
    assert_eq!(Number::from(0.5).as_i64(), None);
    assert_eq!(Number::from(i64::MAX).as_i64(), Some(i64::MAX));
    assert_eq!(f64::from(Number::from(0.1)), 0.1);
    assert!(Number::from(i64::MAX) > Number::from(i64::MAX - 1));
    assert!(Number::from(1.5) > Number::from(1) && Number::from(-1e300) < Number::from(i64::MIN));
    assert_eq!(Number::from(f64::NAN).partial_cmp(&Number::default()), None);
    assert_eq!((Number::from(2.5).to_string(), Number::from(7u32).to_string()), ("2.5".to_owned(), "7".to_owned()));
}

#[test]
fn what_is_no_number_is_refused() {
    for text in ["\"1\"", "null", "true", "[]", "{}"] {
        assert!(from_str::<Number>(text).is_err(), "{text}");
    }
}

fn integers<T: Integers>(text: &str) -> Result<T, String> {
    T::read(&mut serde_json::Deserializer::from_str(text)).map_err(|error| error.to_string())
}

#[test]
fn an_integer_may_be_written_as_a_float() {
    for (text, expected) in [
        ("1.0", 1),
        ("1e2", 100),
        ("-8e1", -80),
        ("9007199254740991.0", 9_007_199_254_740_991),
        ("9223372036854775807", i64::MAX),
        ("-9223372036854775808", i64::MIN),
    ] {
        assert_eq!(integers::<i64>(text), Ok(expected));
    }
    for text in ["1.5", "9007199254740993.0", "1e18", "9223372036854775808", "1e300", "\"1\"", "null", "true"] {
        assert!(integers::<i64>(text).is_err(), "{text}");
    }
    assert_eq!(integers::<i32>("-2147483648.0"), Ok(i32::MIN));
    assert!(integers::<i32>("2147483648").is_err());
}

#[test]
fn integers_are_read_at_any_depth() {
    assert_eq!(integers::<Vec<Vec<i32>>>("[[1.0], [], [2, 3e0]]"), Ok(vec![vec![1], vec![], vec![2, 3]]));
    assert_eq!(integers::<Option<Vec<Option<i64>>>>("[null, 1.0]"), Ok(Some(vec![None, Some(1)])));
    assert_eq!(integers::<Option<i64>>("null"), Ok(None));
    let map: Map<Vec<i64>> = integers(r#"{"b": [1.0], "a": []}"#).expect("integers");
    assert_eq!(map.into_iter().collect::<Vec<_>>(), [("b".to_owned(), vec![1]), ("a".to_owned(), vec![])]);
    assert!(integers::<Vec<i64>>("[1, 0.5]").is_err());
}
