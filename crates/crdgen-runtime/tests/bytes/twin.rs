//! Scalar model of the splitter: reads the complete body byte by byte, and keeps no state to resume from.

use crdgen_runtime::bytes::{Error, ErrorKind, Limits, ListEnd};

struct Twin<'a> {
    body: &'a [u8],
    at: usize,
    limits: Limits,
    items: Vec<Vec<u8>>,
    has_items: bool,
    end: ListEnd,
}

pub fn split(body: &[u8], limits: Limits) -> (Vec<Vec<u8>>, Result<ListEnd, Error>) {
    let mut twin = Twin { body, at: 0, limits, items: Vec::new(), has_items: false, end: ListEnd::default() };
    let result = twin.list();
    twin.end.items = twin.items.len() as u64;
    (twin.items, result.map(|()| twin.end))
}

type Outcome<T> = Result<T, Error>;

impl Twin<'_> {
    fn fail<T>(&self, kind: ErrorKind) -> Outcome<T> {
        Err(Error { offset: self.at as u64, kind })
    }

    fn expected<T>(&self, what: &'static str) -> Outcome<T> {
        self.fail(ErrorKind::Expected(what))
    }

    fn next(&mut self) -> Outcome<u8> {
        while self.at < self.body.len() && b" \t\r\n".contains(&self.body[self.at]) {
            self.at += 1;
        }
        match self.body.get(self.at) {
            Some(byte) => Ok(*byte),
            None => self.fail(ErrorKind::Truncated),
        }
    }

    fn list(&mut self) -> Outcome<()> {
        if self.next()? != b'{' {
            return self.expected("a list, '{'");
        }
        self.at += 1;
        let mut is_first = true;
        loop {
            match self.next()? {
                b'"' => self.at += 1,
                b'}' if is_first => break,
                _ => return self.expected(if is_first { "a key or '}'" } else { "a key" }),
            }
            is_first = false;
            let (start, end) = (self.at, self.string(Some(self.limits.envelope_bytes))?);
            let key = &self.body[start..end];
            let key: String = serde_json::from_slice(&[b"\"", key, b"\""].concat()).unwrap_or_default();
            if self.next()? != b':' {
                return self.expected("':'");
            }
            self.at += 1;
            self.member(&key)?;
            match self.next()? {
                b',' => self.at += 1,
                b'}' => break,
                _ => return self.expected("',' or '}'"),
            }
        }
        self.at += 1;
        if self.next().is_ok() {
            return self.expected("nothing behind the list");
        }
        if self.has_items { Ok(()) } else { self.expected("a list, with items") }
    }

    fn member(&mut self, key: &str) -> Outcome<()> {
        let first = self.next()?;
        let start = self.at;
        if key == "items" {
            if self.has_items {
                return self.expected("items only once");
            }
            match first {
                b'[' => {
                    self.has_items = true;
                    self.at += 1;
                    return self.items();
                }
                b'n' => self.has_items = true,
                _ => return self.expected("'['"),
            }
        }
        let is_kept = ["apiVersion", "kind", "metadata", "items"].contains(&key);
        let limit = if is_kept { self.limits.envelope_bytes } else { usize::MAX };
        match first {
            b'{' | b'[' => self.brackets(limit, ErrorKind::TooLarge(limit))?,
            b'"' => {
                if limit == 0 {
                    return self.fail(ErrorKind::TooLarge(0));
                }
                self.at += 1;
                self.string(Some(limit).filter(|_| is_kept).map(|limit| limit - 1)).map_err(|error| {
                    match error.kind {
                        ErrorKind::TooLarge(_) => Error { kind: ErrorKind::TooLarge(limit), ..error },
                        _ => error,
                    }
                })?;
                if is_kept && self.at - start > limit {
                    self.at = start + limit;
                    return self.fail(ErrorKind::TooLarge(limit));
                }
            }
            b',' | b':' | b'}' | b']' => return self.expected("a value"),
            _ => {
                while self.at < self.body.len() && !b" \t\r\n,:\"{}[]".contains(&self.body[self.at]) {
                    if self.at - start == limit {
                        return self.fail(ErrorKind::TooLarge(limit));
                    }
                    self.at += 1;
                }
                if self.at == self.body.len() {
                    return self.fail(ErrorKind::Truncated);
                }
            }
        }
        let value = &self.body[start..self.at];
        let wrong = |what| Error { offset: start as u64, kind: ErrorKind::Expected(what) };
        match key {
            "apiVersion" => {
                let parsed = serde_json::from_slice(value);
                self.end.api_version = parsed.map_err(|_| wrong("the list's apiVersion, a string"))?;
            }
            "kind" => {
                self.end.kind = serde_json::from_slice(value).map_err(|_| wrong("the list's kind, a string"))?;
            }
            "metadata" => {
                let parsed: Result<Option<_>, _> = serde_json::from_slice(value);
                self.end.metadata = parsed.map_err(|_| wrong("the list's metadata"))?.unwrap_or_default();
                if self.end.metadata.continue_.as_deref() == Some("") {
                    self.end.metadata.continue_ = None;
                }
            }
            "items" if value != b"null" => return Err(wrong("a list of items")),
            _ => {}
        }
        Ok(())
    }

    fn items(&mut self) -> Outcome<()> {
        if self.next()? == b']' {
            self.at += 1;
            return Ok(());
        }
        loop {
            if self.next()? != b'{' {
                return self.expected(if self.items.is_empty() { "an item, '{', or ']'" } else { "an item, '{'" });
            }
            let start = self.at;
            self.brackets(self.limits.item_bytes, ErrorKind::TooLarge(self.limits.item_bytes))?;
            self.items.push(self.body[start..self.at].to_vec());
            match self.next()? {
                b',' => self.at += 1,
                b']' => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return self.expected("',' or ']'"),
            }
        }
    }

    /// Reads a string after its opening quote, of at most `limit` bytes. Returns the position of its end.
    fn string(&mut self, limit: Option<usize>) -> Outcome<usize> {
        let start = self.at;
        loop {
            let Some(&byte) = self.body.get(self.at) else { return self.fail(ErrorKind::Truncated) };
            if byte == b'"' {
                self.at += 1;
                return Ok(self.at - 1);
            }
            for _ in 0..if byte == b'\\' { 2 } else { 1 } {
                if self.at == self.body.len() {
                    return self.fail(ErrorKind::Truncated);
                }
                if limit == Some(self.at - start) {
                    return self.fail(ErrorKind::TooLarge(limit.unwrap_or_default()));
                }
                self.at += 1;
            }
        }
    }

    fn brackets(&mut self, limit: usize, too_large: ErrorKind) -> Outcome<()> {
        let (start, mut depth, mut in_string) = (self.at, 0u32, false);
        while let Some(&byte) = self.body.get(self.at) {
            if self.at - start >= limit {
                return self.fail(too_large);
            }
            match byte {
                // A backslash outside of a string is invalid JSON, but only a parser would notice. The quote after it
                // never counts.
                b'\\' if matches!(self.body.get(self.at + 1), Some(b'"' | b'\\')) => {
                    self.at += 1;
                    if self.at - start >= limit && self.at < self.body.len() {
                        return self.fail(too_large);
                    }
                }
                b'"' => in_string = !in_string,
                b'{' | b'[' if !in_string => {
                    if depth == self.limits.depth {
                        return self.fail(ErrorKind::TooDeep(depth));
                    }
                    depth += 1;
                }
                b'}' | b']' if !in_string => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        self.at += 1;
                        return Ok(());
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
        self.at = self.body.len();
        self.fail(ErrorKind::Truncated)
    }
}
