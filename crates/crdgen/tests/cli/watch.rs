//! `crdgen watch`: changes of inputs and of the config, errors, and `--exec`.

use std::io::Read;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::harness::{Folder, GADGETS, WIDGETS};

const CONFIG: &str = "version = 1\ninputs = ['crds']\n[openapi]\npath = 'openapi.json'\n";

/// A running `crdgen watch`, which is killed when dropped.
struct Watching(Child);

impl Watching {
    fn start(folder: &Folder, args: &[&str]) -> Self {
        let mut command = folder.command("", &[&["watch"], args].concat());
        Self(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
    }

    /// Ends the command, and returns what it printed to standard error.
    fn end(mut self) -> String {
        self.0.kill().unwrap();
        let mut text = String::new();
        self.0.stderr.take().unwrap().read_to_string(&mut text).unwrap();
        text
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[track_caller]
fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < Duration::from_secs(60), "waited in vain: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

fn document(folder: &Folder) -> String {
    if folder.has("openapi.json") { folder.read("openapi.json") } else { String::new() }
}

#[test]
fn it_generates_at_each_change_and_keeps_the_last_good_output() {
    let folder = Folder::new(&[("crdgen.toml", CONFIG), ("crds/widgets.yaml", WIDGETS)]);
    let watching = Watching::start(&folder, &["--exec", "echo x >> runs"]);
    wait_until("the first output", || document(&folder).contains("Widget") && folder.has("runs"));

    folder.write("crds/gadgets.yaml", GADGETS);
    wait_until("the output of a new file", || document(&folder).contains("Gadget") && folder.read("runs").len() == 4);
    let good = document(&folder);

    folder.write("crds/gadgets.yaml", "kind: [\n");
    thread::sleep(Duration::from_millis(1500));
    assert_eq!((document(&folder), folder.read("runs").len()), (good, 4));

    folder.remove("crds/gadgets.yaml");
    folder.write("crdgen.toml", &CONFIG.replace("openapi.json'", "openapi.json'\ntitle = 'Shop'"));
    wait_until("the output of another config", || document(&folder).contains("Shop") && folder.read("runs").len() == 6);

    let said = watching.end();
    for line in
        ["watching crdgen.toml, crds\n", "crds/gadgets.yaml is new\n", "updated openapi.json\n", "1 file changed ("]
    {
        assert!(said.contains(line), "{line:?} expected in:\n{said}");
    }
    assert!(said.contains("crds/gadgets.yaml:2:1: error[source::yaml]"), "{said}");
    assert!(said.contains("\ncrdgen.toml changed\n") && said.matches("watching ").count() == 1, "{said}");
    assert!(!said.contains('\u{1b}'), "a pipe gets no escape sequences");
}

#[test]
fn a_command_that_fails_is_reported() {
    let folder = Folder::new(&[("crdgen.toml", CONFIG), ("crds/widgets.yaml", WIDGETS)]);
    let watching = Watching::start(&folder, &["--exec", "touch ran; exit 3"]);
    wait_until("the command", || folder.has("ran"));
    thread::sleep(Duration::from_millis(500));
    let said = watching.end();
    assert!(said.contains("error[watch::exec]: `touch ran; exit 3`: exit status: 3"), "{said}");
}

#[test]
fn what_cannot_be_watched_is_refused() {
    let folder = Folder::new(&[]);
    folder.run("watch - --rust gen").exits(2).says("standard input cannot be watched");
    folder.run("watch").exits(2).says("no targets");
}

#[test]
fn the_schema_of_the_config_is_printed() {
    let folder = Folder::new(&[]);
    let ran = folder.run("schema config").exits(0);
    let schema: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(schema["title"], "crdgen.toml");
    folder.run("schema confg").exits(2).says("a similar value exists: 'config'");
}
