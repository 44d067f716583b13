//! A service in front of an API server, with a route for each way to pass on a list.
//!
//! `/raw`, `/trim`, `/view` and `/typed` stream with `crdgen_runtime::bytes`; `/cache` responds from memory; `/dynamic`
//! uses kube's own client. With `--routes` the program serves the generated routes instead, with all layers of a
//! service around them.

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use axum::{Router, serve};
use clap::Parser;
use crdgen_bench_service::generated::cert_manager_io::v1::certificate::{Certificate, CertificateSummary};
use crdgen_bench_service::routes;
use crdgen_runtime::Resource;
use crdgen_runtime::backend::memory::MemoryBackend;
use crdgen_runtime::backend::{KubeBackend, ListQuery, Namespace, WatchQuery};
use crdgen_runtime::bytes::{CutList, Items, Limits, ListBody, ListHead, MetadataFilter, Projection};
use crdgen_runtime::cache::Cache;
use crdgen_runtime::server::serve::runtime;
use http_body_util::BodyExt;
use kube::api::{ApiResource, DynamicObject, GroupVersionKind, ListParams};
use kube::{Api, Client, Config};
use serde::Deserialize;
use tokio::net::TcpListener;

#[derive(Parser)]
struct Args {
    /// Address of the API server.
    #[arg(long)]
    upstream: http::Uri,
    /// Fill the cache with the objects of this namespace before listening.
    #[arg(long)]
    cache: Option<Namespace>,
    /// Serve the generated routes instead.
    #[arg(long)]
    routes: bool,
    /// Serve the generated routes over objects in memory, without an API server.
    #[arg(long, conflicts_with = "routes")]
    memory: bool,
}

#[derive(Clone)]
struct Service {
    client: Client,
    trim: MetadataFilter,
    view: Projection,
    cache: Cache<Certificate>,
}

#[derive(Deserialize)]
struct Which {
    ns: String,
}

const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

fn main() -> anyhow::Result<()> {
    runtime()?.block_on(run(Args::parse()))
}

async fn run(args: Args) -> anyhow::Result<()> {
    if args.memory {
        return routes::serve(MemoryBackend::new()).await;
    }
    if args.routes {
        let client = crdgen_runtime::client::Client::from_config(Config::new(args.upstream))?;
        return routes::serve(KubeBackend::new(client)).await;
    }
    let client = Client::try_from(Config::new(args.upstream))?;
    let cache = Cache::new(Default::default());
    if let Some(namespace) = &args.cache {
        let certificates =
            crdgen_runtime::client::Client::new(client.clone()).namespaced::<Certificate>(namespace).raw();
        let fed = cache.clone();
        tokio::spawn(async move {
            fed.feed(certificates.watch(&WatchQuery::default()), |error| eprintln!("{error}")).await;
        });
        cache.synced().await;
    }
    let service =
        Service { client, trim: MetadataFilter::default(), view: Projection::of::<CertificateSummary>(), cache };
    let router = Router::new()
        .route("/raw", get(raw))
        .route("/trim", get(trim))
        .route("/view", get(view))
        .route("/typed", get(typed))
        .route("/cache", get(cached))
        .route("/dynamic", get(dynamic))
        .route("/one/{name}", get(one))
        .route("/healthz", get(async || "ok"));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    Ok(serve(listener, router.with_state(service)).await?)
}

/// An error that prevents a response.
struct Failure(anyhow::Error);

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (StatusCode::BAD_GATEWAY, self.0.to_string()).into_response()
    }
}

impl Service {
    /// Returns the body of a response of the API server.
    async fn get(&self, path: &str) -> Result<kube::client::Body, Failure> {
        let request = http::Request::get(path).body(kube::client::Body::empty())?;
        Ok(self.client.send(request).await?.into_body())
    }

    async fn list(&self, which: &Which) -> Result<kube::client::Body, Failure> {
        self.get(&format!("/apis/{}/namespaces/{}/{}", Certificate::API_VERSION, which.ns, Certificate::PLURAL)).await
    }
}

fn json(body: Body) -> Response {
    ([("content-type", "application/json")], body).into_response()
}

async fn raw(State(service): State<Service>, Query(which): Query<Which>) -> Result<Response, Failure> {
    Ok(json(Body::from_stream(service.list(&which).await?.into_data_stream())))
}

async fn trim(State(service): State<Service>, Query(which): Query<Which>) -> Result<Response, Failure> {
    let body = service.list(&which).await?.into_data_stream();
    Ok(json(Body::from_stream(CutList::new(body, ListHead::of::<Certificate>(), &service.trim, Limits::default()))))
}

async fn view(State(service): State<Service>, Query(which): Query<Which>) -> Result<Response, Failure> {
    let body = service.list(&which).await?.into_data_stream();
    Ok(json(Body::from_stream(CutList::new(body, ListHead::of::<Certificate>(), &service.view, Limits::default()))))
}

async fn typed(State(service): State<Service>, Query(which): Query<Which>) -> Result<Response, Failure> {
    let items: Items<_, Certificate> = Items::new(service.list(&which).await?.into_data_stream(), Limits::default());
    let items = items.cut(&service.trim).decodable(|error| eprintln!("{error}"));
    Ok(json(Body::from_stream(ListBody::new(items, ListHead::of::<Certificate>()))))
}

async fn dynamic(State(service): State<Service>, Query(which): Query<Which>) -> Result<Response, Failure> {
    let kind = GroupVersionKind::gvk(Certificate::GROUP, Certificate::VERSION, Certificate::KIND);
    let resource = ApiResource::from_gvk_with_plural(&kind, Certificate::PLURAL);
    let api: Api<DynamicObject> = Api::namespaced_with(service.client, &which.ns, &resource);
    let mut list = api.list(&ListParams::default()).await?;
    for object in &mut list.items {
        object.metadata.managed_fields = None;
        if let Some(annotations) = &mut object.metadata.annotations {
            annotations.remove(LAST_APPLIED);
        }
    }
    Ok(Json(list).into_response())
}

async fn cached(State(service): State<Service>) -> Result<Response, Failure> {
    Ok(json(Body::from_stream(service.cache.list(None, &ListQuery::default())?)))
}

async fn one(State(service): State<Service>, Path(name): Path<String>) -> Result<Response, Failure> {
    let path = format!("/apis/{}/namespaces/n10/{}/{name}", Certificate::API_VERSION, Certificate::PLURAL);
    let object = service.get(&path).await?.collect().await?.to_bytes();
    let mut trimmed = Vec::new();
    service.trim.copy(&object, &mut trimmed)?;
    Ok(json(trimmed.into()))
}
