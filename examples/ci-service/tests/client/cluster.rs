//! API server for the tests, if the environment names one.

use std::env;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use k8s_openapi::api::core::v1::Namespace;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::api::{Api, ApiResource, DynamicObject, ListParams, Patch, PatchParams, PostParams};
use kube::config::{KubeConfigOptions, Kubeconfig};

/// Environment variable that names the kubeconfig.
const VARIABLE: &str = "CI_SERVICE_KUBECONFIG";

const CRDS: [&str; 4] = [
    include_str!("../../crds/pipelineruns.yaml"),
    include_str!("../../crds/pipelines.yaml"),
    include_str!("../../crds/projects.yaml"),
    include_str!("../../crds/runners.yaml"),
];

/// An API server that has the CRDs of the service.
pub struct Cluster {
    kubeconfig: PathBuf,
}

impl Cluster {
    /// Returns the API server of the environment. The first caller installs the CRDs, and the others wait.
    pub fn of_environment() -> Option<&'static Self> {
        static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
        let cluster = CLUSTER.get_or_init(|| {
            let cluster = Cluster { kubeconfig: env::var_os(VARIABLE)?.into() };
            cluster.ask(install);
            Some(cluster)
        });
        cluster.as_ref()
    }

    pub fn kubeconfig(&self) -> &Path {
        &self.kubeconfig
    }

    /// Creates a namespace and returns its name.
    pub fn namespace(&self) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("shop-{}-{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let mut namespace = Namespace::default();
        namespace.metadata.name = Some(name.clone());
        self.ask(async move |client| Api::all(client).create(&PostParams::default(), &namespace).await.map(drop));
        name
    }

    fn ask(&self, question: impl AsyncFnOnce(kube::Client) -> kube::Result<()>) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let kubeconfig = Kubeconfig::read_from(&self.kubeconfig).expect("a kubeconfig");
        let answer = runtime.block_on(async {
            let config = kube::Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await;
            question(kube::Client::try_from(config.expect("a config"))?).await
        });
        answer.expect("the API server does what it is asked to");
    }
}

async fn install(client: kube::Client) -> kube::Result<()> {
    let api = Api::<CustomResourceDefinition>::all(client.clone());
    let crds: Vec<CustomResourceDefinition> = CRDS.map(|text| serde_yaml::from_str(text).expect("a CRD")).into();
    for crd in &crds {
        let name = crd.metadata.name.as_deref().expect("a name");
        api.patch(name, &PatchParams::apply("ci-service").force(), &Patch::Apply(crd)).await?;
    }
    for crd in &crds {
        served(&client, crd).await;
    }
    Ok(())
}

/// Waits until the server accepts objects of a kind, which is a little later than its condition says.
async fn served(client: &kube::Client, crd: &CustomResourceDefinition) {
    let (group, kind) = (&crd.spec.group, &crd.spec.names.kind);
    let kind = kube::api::GroupVersionKind::gvk(group, "v1", kind);
    let resource = ApiResource::from_gvk_with_plural(&kind, &crd.spec.names.plural);
    let objects = Api::<DynamicObject>::all_with(client.clone(), &resource);
    while objects.list(&ListParams::default().limit(1)).await.is_err() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
