//! The ways to pass a list on.

use std::process::Command;

use anyhow::Result;

use super::program::Program;
use crate::workspace;

/// A way, not yet started.
pub struct Way {
    /// What it is called in tables.
    pub name: &'static str,
    /// The route of the list of all objects of a namespace.
    pub list: fn(namespace: &str) -> String,
    /// The route of one object, to be asked for meanwhile.
    pub one: fn(name: &str) -> String,
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
    let start = move |cache: Option<String>| {
        let mut command = command("service");
        command.args(["--upstream", &format!("http://{address}")]);
        if let Some(namespace) = cache {
            command.args(["--cache", &namespace]);
        }
        Program::start(command)
    };
    let one = |name: &str| format!("/one/{name}");
    let way = |name, list, is_flat| Way { name, list, one, is_flat, start: Box::new(move || start(None)) };
    let cache = move || start(Some(format!("n{objects}")));
    vec![
        way("raw", |namespace| format!("/raw?ns={namespace}"), true),
        way("trim", |namespace| format!("/trim?ns={namespace}"), true),
        way("view", |namespace| format!("/view?ns={namespace}"), true),
        way("typed", |namespace| format!("/typed?ns={namespace}"), true),
        Way { name: "cache", list: |_| "/cache".to_owned(), one, is_flat: false, start: Box::new(cache) },
        way("dynamic", |namespace| format!("/dynamic?ns={namespace}"), false),
    ]
}

fn command(program: &str) -> Command {
    Command::new(workspace::target().join("release").join(program))
}
