//! Panics as findings. A panic is a defect of crdgen; it is caught, reported as a finding, and not printed as
//! well.

use std::env;
use std::panic::{self, AssertUnwindSafe};

use crdgen::pipeline::panic_message;
use crdgen_schema::Diagnostic;

const DEFECT: &str =
    "this is a bug in crdgen: please report it, with the CRDs and the backtrace that RUST_BACKTRACE=1 prints";

/// Runs a step and turns a panic into an error. Panics print nothing unless RUST_BACKTRACE is set.
pub fn quietly<T>(step: impl FnOnce() -> T) -> Result<T, Box<Diagnostic>> {
    let caught = || panic::catch_unwind(AssertUnwindSafe(step));
    let outcome = match env::var_os("RUST_BACKTRACE") {
        Some(_) => caught(),
        None => {
            let hook = panic::take_hook();
            panic::set_hook(Box::new(|_| ()));
            let outcome = caught();
            panic::set_hook(hook);
            outcome
        }
    };
    outcome.map_err(|panic| Box::new(Diagnostic::error("internal::panic", panic_message(&*panic)).help(DEFECT)))
}
