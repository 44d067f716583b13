//! An attack under way: its requests to the service, and the wrong answers.

use std::fmt::Display;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::caller::Caller;
use super::form::Form;
use super::objects;
use super::route::Route;
use super::target::{Range, Target};
use super::wire::{Answer, Connection, Request};

/// Maximum number of wrong answers that are described.
const MAX_TOLD: usize = 8;
/// Maximum length of a quoted answer, in characters.
const MAX_QUOTED: usize = 160;

/// An attack under way.
pub struct Siege<'t> {
    pub range: &'t Range,
    pub target: &'t Target,
    /// Addresses of the attacker and of the service.
    pub route: Route,
    /// Namespace that only this attack uses.
    pub namespace: String,
    form: Form,
    ends: Instant,
    connection: Option<Connection>,
    pub requests: u64,
    pub wrong: u64,
    pub told: Vec<String>,
}

/// The answer that a request must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A status of 2xx.
    Success,
    /// A status of 4xx, or 501 if the store does not support the operation.
    Refusal,
    /// Any status below 500, or 501: the service did not fail.
    Answer,
    /// As [`Self::Answer`], or a status that means "no room" (503, 507).
    AnswerOrNoRoom,
    /// One of these statuses.
    Status(&'static [u16]),
}

impl Expected {
    fn fits(self, answer: &Answer) -> bool {
        match self {
            Self::Success => answer.is_success(),
            Self::Refusal => answer.is_refusal(),
            Self::Answer => answer.status < 500 || answer.status == 501,
            Self::AnswerOrNoRoom => Self::Answer.fits(answer) || matches!(answer.status, 503 | 507),
            Self::Status(statuses) => statuses.contains(&answer.status),
        }
    }
}

impl<'t> Siege<'t> {
    pub fn new(range: &'t Range, target: &'t Target, namespace: String, form: Form) -> Self {
        Self {
            range,
            target,
            route: Route::of_attacker(target.address),
            namespace,
            form,
            ends: Instant::now() + form.time(),
            connection: None,
            requests: 0,
            wrong: 0,
            told: Vec::new(),
        }
    }

    /// Returns `short` or `full`, depending on the form.
    pub fn pick<T>(&self, short: T, full: T) -> T {
        match self.form {
            Form::Short => short,
            Form::Full => full,
        }
    }

    /// Returns the size of requests. The full size is used only if the service does all of the work itself:
    /// an API server behind it takes a hundred times as long for large requests.
    pub fn size<T>(&self, short: T, full: T) -> T {
        if self.range.kubeconfig.is_some() { short } else { self.pick(short, full) }
    }

    /// Returns whether time is left to continue.
    pub fn has_time(&self) -> bool {
        Instant::now() < self.ends
    }

    /// Returns the maximum wait for an answer.
    pub fn patience(&self) -> Duration {
        self.pick(Duration::from_secs(8), Duration::from_secs(20))
    }

    /// Returns the path of a collection in the attack's namespace.
    pub fn collection(&self, plural: &str) -> String {
        objects::collection(&self.namespace, plural)
    }

    /// Returns the path of an object in the attack's namespace.
    pub fn object(&self, plural: &str, name: &str) -> String {
        format!("{}/{name}", self.collection(plural))
    }

    pub fn connect(&self) -> Result<Connection> {
        Connection::open(self.route, self.patience())
    }

