//! HTTP/1.1 client that discards responses and keeps only their times and lengths.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

/// A connection that is kept open.
#[derive(Debug)]
pub struct Connection {
    stream: BufReader<TcpStream>,
    scratch: Vec<u8>,
}

/// Times and length of a response.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// Time from the request to the first byte of the body.
    pub first_byte: Duration,
    /// Time from the request to the last byte of the body.
    pub total: Duration,
    /// Length of the body in bytes.
    pub bytes: u64,
}

impl Connection {
    pub fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(120)))?;
        Ok(Self { stream: BufReader::with_capacity(256 << 10, stream), scratch: vec![0; 256 << 10] })
    }

    pub fn get(&mut self, path: &str) -> Result<Answer> {
        let start = Instant::now();
        write!(self.stream.get_mut(), "GET {path} HTTP/1.1\r\nhost: bench\r\naccept: application/json\r\n\r\n")?;
        let length = self.head(path)?;
        self.stream.fill_buf()?;
        let first_byte = start.elapsed();
        let bytes = match length {
            Some(length) => self.skip(length)?,
            None => self.chunks()?,
        };
        Ok(Answer { first_byte, total: start.elapsed(), bytes })
    }

    /// Reads the head of a response and returns the length of the body; `None` if the body is chunked.
    fn head(&mut self, path: &str) -> Result<Option<u64>> {
        let status = self.line()?;
        ensure!(status.contains(" 200 "), "{path}: {status}");
        let (mut length, mut is_chunked) = (None, false);
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = Some(value.trim().parse()?),
                "transfer-encoding" => is_chunked = value.contains("chunked"),
                _ => {}
            }
        }
        if length.is_none() && !is_chunked {
            bail!("{path}: nothing says how long the answer is");
        }
        Ok(length)
    }

    fn chunks(&mut self) -> Result<u64> {
        let mut bytes = 0;
        loop {
            let line = self.line()?;
            let length = u64::from_str_radix(&line, 16).with_context(|| format!("chunk of {line:?} bytes"))?;
            bytes += self.skip(length)?;
            self.line()?;
            if length == 0 {
                return Ok(bytes);
            }
        }
    }

    fn skip(&mut self, length: u64) -> Result<u64> {
        let mut left = length;
        while left > 0 {
            let part = self.scratch.len().min(usize::try_from(left)?);
            let read = self.stream.read(&mut self.scratch[..part])?;
            ensure!(read > 0, "the answer ends {left} bytes early");
            left -= read as u64;
        }
        Ok(length)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        ensure!(self.stream.read_line(&mut line)? > 0, "the connection was closed");
        Ok(line.trim_end().to_owned())
    }
}
