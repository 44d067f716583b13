//! Selectors, names and namespaces as in URLs. A value that is parsed and formatted must parse as the same
//! value.

#![no_main]

use std::fmt::{Debug, Display};
use std::str::FromStr;

use crdgen_runtime::backend::{FieldSelector, LabelSelector, Name, Namespace};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    comes_back::<LabelSelector>(text);
    comes_back::<FieldSelector>(text);
    comes_back::<Name>(text);
    comes_back::<Namespace>(text);
});

fn comes_back<T: FromStr + Display + PartialEq + Debug>(text: &str) {
    let Ok(read) = text.parse::<T>() else { return };
    let written = read.to_string();
    let Ok(again) = written.parse::<T>() else { panic!("{read:?} is written as {written:?}, which cannot be read") };
    assert_eq!(read, again, "written as {written:?}");
}
