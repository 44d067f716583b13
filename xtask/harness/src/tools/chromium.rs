//! Chromium of the system. Only the system's package manager downloads it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::{Missing, Tool};
use crate::process;

/// Program names of the browser in different packages.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Finds the browser. On Debian as root, it is installed if it is missing.
pub fn set_up() -> Result<Tool<PathBuf>> {
    if let Some(found) = find() {
        return Ok(Ok(found));
    }
    if !is_debian_root() {
        return Ok(Err(Missing("Chromium is not installed")));
    }
    // Recommended packages are left out, so a font has to be named.
    let packages =
        ["install", "--yes", "--quiet", "--no-install-recommends", "chromium", "fonts-inter", "fonts-liberation"];
    for arguments in [&["update", "--quiet"][..], &packages] {
        let mut apt = Command::new("apt-get");
        process::run(apt.args(["-o", "Acquire::Retries=3"]).args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    Ok(find().ok_or(Missing("Chromium is not installed")))
}

/// Returns the path of the browser. A program that is started by another program needs its path.
fn find() -> Option<PathBuf> {
    let folders: Vec<_> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    let places = NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    places.into_iter().find(|place| place.is_file())
}

fn is_debian_root() -> bool {
    let user = process::capture(Command::new("id").arg("--user")).map(|output| output.stdout);
    Path::new("/etc/debian_version").exists() && user.is_ok_and(|user| user.trim_ascii() == b"0")
}
