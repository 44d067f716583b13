//! etcd and an API server on 127.0.0.1, in a temporary folder.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use crdgen_harness::workspace;
use serde_json::json;
use tempfile::TempDir;

use super::assets::Assets;
use super::certificate::Certificate;
use super::daemon::{Daemon, End};
use super::{http, user};

/// Time limit for the start of a program. It is long because CI runners may be slow.
const PATIENCE: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_millis(100);

/// A running control plane. Dropping the value ends it.
pub struct Cluster {
    // Fields are dropped in this order, so that no program runs in a deleted folder.
    server: Option<Daemon>,
    _etcd: Daemon,
    assets: Assets,
    certificate: Certificate,
    etcd_url: String,
    port: u16,
    folder: TempDir,
}

impl Cluster {
    /// Starts a control plane and waits until it is ready.
    pub fn start() -> Result<Self> {
        let assets = Assets::get()?;
        let folder = tempfile::Builder::new().prefix("crdgen-envtest-").tempdir()?;
        let certificate = Certificate::write(folder.path())?;
        let [client, peer, port] = free_ports()?;
        let etcd_url = format!("http://127.0.0.1:{client}");
        let etcd = start_etcd(&assets.etcd, folder.path(), &etcd_url, peer)?;
        let mut cluster = Self { server: None, _etcd: etcd, assets, certificate, etcd_url, port, folder };
        workspace::write(&cluster.token_file(), &user::token_file())?;
        let kubeconfig = user::kubeconfig(&cluster.url(), &cluster.certificate.certificate);
        workspace::write(&cluster.kubeconfig(), &kubeconfig)?;
        cluster.start_server()?;
        let admin = cluster.admin()?;
        for (path, object) in user::grants() {
            admin.post(path, &object)?;
        }
        Ok(cluster)
    }

    /// Returns the path of the kubeconfig with all users.
    pub fn kubeconfig(&self) -> PathBuf {
        self.folder.path().join("kubeconfig")
    }

    /// Returns the URL of the API server.
    pub fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    /// Starts the API server if it is not running, and waits until it is ready.
    pub fn start_server(&mut self) -> Result<()> {
        if self.server.is_some() {
            return Ok(());
        }
        let log = self.folder.path().join("kube-apiserver.log");
        let mut server = Daemon::start(&mut self.server_command(), &log)?;
        let admin = self.admin()?;
        wait("kube-apiserver", &mut server, || admin.is_ready())?;
        self.server = Some(server);
        Ok(())
    }

    /// Ends the API server. etcd and all objects stay.
    pub fn stop_server(&mut self, how: End) -> Result<()> {
        match self.server.take() {
            Some(mut server) => server.end(how),
            None => Ok(()),
        }
    }

    /// Compacts etcd to its current revision, so that older resourceVersions expire.
    pub fn compact(&self) -> Result<()> {
        let range = json!({ "key": "AA==", "limit": 1 });
        let answer = http::plain(&format!("{}/v3/kv/range", self.etcd_url), &range)?;
        // JSON has numbers of 64 bits as text.
        let revision = answer["header"]["revision"].as_str().context("etcd tells no revision")?;
        let compaction = json!({ "revision": revision, "physical": true });
        http::plain(&format!("{}/v3/kv/compaction", self.etcd_url), &compaction)?;
        Ok(())
    }

    /// Returns a client of the API server with the administrator's permissions.
    pub fn admin(&self) -> Result<http::Admin> {
        http::Admin::new(self.url(), &self.certificate.certificate)
    }

    fn token_file(&self) -> PathBuf {
        self.folder.path().join("tokens.csv")
    }

    fn server_command(&self) -> Command {
        let Certificate { certificate, private_key, public_key } = &self.certificate;
        let mut command = Command::new(&self.assets.kube_apiserver);
        command
            .args(["--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", "--authorization-mode=RBAC"])
            // Without a controller manager there are no service accounts.
            .args(["--disable-admission-plugins=ServiceAccount", "--service-cluster-ip-range=10.0.0.0/24"])
            .arg("--service-account-issuer=https://kubernetes.default.svc")
            .arg(format!("--etcd-servers={}", self.etcd_url))
            .arg(format!("--secure-port={}", self.port));
        for (flag, path) in [
            ("--cert-dir", self.folder.path()),
            ("--tls-cert-file", certificate),
            ("--tls-private-key-file", private_key),
            ("--service-account-signing-key-file", private_key),
            ("--service-account-key-file", public_key),
            ("--token-auth-file", &self.token_file()),
        ] {
            command.arg(flag).arg(path);
        }
        command
    }
}

fn start_etcd(program: &Path, folder: &Path, url: &str, peer: u16) -> Result<Daemon> {
    let peer = format!("http://127.0.0.1:{peer}");
    let mut command = Command::new(program);
    command
        .arg("--data-dir")
        .arg(folder.join("etcd"))
        .args(["--listen-client-urls", url, "--advertise-client-urls", url])
        .args(["--listen-peer-urls", &peer, "--initial-advertise-peer-urls", &peer])
        .arg(format!("--initial-cluster=default={peer}"))
        // The data is not kept, so it need not be synced.
        .args(["--unsafe-no-fsync", "--log-level=warn"]);
    let mut etcd = Daemon::start(&mut command, &folder.join("etcd.log"))?;
    wait("etcd", &mut etcd, || http::is_healthy(&format!("{url}/health")))?;
    Ok(etcd)
}

fn wait(name: &str, daemon: &mut Daemon, ready: impl Fn() -> bool) -> Result<()> {
    let started = Instant::now();
    while !ready() {
        daemon.check().with_context(|| name.to_owned())?;
        if started.elapsed() > PATIENCE {
            bail!("{name} does not serve after {} s", PATIENCE.as_secs());
        }
        thread::sleep(PAUSE);
    }
    Ok(())
}

/// Returns ports that are free now. All listeners are open at the same time, so the ports differ.
fn free_ports<const N: usize>() -> Result<[u16; N]> {
    let listeners: Vec<_> = (0..N).map(|_| TcpListener::bind(("127.0.0.1", 0))).collect::<Result<_, _>>()?;
    let ports: Vec<_> = listeners.iter().map(|listener| Ok(listener.local_addr()?.port())).collect::<Result<_>>()?;
    Ok(ports.try_into().expect("as many ports as listeners"))
}

/// Returns the cluster in a lock.
pub fn lock(cluster: &Mutex<Option<Cluster>>) -> MutexGuard<'_, Option<Cluster>> {
    // A panic elsewhere must not prevent the end of the cluster.
    cluster.lock().unwrap_or_else(PoisonError::into_inner)
}
