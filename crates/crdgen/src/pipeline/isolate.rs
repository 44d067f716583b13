//! Isolation of crdgen's own defects: a panic of an emitter becomes an error with a code.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};

use crdgen_emit::{Error, Step};

pub(super) const DEFECT: &str = "this is a defect of crdgen, not of the CRD: please report it with the CRD";

/// Runs a step and turns a panic into an error.
pub(super) fn contain<T>(target: Step, step: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    panic::catch_unwind(AssertUnwindSafe(step))
        .unwrap_or_else(|panic| Err(Error { target, message: panic_message(&*panic) }))
}

/// Returns the message of a panic.
pub fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| text.to_string());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic without message".to_owned())
}

/// Returns the diagnostic code of a step that failed.
pub(super) fn code(step: Step) -> &'static str {
    match step {
        Step::Model => "emit::model",
        Step::Rust => "emit::rust",
        Step::Axum => "emit::axum",
        Step::OpenApi => "emit::openapi",
        Step::TypeScript => "emit::typescript",
        Step::JsonSchema => "emit::json-schema",
        Step::Rbac => "emit::rbac",
        Step::Docs => "emit::docs",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_the_error_of_its_target() {
        let error = contain::<()>(Step::Rust, || panic!("{} is no name", "x-y")).unwrap_err();
        assert_eq!((error.target, error.message.as_str()), (Step::Rust, "x-y is no name"));
        assert_eq!(contain(Step::Rust, || Ok(1)).unwrap(), 1);
        assert_eq!(code(contain::<()>(Step::Rbac, || panic!("no role")).unwrap_err().target), "emit::rbac");
    }
}
