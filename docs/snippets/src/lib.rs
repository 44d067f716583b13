//! Doctests of the book in `docs/src` and of the README: every Rust block is compiled, and run unless it says `no_run`.

#[allow(missing_docs)]
pub mod generated {
    //! API of the kind `Boat`, as `crdgen generate` makes it.
    include!(concat!(env!("OUT_DIR"), "/boats.rs"));
}

#[cfg(doctest)]
mod pages {
    include!(concat!(env!("OUT_DIR"), "/pages.rs"));
}
