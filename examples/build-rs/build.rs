//! Generates the types of `crds/` into cargo's own output folder.

use crdgen_build::Client;

fn main() -> Result<(), crdgen_build::Error> {
    crdgen_build::configure().crds("crds/").client(Client::None).compile()
}
