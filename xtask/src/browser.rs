//! `browser`: tests of the example's pages in a browser.

use anyhow::{Context, Result};
use crdgen_harness::tools::{Missing, Tool, Web, chromium};
use crdgen_harness::{Verdict, check, process, workspace};

/// Test the example's pages in the system's Chromium.
#[derive(clap::Args, Default)]
pub struct Args {
    /// Run only the tests whose title matches one of these.
    pub only: Vec<String>,
}

pub fn run(args: &Args) -> Result<Verdict> {
    match play(args)? {
        Ok(()) => Ok(Verdict::Good),
        Err(Missing(what)) => anyhow::bail!("{what}"),
    }
}

/// Builds the pages and the service and runs the tests. Returns [`Missing`] if a tool is not installed.
pub fn play(args: &Args) -> Result<Tool<()>> {
    let (web, browser) = match (Web::set_up()?, chromium::set_up()?) {
        (Ok(web), Ok(browser)) => (web, browser),
        (Err(missing), _) | (_, Err(missing)) => return Ok(Err(missing)),
    };
    web.build()?;
    let mut build = process::cargo();
    let built = check::cargo_build(build.args(["build", "--package", "ci-service", "--features", "web"]), |_| {})?;
    let service = built.executables.get("ci-service").context("ci-service does not compile")?;

    let folder = workspace::scratch("browser");
    workspace::empty(&folder)?;
    let mut tests = web.playwright();
    tests.env("CI_SERVICE", service).env("CHROMIUM", browser);
    tests.env("RESULTS", folder.join("results")).env("SHOTS", folder.join("screenshots"));
    tests.args(args.only.iter().flat_map(|title| ["--grep", title]));
    let outcome = process::run(&mut tests);
    eprintln!("screenshots: {}", folder.join("screenshots").display());
    outcome.map(Ok)
}
