//! Ways to pass on a list.

use std::process::Command;

use anyhow::Result;
use crdgen_harness::program::Program;
use crdgen_harness::workspace;

/// A way that has not been started yet.
pub struct Way {
    /// Name in tables.
    pub name: &'static str,
    /// Returns the route of the list of all objects in a namespace.
    pub list: fn(namespace: &str) -> String,
    /// Returns the route of one object, for small requests.
    pub one: fn(name: &str) -> String,
    /// Route that does nothing, also for small requests. Its time is not caused by the way.
    pub nothing: Option<&'static str>,
    /// Whether memory must not grow with the length of the list.
    pub is_flat: bool,
    /// Starts the service.
    pub start: Box<dyn Fn() -> Result<Program>>,
}

/// Returns the command for the fake API server.
pub fn upstream() -> Command {
    command("upstream")
}

/// Returns a way for every route of the bench's service.
pub fn all(upstream: &Program, objects: usize) -> Vec<Way> {
    let address = upstream.address;
    let start = move |options: &[&str]| {
        let mut command = command("service");
        command.args(["--upstream", &format!("http://{address}")]).args(options);
        Program::start(command)
    };
    let one = |name: &str| format!("/one/{name}");
    let nothing = Some("/healthz");
    let way = |name, list, is_flat| Way { name, list, one, nothing, is_flat, start: Box::new(move || start(&[])) };
    let routes =
        |name, list| Way { one: route, start: Box::new(move || start(&["--routes"])), ..way(name, list, true) };
    let cache = move || start(&["--cache", &format!("n{objects}")]);
    vec![
        way("raw", |namespace| format!("/raw?ns={namespace}"), true),
        way("trim", |namespace| format!("/trim?ns={namespace}"), true),
        way("view", |namespace| format!("/view?ns={namespace}"), true),
        way("typed", |namespace| format!("/typed?ns={namespace}"), true),
        routes("routes", |namespace| format!("{CERTIFICATES}/{namespace}/certificates")),
        routes("routesview", |namespace| format!("{CERTIFICATES}/{namespace}/certificatesummaries")),
        Way { start: Box::new(cache), ..way("cache", |_| "/cache".to_owned(), false) },
        way("dynamic", |namespace| format!("/dynamic?ns={namespace}"), false),
    ]
}

const CERTIFICATES: &str = "/apis/cert-manager.io/v1/namespaces";

fn route(name: &str) -> String {
    format!("{CERTIFICATES}/n10/certificates/{name}")
}

/// Cargo profile of the bench programs.
pub const PROFILE: &str = "deployed";

/// Returns the command for a bench program. By default glibc gives every thread its own heap, which a service that
/// passes on lists does not need.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(workspace::target().join(PROFILE).join(program));
    command.env("MALLOC_ARENA_MAX", "1");
    command
}
