//! The system's Chromium. Nothing is downloaded but by the system's own package manager.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::{Missing, Tool};
use crate::process;

/// What the browser is called, by who packages it.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Finds the browser; on a Debian system whose owner asks, it is installed when it is not there.
pub fn set_up() -> Result<Tool<PathBuf>> {
    if let Some(found) = find() {
        return Ok(Ok(found));
    }
    if !is_debian_root() {
        return Ok(Err(Missing("Chromium is not installed")));
    }
    // Without recommended packages there would be no font to draw text with.
    let packages =
        ["install", "--yes", "--quiet", "--no-install-recommends", "chromium", "fonts-inter", "fonts-liberation"];
    for arguments in [&["update", "--quiet"][..], &packages] {
        let mut apt = Command::new("apt-get");
        process::run(apt.args(["-o", "Acquire::Retries=3"]).args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    Ok(find().ok_or(Missing("Chromium is not installed")))
}

/// The name is enough for a program; a browser that is started by another program needs its path.
fn find() -> Option<PathBuf> {
    let folders: Vec<_> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    let places = NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    places.into_iter().find(|place| place.is_file())
}

fn is_debian_root() -> bool {
    let user = process::capture(Command::new("id").arg("--user")).map(|output| output.stdout);
    Path::new("/etc/debian_version").exists() && user.is_ok_and(|user| user.trim_ascii() == b"0")
}
