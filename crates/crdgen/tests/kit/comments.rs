//! A server with the part of GitHub's API that the action uses: comments of one pull request.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value as Json, json};

#[derive(Default)]
struct State {
    comments: Vec<String>,
    tokens: Vec<String>,
}

pub struct Server {
    address: String,
    state: Arc<Mutex<State>>,
}

impl Server {
    /// Starts a server that ends with the process.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let (shared, own) = (state.clone(), address.clone());
        thread::spawn(move || listener.incoming().flatten().for_each(|stream| answer(stream, &own, &shared)));
        Self { address, state }
    }

    pub fn url(&self) -> String {
        self.address.clone()
    }

    pub fn comments(&self) -> Vec<String> {
        self.state.lock().unwrap().comments.clone()
    }

    pub fn tokens(&self) -> Vec<String> {
        self.state.lock().unwrap().tokens.clone()
    }
}

fn answer(stream: TcpStream, address: &str, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        match line.trim_end() {
            "" => break,
            line => head.push(line.to_owned()),
        }
    }
    let header = |name: &str| {
        let prefix = format!("{name}: ");
        head.iter()
            .find_map(|line| line.get(..prefix.len())?.eq_ignore_ascii_case(&prefix).then(|| &line[prefix.len()..]))
    };
    let length = header("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let mut state = state.lock().unwrap();
    state.tokens.push(header("authorization").unwrap_or_default().to_owned());
    let (status, answer) = act(&mut state.comments, &head[0], &body, address);
    let text = answer.to_string();
    let reply = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{text}", text.len());
    reader.into_inner().write_all(reply.as_bytes()).unwrap();
}

fn act(comments: &mut Vec<String>, request: &str, body: &[u8], address: &str) -> (&'static str, Json) {
    const COMMENTS: &str = "/repos/me/boats/issues/7/comments";
    let text = || serde_json::from_slice::<Json>(body).unwrap()["body"].as_str().unwrap().to_owned();
    let mut words = request.split(' ');
    let (method, target) = (words.next().unwrap(), words.next().unwrap());
    let path = target.split('?').next().unwrap();
    match (method, path.strip_prefix("/comments/")) {
        ("GET", None) if path == COMMENTS => {
            let url = |index: usize| format!("{address}/comments/{index}");
            let entry = |(index, body): (usize, &String)| json!({ "url": url(index), "body": body });
            ("200 OK", comments.iter().enumerate().map(entry).collect())
        }
        ("POST", None) if path == COMMENTS => {
            comments.push(text());
            ("201 Created", json!({}))
        }
        ("PATCH", Some(index)) => {
            comments[index.parse::<usize>().unwrap()] = text();
            ("200 OK", json!({}))
        }
        _ => ("404 Not Found", json!({})),
    }
}
