//! Table of the results, and figures with limits.

use std::fmt;

use serde::Serialize;

use super::measure::{Measured, Patience};

/// A figure with its limit.
#[derive(Debug, Serialize)]
pub struct Ratio {
    pub what: &'static str,
    pub value: f64,
    pub limit: f64,
    pub is_met: bool,
}

/// Returns the figures with limits for the ways that were measured.
pub fn ratios(results: &[Measured], objects: usize) -> Vec<Ratio> {
    let find = |name: &str| results.iter().find(|result| result.way == name);
    let cpu = |name: &str| find(name).map(|result| result.cpu_ms);
    let over = |one: &str, other: &str| Some(cpu(one)? / cpu(other)?);
    let of = |name: &str, figure: fn(&Measured) -> Option<f64>| find(name).and_then(figure);
    let largest = |figure: fn(&Measured) -> Option<f64>| {
        ["trim", "view", "typed", "routes", "routesview"].iter().filter_map(|name| of(name, figure)).reduce(f64::max)
    };
    // The memory of the same program without a cache is subtracted.
    let cached =
        find("cache").zip(find("raw")).map(|(cache, raw)| (cache.idle_mb - raw.idle_mb) * 1e3 / objects as f64);
    let rows = [
        ("CPU: trim / raw", over("trim", "raw"), 1.5),
        ("CPU: trim / dynamic", over("trim", "dynamic"), 1.0 / 20.0),
        ("CPU: trim / fastapi", over("trim", "fastapi"), 1.0 / 50.0),
        ("CPU: generated routes / raw", over("routes", "raw"), 1.5),
        ("CPU: typed / dynamic", over("typed", "dynamic"), 0.3),
        ("CPU: view / dynamic", over("view", "dynamic"), 0.15),
        ("MB: the most of 4 clients (trim, view, typed, routes)", largest(|result| Some(result.peak_mb_of_4)), 16.0),
        ("MB: the most of a long list (trim, view, typed, routes)", largest(|result| result.peak_mb_of_many), 16.0),
        ("kB an object in the cache", cached, 3.5),
        ("CPU ms: a list from the cache", cpu("cache"), 10.0),
        ("ms: first byte, one client (trim)", of("trim", |result| Some(result.first_byte_ms)), 5.0),
        ("ms: small GET meanwhile, p99 (trim)", of("trim", |result| Some(result.small_p99.one_ms)), 10.0),
        ("ms: small GET meanwhile, p99 (routes)", of("routes", |result| Some(result.small_p99.one_ms)), 10.0),
        ("ms: small GET with 4 clients, p99 (routes)", of("routes", |result| Some(result.small_p99_of_4.one_ms)), 10.0),
    ];
    rows.into_iter()
        .filter_map(|(what, value, limit)| {
            let value = value?;
            Some(Ratio { what, value, limit, is_met: value <= limit })
        })
        .collect()
}

/// Prints the table and the figures.
pub fn print(results: &[Measured], ratios: &[Ratio]) {
    println!(
        "{:<10} {:>9} {:>9} {:>9} {:>8} {:>7} {:>7} {:>7} {:>8} {:>9} {:>15} {:>15}",
        "way",
        "cpu ms",
        "1st byte",
        "total ms",
        "MB out",
        "idle",
        "peak",
        "of 4",
        "of many",
        "p99 alone",
        "p99 meanwhile",
        "p99 of 4"
    );
    for result in results {
        let many = result.peak_mb_of_many.map_or_else(|| "-".to_owned(), |peak| format!("{peak:.1}"));
        println!(
            "{:<10} {:>9.1} {:>9.2} {:>9.1} {:>8.1} {:>7.1} {:>7.1} {:>7.1} {:>8} {:>9.2} {:>15} {:>15}",
            result.way,
            result.cpu_ms,
            result.first_byte_ms,
            result.total_ms,
            result.bytes as f64 / 1e6,
            result.idle_mb,
            result.peak_mb,
            result.peak_mb_of_4,
            many,
            result.small_alone_p99_ms,
            result.small_p99.to_string(),
            result.small_p99_of_4.to_string()
        );
    }
    println!("p99: ms of a small request; in brackets of one for nothing");
    for Ratio { what, value, limit, is_met } in ratios {
        let verdict = if *is_met { "met" } else { "NOT met" };
        println!("{what:<48} {value:>8.3}  limit {limit:<6.3} {verdict}");
    }
}

impl fmt::Display for Patience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.nothing_ms {
            Some(nothing) => write!(f, "{:.2} ({nothing:.2})", self.one_ms),
            None => write!(f, "{:.2}", self.one_ms),
        }
    }
}
