//! When to ask again, and how long to wait before.

use std::time::Duration;

use super::error::{Error, Result};

/// How often a request is made again that failed for no fault of its own, and how long each attempt may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// At most so many attempts, the first counted.
    pub attempts: u32,
    /// The first pause; each is twice the one before, and shortened at random by up to a half.
    pub first_pause: Duration,
    /// No pause is longer, except when the server asks for a longer one.
    pub longest_pause: Duration,
    /// How long an attempt may take. Watches may take longer.
    pub timeout: Duration,
}

/// About ten seconds in all: what it takes a server to start again.
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

/// What a request that is made twice does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeat {
    /// The same as once: reads, and an apply, which says all that it wants.
    Harmless,
    /// Something else: it is made again only if it was certainly not carried out.
    Harmful,
}

/// Pauses that grow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Backoff {
    policy: RetryPolicy,
    made: u32,
}

impl Backoff {
    pub fn new(policy: RetryPolicy) -> Self {
        Self { policy, made: 0 }
    }

    /// How often there was a pause since the start.
    pub fn made(&self) -> u32 {
        self.made
    }

    pub fn reset(&mut self) {
        self.made = 0;
    }

    /// Pauses after an attempt that failed, or gives the failure back when it is not to be tried again.
    pub async fn pause_after(&mut self, error: Error, repeat: Repeat) -> Result<()> {
        let again = match repeat {
            Repeat::Harmless => error.is_transient(),
            Repeat::Harmful => error.is_undone(),
        };
        if !again || self.made + 1 >= self.policy.attempts {
            return Err(error);
        }
        self.pause(&error).await;
        Ok(())
    }

    /// Pauses.
    pub async fn pause(&mut self, error: &Error) {
        let asked = error.refusal().and_then(|refusal| refusal.retry_after).unwrap_or_default();
        tokio::time::sleep(self.next().max(asked)).await;
    }

    fn next(&mut self) -> Duration {
        let doubled = self.policy.first_pause.saturating_mul(1 << self.made.min(16));
        self.made = self.made.saturating_add(1);
        // Clients that fail together are not to come back together.
        doubled.min(self.policy.longest_pause).mul_f64(0.5 + fastrand::f64() / 2.0)
    }
}
