//! Bodies of callers who may not write. They must be refused before the body is read.

use std::time::Duration;

use anyhow::Result;

use super::caller::Caller;
use super::entry::Attack;
use super::objects;
use super::siege::{Expected, Siege};
use super::wire::{Connection, MERGE, Request};

pub const ATTACKS: &[Attack] = &[
    Attack::new("refused-before-the-body", "who may not write is told before the body is sent", unsent),
    Attack::new("bodies-of-a-viewer", "bodies that are refused take no memory", at_once),
];

/// Size of a body as large as the service allows, in bytes.
const LARGE: usize = 3 << 20;
/// Time for a refusal that needs only the head.
const SOON: Duration = Duration::from_secs(2);
/// Memory that refused bodies may take, in bytes, for the bytes that connections read ahead.
const MAX_RISE: u64 = 24 << 20;

fn unsent(siege: &mut Siege) -> Result<()> {
    siege.pipeline("old")?;
    let (all, old) = (siege.collection("pipelines"), siege.object("pipelines", "old"));
    let runs = siege.collection("pipelineruns");
    for (caller, statuses) in [(Caller::Viewer, &[403][..]), (Caller::Stranger, &[401])] {
        for request in [
            Request::post(&all, ""),
            Request::post(&runs, ""),
            Request::put(&old, ""),
            Request::patch(MERGE, &old, ""),
            Request::delete(&old),
            Request::delete(&runs),
            Request::put(format!("{old}/status"), ""),
            // A refused caller must not be told to continue.
            Request::post(&all, "").with("expect", "100-continue"),
        ] {
            let case = format!("{} {} by {caller:?}", request.method, request.path);
            siege.requests += 1;
            let answer = Connection::open(siege.route, SOON).and_then(|mut connection| {
                connection.send(&request.by(caller).head(LARGE))?;
                connection.receive_head()
            });
            siege.judge(case, answer, Expected::Status(statuses));
        }
    }
    Ok(())
}

fn at_once(siege: &mut Siege) -> Result<()> {
    let before = siege.target.resident()?;
    siege.target.forget_peak()?;
    let count = siege.pick(40, 200);
    // Small values take the most memory once they are decoded.
    let body = objects::pipeline_with("large", &objects::list_of(LARGE / 3 - 1000, "{}"));
    let request = Request::post(siege.collection("pipelines"), body).by(Caller::Viewer);
    // A connection that ends while its body is being sent may lose the answer.
    for answer in siege.volley(vec![request; count], 40).into_iter().flatten() {
        siege.judge("a viewer's body", Ok(answer), Expected::Status(&[403]));
    }
    let rise = siege.target.peak()?.saturating_sub(before);
    siege.check(rise <= MAX_RISE, || format!("{} MB more memory for bodies that are refused", rise >> 20));
    Ok(())
}
