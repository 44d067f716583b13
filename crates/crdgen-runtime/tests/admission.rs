//! Schema and rule checks of large objects: they do not block other requests, and a request can time out in the middle
//! of them.

mod sample;
mod wire;

use std::net::SocketAddr;
use std::time::Duration;

use crdgen_runtime::backend::memory::MemoryBackend;
use crdgen_runtime::server::limits::Limits;
use crdgen_runtime::server::prelude::*;
use crdgen_runtime::server::serve::{RunningServer, Server};
use sample::api::ci_example_com::v1::widget::router;
use sample::ci_example_com::v1::widget::Widget;
use wire::{ask, request};

const WIDGETS: &str = "/apis/ci.example.com/v1/namespaces/team/widgets";

/// CRD in which every rule spends its whole budget on a long colour.
const CRD: &str = r#"
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.ci.example.com}
spec:
  group: ci.example.com
  scope: Namespaced
  names: {kind: Widget, plural: widgets}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              color:
                type: string
                x-kubernetes-validations:
                - rule: self.split('').all(c, c != 'z' && c != 'y')
                - rule: self.split('').all(c, c != 'x' && c != 'w')
                - rule: self.split('').all(c, c != 'v' && c != 'u')
                - rule: self.split('').all(c, c != 't' && c != 's')
                - rule: self.split('').all(c, c != '0' && c != '1')
                - rule: self.split('').all(c, c != '2' && c != '3')
                - rule: self.split('').all(c, c != '4' && c != '5')
                - rule: self.split('').all(c, c != '6' && c != '7')
                - rule: self.split('').all(c, c != '8' && c != '9')
                - rule: self.split('').all(c, c != '_' && c != '-')
"#;

#[derive(Clone)]
struct Service(MemoryBackend);

impl Policy for Service {
    type Caller = ();

    async fn authorize(&self, (): &(), _: Verb, _: &Target) -> Result<(), Problem> {
        Ok(())
    }
}

impl Serve<Widget> for Service {
    fn backend(&self, (): &()) -> impl Backend<Widget> {
        self.0.clone()
    }
}

const TIME: Duration = Duration::from_millis(250);

async fn start() -> RunningServer {
    let service = Service(MemoryBackend::from_crds(CRD).expect("a CRD"));
    let server = Server::new(router().with_state(service)).bind(SocketAddr::from(([127, 0, 0, 1], 0)));
    server.limits(Limits { request_timeout: TIME, ..Limits::default() }).start().await.expect("the server starts")
}

fn widget(name: &str, color: &str) -> Vec<u8> {
    let body = format!(r#"{{"metadata": {{"name": "{name}"}}, "spec": {{"color": "{color}"}}}}"#);
    request("POST", WIDGETS, &[("content-type", "application/json")], body)
}

/// One thread answers all requests. If the checks ran on that thread, no other request would be answered meanwhile.
#[tokio::test]
async fn a_request_ends_in_the_middle_of_its_admission_and_others_go_on() {
    let running = start().await;
    let address = running.addresses()[0];
    assert_eq!(ask(address, widget("small", "red")).await.status, 201);
    let large = tokio::spawn(ask(address, widget("large", &"a".repeat(1 << 20))));
    let mut small = 0;
    while !large.is_finished() {
        let answer = ask(address, request("GET", &format!("{WIDGETS}/small"), &[], "")).await;
        assert_eq!(answer.status, 200);
        small += 1;
    }
    assert_eq!(large.await.expect("an answer").status, 504);
    assert!(small >= 10, "{small} requests were answered meanwhile");
}
