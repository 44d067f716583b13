//! Runs that are killed at random moments while they replace one set of files by another. Every file stays
//! whole, a mixture of both sets is recognised, the next run finishes, and the user's files do not change.

use std::collections::BTreeMap;
use std::fs;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use crate::harness::{Folder, GADGETS};

const GENERATE: [&str; 6] = ["generate", "crds", "--rust", "gen", "--typescript", "web"];

/// Number of kinds in each set. Half of them are in both sets.
const KINDS: usize = 40;

const MINE: [&str; 3] = ["gen/shop_example_com/v1/mine.rs", "web/mine.ts", "mine.txt"];

#[test]
fn forty_times() {
    kill(40, 0x5eed);
}

#[test]
#[ignore = "takes minutes; `cargo test -p crdgen -- --ignored`"]
fn two_hundred_times() {
    kill(200, 0xfeed);
}

fn kill(times: usize, seed: u64) {
    println!("seed {seed:#x}");
    let mut random = Random(seed);
    let folder = Folder::new(&MINE.map(|path| (path, "mine")));
    let sets = [Set::of(&folder, 0..KINDS, "weight"), Set::of(&folder, KINDS / 2..KINDS * 3 / 2, "height")];
    let timing = measure(&folder, &sets);
    let mine: Vec<_> = MINE.iter().map(|path| modified(&folder, path)).collect();

    let mut tally = BTreeMap::new();
    for round in 0..times {
        // The old set is the one that the last round generated.
        let (old, new) = (&sets[round % 2], &sets[(round + 1) % 2]);
        new.write_crds(&folder);
        // The time in which files are written is short, so every other kill aims at it.
        let aim = if round % 2 == 0 { Aim::Anywhere(timing.whole) } else { Aim::Writing(timing.writing) };
        let state = killed(&folder, aim, &mut random);
        let state = judge(&folder, old, new, state);
        *tally.entry(state).or_insert(0) += 1;

        folder.run_in("", &GENERATE).exits(0);
        assert_eq!(generated(&folder), new.files, "round {round}, {state:?}");
        assert_eq!(folder.read("crdgen.lock"), new.lock, "round {round}, {state:?}");
        let now: Vec<_> = MINE.iter().map(|path| modified(&folder, path)).collect();
        assert_eq!(now, mine, "round {round}: the user's files were touched");
    }
    println!("{tally:?}");
    assert!(tally.contains_key(&State::Torn), "no kill hit the writing: {tally:?}");
}

/// A set of CRDs with the files generated from it.
struct Set {
    crds: Vec<(String, String)>,
    files: BTreeMap<String, Vec<u8>>,
    lock: String,
}

impl Set {
    fn of(folder: &Folder, kinds: std::ops::Range<usize>, field: &str) -> Self {
        let crd = |number| {
            let text = GADGETS.replace("adget", &format!("adget{number}x")).replace("weight", field);
            (format!("crds/{number}.yaml"), text)
        };
        let mut set = Self { crds: kinds.map(crd).collect(), files: BTreeMap::new(), lock: String::new() };
        set.write_crds(folder);
        folder.run_in("", &GENERATE).exits(0);
        set.files = generated(folder);
        set.lock = folder.read("crdgen.lock");
        set
    }

    fn write_crds(&self, folder: &Folder) {
        let _ = fs::remove_dir_all(folder.path("crds"));
        self.crds.iter().for_each(|(path, text)| folder.write(path, text));
    }
}

/// Duration of a whole run, and of its writing.
struct Timing {
    whole: Duration,
    writing: Duration,
}

/// Measures a run, which generates the first set.
fn measure(folder: &Folder, sets: &[Set; 2]) -> Timing {
    sets[0].write_crds(folder);
    let started = Instant::now();
    let mut child = folder.command("", &GENERATE).stderr(Stdio::null()).spawn().unwrap();
    wait_for_writing(folder, &mut child);
    let writing = Instant::now();
    assert!(child.wait().unwrap().success());
    Timing { whole: started.elapsed(), writing: writing.elapsed() }
}

/// Waits until the lock says that files are being written, or until the run ends.
fn wait_for_writing(folder: &Folder, child: &mut std::process::Child) {
    while child.try_wait().unwrap().is_none() {
        if folder.read("crdgen.lock").contains("[pending") {
            return;
        }
    }
}

enum Aim {
    Anywhere(Duration),
    Writing(Duration),
}

fn killed(folder: &Folder, aim: Aim, random: &mut Random) -> bool {
    let mut child = folder.command("", &GENERATE).stderr(Stdio::null()).spawn().unwrap();
    let within = match aim {
        Aim::Anywhere(whole) => whole,
        Aim::Writing(writing) => {
            wait_for_writing(folder, &mut child);
            writing
        }
    };
    sleep(within.mul_f64(random.fraction()));
    // `kill` sends SIGKILL. It does no harm to a run that has ended.
    let _ = child.kill();
    !child.wait().unwrap().success()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Old,
    Torn,
    New,
}

/// Checks that every file is whole, old or new, and that `--check` reports a mixture of both sets.
fn judge(folder: &Folder, old: &Set, new: &Set, killed: bool) -> State {
    let found = generated(folder);
    for (path, content) in &found {
        let whole = [old, new].iter().any(|set| set.files.get(path) == Some(content));
        assert!(whole, "{path} is neither old nor new");
    }
    let lock = folder.read("crdgen.lock");
    let pending = lock.contains("[pending");
    assert!(pending || lock == old.lock || lock == new.lock, "the lock is none of these");
    assert!(killed || lock == new.lock);

    let state = match &found {
        found if *found == new.files => State::New,
        found if *found == old.files => State::Old,
        _ => State::Torn,
    };
    let ran = folder.run_in("", &[&GENERATE[..], &["--check"]].concat());
    match state {
        State::New if lock == new.lock => drop(ran.exits(0)),
        State::Torn => drop(ran.exits(100).prints("interrupted: ")),
        _ => drop(ran.exits(100)),
    }
    state
}

/// Returns the generated files on disk, without temporary files of an interrupted run.
fn generated(folder: &Folder) -> BTreeMap<String, Vec<u8>> {
    let mut files = folder.files("");
    let lock_is_clean = !folder.read("crdgen.lock").contains("[pending");
    files.retain(|path, _| !path.starts_with("crds/") && path != "crdgen.lock" && !MINE.contains(&path.as_str()));
    let temporary = |path: &String| path.ends_with(".crdgen-new");
    let of_lock = |path: &String| path == ".crdgen.lock.crdgen-new";
    assert!(!lock_is_clean || !files.keys().any(|path| temporary(path) && !of_lock(path)), "{:?}", files.keys());
    files.retain(|path, _| !temporary(path));
    files
}

fn modified(folder: &Folder, path: &str) -> (String, SystemTime) {
    (folder.read(path), fs::metadata(folder.path(path)).unwrap().modified().unwrap())
}

/// Xorshift generator with a fixed seed, so that every run of the test has the same moments.
struct Random(u64);

impl Random {
    fn fraction(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}
