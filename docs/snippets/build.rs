//! Generates the API of the book's CRD, and a module for each page whose Rust blocks are its doctests.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // A page that shows a build script must not replace the file.
    crdgen_build::configure().crds("crds/boat.yaml").axum().file_name("boats.rs").compile()?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("no OUT_DIR")?);
    fs::write(out.join("pages.rs"), modules()?)?;
    Ok(())
}

/// Returns the modules as Rust. Cargo runs this script again when a page is added or removed.
fn modules() -> io::Result<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let book = root.join("docs/src");
    println!("cargo::rerun-if-changed={}", book.display());
    let mut pages = vec![root.join("README.md")];
    collect(&book, &mut pages)?;
    pages.sort();
    let module = |page: &PathBuf| {
        let path = page.strip_prefix(&root).unwrap_or(page).with_extension("");
        let name = path.to_string_lossy().replace(|letter: char| !letter.is_ascii_alphanumeric(), "_").to_lowercase();
        format!("#[doc = include_str!({page:?})]\nmod {name} {{}}\n")
    };
    Ok(pages.iter().map(module).collect())
}

/// Adds every Markdown file below a folder.
fn collect(folder: &Path, pages: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, pages)?;
        } else if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
    Ok(())
}
