//! Time to process a list in one thread, without IO, in several ways: `cargo bench -p crdgen-bench-service`. Each
//! figure is the best of several runs. Only figures of one table can be compared.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crdgen_bench_service::certificates;
use crdgen_bench_service::generated::cert_manager_io::v1::certificate::{Certificate, CertificateSummary};
use crdgen_runtime::bytes::{Filter, MetadataFilter, Projection, Splitter};
use serde::de::IgnoredAny;
use serde_json::Value;

const OBJECTS: usize = 2_000;
const CHUNK: usize = 64 << 10;
const RUNS: usize = 9;

fn main() {
    let objects: Vec<String> = (0..OBJECTS).map(|index| certificates::certificate(index).to_string()).collect();
    let list =
        format!("{{\"apiVersion\":\"v1\",\"items\":[{}],\"kind\":\"List\",\"metadata\":{{}}}}", objects.join(","));
    let list = list.as_bytes();
    println!("{OBJECTS} certificates, {:.1} MB, in chunks of {} KiB", list.len() as f64 / 1e6, CHUNK >> 10);
    let (trim, view) = (MetadataFilter::default(), Projection::of::<CertificateSummary>());
    let mut buffer = Vec::with_capacity(list.len());

    measure("copy (memcpy)", list, None, || {
        buffer.clear();
        buffer.extend_from_slice(black_box(list));
    });
    let value = measure("serde_json: Value", list, None, || drop(serde_json::from_slice::<Value>(list)));
    let against = Some(value);
    measure("serde_json: IgnoredAny", list, against, || drop(serde_json::from_slice::<IgnoredAny>(list)));
    measure("split", list, against, || each(list, |item| _ = black_box(item)));
    measure("split + trim", list, against, || cut(list, trim.as_ref()));
    measure("split + view", list, against, || cut(list, view.as_ref()));
    measure("split + decode whole", list, against, || {
        each(list, |item| drop(serde_json::from_slice::<Certificate>(item)));
    });
    measure("split + trim + decode", list, against, || decode::<Certificate>(list, trim.as_ref()));
    measure("split + cut to view + decode", list, against, || decode::<CertificateSummary>(list, view.as_ref()));
}

fn measure(name: &str, list: &[u8], against: Option<Duration>, mut run: impl FnMut()) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..RUNS {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed());
    }
    let (ms, rate) = (best.as_secs_f64() * 1e3, list.len() as f64 / best.as_secs_f64() / 1e6);
    let ratio =
        against.map_or_else(String::new, |value| format!("{:.3} of Value", best.as_secs_f64() / value.as_secs_f64()));
    println!("{name:<30} {ms:>8.2} ms {rate:>8.0} MB/s  {ratio}");
    best
}

fn each(list: &[u8], mut item: impl FnMut(&[u8])) {
    let mut splitter = Splitter::default();
    for mut chunk in list.chunks(CHUNK) {
        while let Some(found) = splitter.next_item(&mut chunk).expect("a list") {
            item(found);
        }
    }
}

fn cut(list: &[u8], filter: &Filter) {
    let (mut splitter, mut out) = (Splitter::default(), Vec::with_capacity(CHUNK));
    for mut chunk in list.chunks(CHUNK) {
        while splitter.next_cut(filter, &mut chunk, &mut out).expect("a list") {}
        black_box(&out);
        out.clear();
    }
}

fn decode<T: serde::de::DeserializeOwned>(list: &[u8], filter: &Filter) {
    let (mut splitter, mut out) = (Splitter::default(), Vec::new());
    for mut chunk in list.chunks(CHUNK) {
        while splitter.next_cut(filter, &mut chunk, &mut out).expect("a list") {
            black_box(serde_json::from_slice::<T>(&out).expect("of its type"));
            out.clear();
        }
    }
}
