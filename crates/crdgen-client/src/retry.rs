//! Retries and the pauses between them.

use std::time::Duration;

use super::error::{Error, Result};

/// Retry policy: number of attempts of a request, pauses between them, and time limit of each attempt. A request is
/// repeated only if the server or the connection failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Maximum number of attempts, including the first. Default: 8.
    pub attempts: u32,
    /// Length of the first pause. Each later pause is twice as long as the previous one. Every pause is shortened at
    /// random, by at most half. Default: 100 ms.
    pub first_pause: Duration,
    /// Maximum length of a pause. A pause is longer only if the server asks for that (`Retry-After`). Default: 10 s.
    pub longest_pause: Duration,
    /// Time limit of an attempt. For a list, time limit for the head of the answer, and for each chunk of the body.
    /// Watches have no time limit. Default: 60 s.
    pub timeout: Duration,
}

/// Default: 8 attempts, with pauses of about ten seconds in total. A server can restart in that time.
impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 8,
            first_pause: Duration::from_millis(100),
            longest_pause: Duration::from_secs(10),
            timeout: Duration::from_secs(60),
        }
    }
}

/// Effect of sending a request twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeat {
    /// No further effect: reads, and applies, which contain the complete wanted state.
    Harmless,
    /// A second effect. Repeated only when the request was certainly not carried out.
    Harmful,
}

/// Growing pauses between attempts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Backoff {
    policy: RetryPolicy,
    made: u32,
}

impl Backoff {
    pub fn new(policy: RetryPolicy) -> Self {
        Self { policy, made: 0 }
    }

    /// Returns the number of pauses since the last reset.
    pub fn made(&self) -> u32 {
        self.made
    }

    pub fn reset(&mut self) {
        self.made = 0;
    }

    /// Pauses after a failed attempt. Returns the error when the request must not be repeated, or when no attempt is
    /// left.
    pub async fn pause_after(&mut self, error: Error, repeat: Repeat) -> Result<()> {
        let again = match repeat {
            Repeat::Harmless => error.is_transient(),
            Repeat::Harmful => error.is_safe_to_retry(),
        };
        if !again || self.made + 1 >= self.policy.attempts {
            return Err(error);
        }
        self.pause(&error).await;
        Ok(())
    }

    /// Pauses after `error`, for as long as the server asks at least.
    pub async fn pause(&mut self, error: &Error) {
        let asked = error.refusal().and_then(|refusal| refusal.retry_after).unwrap_or_default();
        tokio::time::sleep(self.next().max(asked)).await;
    }

    fn next(&mut self) -> Duration {
        let doubled = self.policy.first_pause.saturating_mul(1 << self.made.min(16));
        self.made = self.made.saturating_add(1);
        // Random, so that clients that fail together do not retry together.
        doubled.min(self.policy.longest_pause).mul_f64(0.5 + fastrand::f64() / 2.0)
    }
}
