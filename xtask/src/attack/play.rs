//! Running of an attack: a service, two neighbours, and the verdict.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use crdgen_harness::program::Program;

use super::caller::Caller;
use super::cluster::Cluster;
use super::entry::Attack;
use super::form::Form;
use super::neighbour::{Neighbour, PEACE};
use super::route::Route;
use super::siege::Siege;
use super::target::Range;
use super::verdict::{Seen, Verdict};
use super::wire::{Connection, Request};
use super::{nothing, objects, peak};

/// Name of the neighbour's object.
const SMALL: &str = "small";
/// Maximum wait until the service serves its kinds. An API server takes a moment for new ones.
const PATIENCE: Duration = Duration::from_secs(60);
/// Number of small requests before an attack begins. The first requests are slower than later ones.
const WARM_UP: usize = 20;

/// Environment in which attacks run.
pub struct Ground {
    pub range: Range,
    pub cluster: Option<Cluster>,
    form: Form,
    machine: Program,
    played: usize,
}

impl Ground {
    pub fn new(range: Range, cluster: Option<Cluster>, form: Form) -> Result<Self> {
        Ok(Self { range, cluster, form, machine: nothing::start()?, played: 0 })
    }

    /// Runs an attack. Repeats it once if only the small requests were late, since the machine may be busy
    /// with other work.
    pub fn play(&mut self, attack: &Attack) -> Result<Verdict> {
        let verdict = self.once(attack)?;
        if verdict.is_late_only { self.once(attack) } else { Ok(verdict) }
    }

    fn once(&mut self, attack: &Attack) -> Result<Verdict> {
        let mut target = self.range.start(attack.name, &attack.conditions)?;
        let namespace = self.namespace(attack)?;
        ready(target.address)?;
        let small = Neighbour::of(target.address, small_request())?;
        let nothing = Neighbour::of(self.machine.address, Request::get("/"))?;
        let server = self.cluster.as_ref().map(ask_directly).transpose()?;
        target.forget_peak()?;
        let started = Instant::now();
        let mut siege = Siege::new(&self.range, &target, namespace, self.form);
        let (played, peak) = peak::during(&target, || (attack.play)(&mut siege));
        let took = started.elapsed();
        let Siege { requests, wrong, mut told, .. } = siege;
        let (small, nothing) = (small.hang_up()?, nothing.hang_up()?);
        let server = server.map(Neighbour::hang_up).transpose()?;
        told.extend(played.err().map(|error| format!("it could not be played to its end: {error:#}")));
        let failure = target.failure()?;
        let seen = Seen { requests, wrong, told, small, nothing, server, peak, took, failure };
        Ok(Verdict::new(attack.name, attack.rule, self.form.soon(), seen))
    }

    /// Returns a namespace that no attack has used. On a cluster it is created.
    fn namespace(&mut self, attack: &Attack) -> Result<String> {
        self.played += 1;
        let name = format!("{}-{}", attack.name, self.played);
        if let Some(cluster) = &self.cluster {
            cluster.add_namespace(&name)?;
        }
        Ok(name)
    }
}

fn small_path() -> String {
    format!("{}/{SMALL}", objects::collection(PEACE, "pipelines"))
}

fn small_request() -> Request {
    Request::get(small_path()).by(Caller::Neighbour)
}

/// Makes the small requests to the API server itself. The service cannot be faster than that.
fn ask_directly(cluster: &Cluster) -> Result<Neighbour> {
    Neighbour::of_server(cluster.admin()?, small_path())
}

/// Creates the neighbour's object, and sends small requests until the service answers as it should.
fn ready(address: std::net::SocketAddr) -> Result<()> {
    let create = Request::post(objects::collection(PEACE, "pipelines"), objects::pipeline(SMALL).to_string());
    let create = create.by(Caller::Operator);
    let started = Instant::now();
    let mut connection = Connection::open(Route::of_neighbour(address), PATIENCE)?;
    loop {
        let answer = connection.ask(&create)?;
        match answer.status {
            201 | 409 => break,
            _ if started.elapsed() < PATIENCE => thread::sleep(Duration::from_millis(200)),
            status => bail!("the service does not serve: {status}: {}", answer.text()),
        }
    }
    for _ in 0..WARM_UP {
        connection.ask(&small_request())?;
    }
    Ok(())
}
