//! A fake API server that only reads: lists, single objects and a watch, with bytes that are prepared before it
//! listens. It uses one thread per connection and no runtime, so that it needs little CPU time beside the measured
//! service.
//!
//! Namespace `nN` holds the first N objects, and any other namespace holds all.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::net::{TcpListener, TcpStream};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Parser;
use crdgen_bench_service::certificates;

#[derive(Parser)]
struct Args {
    /// Number of objects.
    #[arg(long, default_value_t = 10_000)]
    objects: usize,
    /// File with objects to use instead of generated ones: JSON, one object per line, repeated if there are too few.
    #[arg(long)]
    data: Option<PathBuf>,
}

/// All objects in one buffer, separated by commas.
struct Objects {
    bytes: Vec<u8>,
    places: Vec<Range<usize>>,
    names: HashMap<String, usize>,
}

const HEAD: &[u8] = b"{\"apiVersion\":\"cert-manager.io/v1\",\"items\":[";
const RESOURCE_VERSION: u64 = 9_000_000;

impl Objects {
    fn load(args: &Args) -> Result<Self> {
        let mut objects = Self { bytes: Vec::new(), places: Vec::new(), names: HashMap::new() };
        match &args.data {
            Some(path) => {
                let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
                for line in text.lines().cycle().take(args.objects) {
                    let object: serde_json::Value = serde_json::from_str(line)?;
                    objects.push(object["metadata"]["name"].as_str().unwrap_or_default(), line);
                }
            }
            None => {
                for index in 0..args.objects {
                    objects.push(&certificates::name(index), &certificates::certificate(index).to_string());
                }
            }
        }
        Ok(objects)
    }

    fn push(&mut self, name: &str, object: &str) {
        if !self.bytes.is_empty() {
            self.bytes.push(b',');
        }
        let start = self.bytes.len();
        self.bytes.extend_from_slice(object.as_bytes());
        self.names.insert(name.to_owned(), self.places.len());
        self.places.push(start..self.bytes.len());
    }

    /// Returns the objects of a range as they appear in a list.
    fn slice(&self, range: Range<usize>) -> &[u8] {
        match (self.places.get(range.start), range.end.checked_sub(1).and_then(|last| self.places.get(last))) {
            (Some(first), Some(last)) if first.start < last.end => &self.bytes[first.start..last.end],
            _ => b"",
        }
    }
}

fn main() -> Result<()> {
    let objects = Arc::new(Objects::load(&Args::parse())?);
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    for stream in listener.incoming().flatten() {
        let objects = objects.clone();
        thread::spawn(move || _ = serve(stream, &objects));
    }
    Ok(())
}

fn serve(stream: TcpStream, objects: &Objects) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = BufWriter::with_capacity(256 << 10, stream);
    while let Some(target) = request(&mut reader)? {
        answer(&target, objects, &mut writer)?;
        writer.flush()?;
    }
    Ok(())
}

/// Reads a request and returns its target. The body is ignored.
fn request(reader: &mut impl BufRead) -> Result<Option<String>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let target = line.split(' ').nth(1).unwrap_or("/").to_owned();
    let mut length = 0;
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.trim().parse()?,
            Some(_) => {}
            None => break,
        }
    }
    reader.read_exact(&mut vec![0; length])?;
    Ok(Some(target))
}

fn answer(target: &str, objects: &Objects, writer: &mut impl Write) -> Result<()> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let query: HashMap<&str, &str> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let (namespace, name) = match segments[..] {
        ["apis", _, _, "namespaces", namespace, _] => (namespace, None),
        ["apis", _, _, "namespaces", namespace, _, name] => (namespace, Some(name)),
        ["apis", _, _, _] => ("", None),
        _ => return not_found(writer),
    };
    let all = objects.places.len();
    let count = namespace.strip_prefix('n').and_then(|count| count.parse().ok()).unwrap_or(all).min(all);
    match name {
        None if matches!(query.get("watch"), Some(&("1" | "true"))) => watch(objects, &query, writer),
        None => list(objects, count, &query, writer),
        Some(name) => match objects.names.get(name) {
            None => not_found(writer),
            Some(&index) => write_all(writer, "200 OK", &[&objects.bytes[objects.places[index].clone()]]),
        },
    }
}

fn list(objects: &Objects, count: usize, query: &HashMap<&str, &str>, writer: &mut impl Write) -> Result<()> {
    let number = |key: &str| query.get(key).and_then(|text| text.parse::<usize>().ok());
    let start = number("continue").unwrap_or(0).min(count);
    let end = number("limit").filter(|&limit| limit > 0).map_or(count, |limit| (start + limit).min(count));
    let next = match count - end {
        0 => String::new(),
        left => format!("\"continue\":\"{end}\",\"remainingItemCount\":{left},"),
    };
    let tail =
        format!("],\"kind\":\"CertificateList\",\"metadata\":{{{next}\"resourceVersion\":\"{RESOURCE_VERSION}\"}}}}\n");
    write_all(writer, "200 OK", &[HEAD, objects.slice(start..end), tail.as_bytes()])
}

/// Writes an event every 100 ms, for the objects in turn, until `timeoutSeconds` are over.
fn watch(objects: &Objects, query: &HashMap<&str, &str>, writer: &mut impl Write) -> Result<()> {
    let number = |key: &str, or: u64| query.get(key).and_then(|text| text.parse::<u64>().ok()).unwrap_or(or);
    let end = Instant::now() + Duration::from_secs(number("timeoutSeconds", 290));
    write!(writer, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n")?;
    writer.flush()?;
    let mut version = number("resourceVersion", RESOURCE_VERSION);
    for place in objects.places.iter().cycle() {
        if Instant::now() > end {
            break;
        }
        thread::sleep(Duration::from_millis(100));
        version += 1;
        let mut object: serde_json::Value = serde_json::from_slice(&objects.bytes[place.clone()])?;
        object["metadata"]["resourceVersion"] = version.to_string().into();
        let line = format!("{{\"type\":\"MODIFIED\",\"object\":{object}}}\n");
        write!(writer, "{:x}\r\n{line}\r\n", line.len())?;
        writer.flush()?;
    }
    write!(writer, "0\r\n\r\n")?;
    Ok(())
}

fn not_found(writer: &mut impl Write) -> Result<()> {
    let status = br#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"not found","reason":"NotFound","code":404}"#;
    write_all(writer, "404 Not Found", &[status])
}

fn write_all(writer: &mut impl Write, status: &str, parts: &[&[u8]]) -> Result<()> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    write!(writer, "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n")?;
    for part in parts {
        writer.write_all(part)?;
    }
    Ok(())
}
