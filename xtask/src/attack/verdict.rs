//! Verdicts on attacks, for people and for programs.

use std::time::Duration;

use serde::Serialize;

use super::neighbour::Calls;

/// The verdict on an attack.
#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    pub attack: &'static str,
    /// Property that the service must keep.
    pub rule: &'static str,
    pub held: bool,
    /// Number of requests of the attacker.
    pub requests: u64,
    pub wrong_answers: u64,
    /// Number of small requests that the neighbour made meanwhile.
    pub small_requests: usize,
    pub small_failures: usize,
    pub small_p99_ms: f64,
    /// 99th percentile of requests to a process that does nothing, in milliseconds.
    pub machine_p99_ms: f64,
    /// 99th percentile of requests to the API server behind the service, asked directly, in milliseconds.
    pub server_p99_ms: Option<f64>,
    pub peak_rss_mb: f64,
    pub seconds: f64,
    /// Reasons why the service did not hold.
    pub reasons: Vec<String>,
    /// Whether the small requests were late and nothing else was wrong, which a busy machine can cause.
    #[serde(skip)]
    pub is_late_only: bool,
}

/// Observations during an attack.
pub struct Seen {
    pub requests: u64,
    pub wrong: u64,
    pub told: Vec<String>,
    pub small: Calls,
    pub nothing: Calls,
    pub server: Option<Calls>,
    pub peak: u64,
    pub took: Duration,
    /// Reason why the service does not serve afterwards.
    pub failure: Option<String>,
}

impl Verdict {
    /// Judges the observations. Small requests must be answered within `soon`, or within the time that the
    /// machine itself takes. The time of an API server is added to that.
    pub fn new(attack: &'static str, rule: &'static str, soon: Duration, seen: Seen) -> Self {
        let (small, machine) = (seen.small.p99(), seen.nothing.p99());
        let server = seen.server.as_ref().map(Calls::p99);
        let mut reasons: Vec<String> = seen.failure.into_iter().collect();
        reasons.extend(seen.told);
        reasons.extend(seen.small.failures.first().map(|first| {
            let count = seen.small.failures.len();
            format!("{count} of {} small requests failed, the first with: {first}", seen.small.count())
        }));
        // Both are measured by their slowest requests, which differ by chance.
        let is_late = small > soon.max(machine) + server.unwrap_or_default() * 5 / 4;
        let is_late_only = is_late && reasons.is_empty();
        if is_late {
            reasons.push(format!("small requests took {} ms (p99)", ms(small)));
        }
        Self {
            attack,
            rule,
            held: reasons.is_empty(),
            requests: seen.requests,
            wrong_answers: seen.wrong,
            small_requests: seen.small.count(),
            small_failures: seen.small.failures.len(),
            small_p99_ms: ms(small),
            machine_p99_ms: ms(machine),
            server_p99_ms: server.map(ms),
            peak_rss_mb: (seen.peak as f64 / 1e5).round() / 10.0,
            seconds: (seen.took.as_secs_f64() * 10.0).round() / 10.0,
            reasons,
            is_late_only,
        }
    }

    pub fn print(&self) {
        println!(
            "{:<26} {:<6} {:>8} {:>6} {:>8.1} {:>8.1} {:>8} {:>8.1} {:>7.1}",
            self.attack,
            if self.held { "held" } else { "BROKEN" },
            self.requests,
            self.wrong_answers,
            self.small_p99_ms,
            self.machine_p99_ms,
            self.server_p99_ms.map_or_else(|| "-".to_owned(), |time| format!("{time:.1}")),
            self.peak_rss_mb,
            self.seconds,
        );
        if !self.held {
            println!("    rule: {}", self.rule);
            self.reasons.iter().for_each(|reason| println!("    {}", one_line(reason)));
        }
    }
}

pub fn print_header() {
    println!(
        "{:<26} {:<6} {:>8} {:>6} {:>8} {:>8} {:>8} {:>8} {:>7}",
        "attack", "", "requests", "wrong", "p99 ms", "machine", "server", "peak MB", "s"
    );
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ").chars().take(300).collect()
}

fn ms(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e4).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(50);

    fn seen() -> Seen {
        Seen {
            requests: 1,
            wrong: 0,
            told: Vec::new(),
            small: Calls::default(),
            nothing: Calls::default(),
            server: None,
            peak: 0,
            took: Duration::ZERO,
            failure: None,
        }
    }

    #[test]
    fn any_reason_breaks_it() {
        let told = |told: &str| Seen { told: vec![told.to_owned()], wrong: 1, ..seen() };
        let ended = || Seen { failure: Some("the process ended".to_owned()), ..seen() };
        let failed = || {
            let mut calls = Calls::default();
            calls.failures.push("429".to_owned());
            calls
        };
        assert!(Verdict::new("a", "r", SOON, seen()).held);
        assert!(!Verdict::new("a", "r", SOON, told("200 instead of 400")).held);
        assert!(!Verdict::new("a", "r", SOON, ended()).held);
        assert!(!Verdict::new("a", "r", SOON, Seen { small: failed(), ..seen() }).held);
    }

    #[test]
    fn late_answers_break_it_unless_the_machine_is_as_late() {
        let late = || Calls::of(&[Duration::from_millis(80)]);
        let verdict = Verdict::new("a", "r", SOON, Seen { small: late(), ..seen() });
        assert!(!verdict.held && verdict.is_late_only);
        assert!(Verdict::new("a", "r", SOON, Seen { small: late(), nothing: late(), ..seen() }).held);
        assert!(Verdict::new("a", "r", SOON, Seen { small: late(), server: Some(late()), ..seen() }).held);
    }
}
