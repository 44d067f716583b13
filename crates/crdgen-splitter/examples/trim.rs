//! Prints the objects of a list, one on each line, without managed fields:
//!
//! ```sh
//! kubectl get --raw /apis/apps/v1/deployments > deployments.json
//! cargo run --release --example trim -- deployments.json
//! ```

use std::error::Error;
use std::fs::File;
use std::io::{self, Read, Write};

use crdgen_splitter::{MetadataFilter, Splitter};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("usage: trim FILE")?;
    let (mut list, mut out) = (File::open(path)?, io::BufWriter::new(io::stdout().lock()));
    let (mut splitter, trim) = (Splitter::default(), MetadataFilter::default());
    let (mut chunk, mut object) = (vec![0; 1 << 16], Vec::new());
    loop {
        let length = list.read(&mut chunk)?;
        if length == 0 {
            break;
        }
        let mut rest = &chunk[..length];
        // An object may begin in one chunk and end in another.
        while splitter.next_cut(trim.as_ref(), &mut rest, &mut object)? {
            object.push(b'\n');
            out.write_all(&object)?;
            object.clear();
        }
    }
    splitter.finish()?;
    Ok(out.flush()?)
}
