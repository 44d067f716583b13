//! The ways to pass a list on.

use std::process::Command;

use anyhow::Result;

use crate::program::Program;
use crate::workspace;

/// A way, not yet started.
pub struct Way {
    /// What it is called in tables.
    pub name: &'static str,
    /// The route of the list of all objects of a namespace.
    pub list: fn(namespace: &str) -> String,
    /// The route of one object, to be asked for meanwhile.
    pub one: fn(name: &str) -> String,
    /// A route that does nothing, to be asked for meanwhile too: what it takes is the machine's doing.
    pub nothing: Option<&'static str>,
    /// Whether memory is to stay small however long the list is.
    pub is_flat: bool,
    /// Starts it.
    pub start: Box<dyn Fn() -> Result<Program>>,
}

/// The fake API server.
pub fn upstream() -> Command {
    command("upstream")
}

/// Every route of the bench's service.
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

/// How the programs of the bench are built.
pub const PROFILE: &str = "deployed";

/// A program of the bench. glibc gives every thread a heap of its own unless told otherwise, which no service that passes
/// lists on needs.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(workspace::target().join(PROFILE).join(program));
    command.env("MALLOC_ARENA_MAX", "1");
    command
}
