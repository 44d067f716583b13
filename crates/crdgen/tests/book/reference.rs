//! Reference pages, which are made of the code that they describe. With the variable `UPDATE` set, the test writes them.

mod cli;
mod config;
mod diagnostics;
mod lint;

use std::path::Path;
use std::{env, fs};

use crate::page::{BOOK, root};

/// Compares a page with the page in the repository, or writes it.
#[track_caller]
fn up_to_date(name: &str, text: &str) {
    let file = root().join(BOOK).join("reference").join(name);
    if env::var_os("UPDATE").is_some() {
        fs::create_dir_all(file.parent().unwrap_or(Path::new(""))).unwrap();
        fs::write(&file, text).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    assert!(written == text, "{BOOK}/reference/{name} is out of date: run `UPDATE=1 cargo test -p crdgen --test book`");
}

#[test]
fn the_pages_are_up_to_date() {
    up_to_date("cli.md", &cli::page());
    up_to_date("config.md", &config::page());
    up_to_date("diagnostics.md", &diagnostics::page());
    up_to_date("lint.md", &lint::page());
}