    /// Sends a request on the attacker's own connection, which is kept unless the service closes it.
    pub fn ask(&mut self, request: &Request) -> Result<Answer> {
        self.requests += 1;
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.connect()?,
        };
        let answer = connection.ask(request)?;
        if !answer.values("connection").any(|value| value.eq_ignore_ascii_case("close")) {
            self.connection = Some(connection);
        }
        Ok(answer)
    }

    /// Sends a request, and reports a missing or an unexpected answer.
    pub fn expect(&mut self, case: impl Display, request: &Request, expected: Expected) -> Option<Answer> {
        let answer = self.ask(request);
        self.judge(case, answer, expected)
    }

    /// Reports a missing or an unexpected answer.
    pub fn judge(&mut self, case: impl Display, answer: Result<Answer>, expected: Expected) -> Option<Answer> {
        match answer {
            Ok(answer) if expected.fits(&answer) => Some(answer),
            Ok(answer) => {
                let said: String = answer.text().chars().take(MAX_QUOTED).collect();
                self.wrong(format!("{case}: {} instead of {expected:?}: {said}", answer.status));
                Some(answer)
            }
            Err(error) => {
                self.wrong(format!("{case}: {error:#}"));
                None
            }
        }
    }

    /// Creates something that the attack needs.
    ///
    /// # Errors
    ///
    /// Fails if the service refuses the request. The attack cannot run then.
    pub fn ready(&mut self, request: &Request) -> Result<Answer> {
        let answer = self.ask(request)?;
        anyhow::ensure!(answer.is_success(), "{} {}: {}", request.method, request.path, answer.text());
        Ok(answer)
    }

    /// Creates a pipeline as the operator.
    pub fn pipeline(&mut self, name: &str) -> Result<Answer> {
        let create = Request::post(self.collection("pipelines"), objects::pipeline(name).to_string());
        self.ready(&create.by(Caller::Operator))
    }

    /// Returns whether an object exists.
    pub fn is_there(&mut self, path: &str) -> Result<bool> {
        Ok(self.ask(&Request::get(path).by(Caller::Operator))?.status == 200)
    }

    /// Reports a wrong answer.
    pub fn wrong(&mut self, text: String) {
        self.wrong += 1;
        if self.told.len() < MAX_TOLD {
            self.told.push(text);
        }
    }

    /// Reports `text` unless `holds` is true.
    pub fn check(&mut self, holds: bool, text: impl FnOnce() -> String) {
        if !holds {
            self.wrong(text());
        }
    }

    /// Sends requests, at most `at_once` at the same time, each on a connection of its own.
    pub fn volley(&mut self, requests: Vec<Request>, at_once: usize) -> Vec<Result<Answer>> {
        self.requests += requests.len() as u64;
        let patience = self.patience();
        let route = self.route;
        let waiting = Mutex::new(requests.into_iter());
        let next = || waiting.lock().ok().and_then(|mut waiting| waiting.next());
        let answers = Mutex::new(Vec::new());
        thread::scope(|scope| {
            for _ in 0..at_once {
                scope.spawn(|| {
                    while let Some(request) = next() {
                        let answer = Connection::open(route, patience).and_then(|mut open| open.ask(&request));
                        if let Ok(mut answers) = answers.lock() {
                            answers.push(answer.with_context(|| format!("{} {}", request.method, request.path)));
                        }
                    }
                });
            }
        });
        answers.into_inner().unwrap_or_default()
    }

    /// Sends requests in turn while there is time, each at least once. None of the answers may be a failure
    /// of the service.
    pub fn hammer(&mut self, requests: &[Request]) {
        for turn in 0.. {
            for request in requests {
                if turn > 0 && !self.has_time() {
                    return;
                }
                let case = format!("{} {}", request.method, request.path);
                self.expect(case, request, Expected::Answer);
            }
        }
    }
}

/// Checks of stored objects.
impl Siege<'_> {
    /// Reports a stored object that cannot be read, or that is nested deeper than allowed. Returns the text
    /// of the object if it exists.
    pub fn check_stored(&mut self, case: impl Display, path: &str) -> Option<String> {
        let answer = self.ask(&Request::get(path).by(Caller::Operator));
        let answer = self.judge(format!("{case}: reading it"), answer, Expected::Status(&[200, 404]))?;
        let depth = objects::depth(&answer.body);
        self.check(depth <= objects::MAX_DEPTH, || format!("{case}: the stored object is {depth} levels deep"));
        (answer.status == 200).then(|| answer.text())
    }
}
