//! Authentication and authorization by an API server, tested against a server that imitates one and records its
//! requests.

mod sample;
mod wire;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{FromRef, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use crdgen_runtime::backend::KubeBackend;
use crdgen_runtime::client::Client;
use crdgen_runtime::server::auth::{CacheTtls, DelegatedAuth, Impersonation, PassThrough, Token, User};
use crdgen_runtime::server::prelude::*;
use crdgen_runtime::server::serve::{RunningServer, Server};
use kube::Config;
use kube::config::AuthInfo;
use sample::api::ci_example_com::v1::runner::router;
use sample::ci_example_com::v1::runner::Runner;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use wire::{Answer, ask, request};

const RUNNERS: &str = "/apis/ci.example.com/v1/runners";
const TOKEN_REVIEW: &str = "/apis/authentication.k8s.io/v1/tokenreviews";
const ACCESS_REVIEW: &str = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
const LONG: CacheTtls = {
    let hour = Duration::from_secs(3600);
    CacheTtls { authenticated: hour, unauthenticated: hour, allowed: hour, denied: hour }
};
const NONE: CacheTtls = CacheTtls {
    authenticated: Duration::ZERO,
    unauthenticated: Duration::ZERO,
    allowed: Duration::ZERO,
    denied: Duration::ZERO,
};

/// Imitation of an API server. `asked` records path, headers and body of each request.
#[derive(Clone)]
struct ApiServer {
    asked: Arc<Mutex<Vec<(String, HeaderMap, Value)>>>,
    /// Permits for answers about slow tokens.
    slow: Arc<Semaphore>,
}

impl Default for ApiServer {
    fn default() -> Self {
        Self { asked: Arc::default(), slow: Arc::new(Semaphore::new(0)) }
    }
}

impl ApiServer {
    async fn start(&self) -> (RunningServer, Config) {
        let router = Router::new().fallback(answer).with_state(self.clone());
        let running = Server::new(router).bind(loopback()).start().await.expect("the server starts");
        let mut config = Config::new(format!("http://{}", running.addresses()[0]).parse().expect("a URL"));
        // A service account as in a cluster, and an impersonation that must be removed.
        config.auth_info = AuthInfo {
            token: Some("own-account".to_owned().into()),
            impersonate: Some("somebody".to_owned()),
            ..AuthInfo::default()
        };
        (running, config)
    }

    fn asked(&self, path: &str) -> Vec<(HeaderMap, Value)> {
        let asked = self.asked.lock().expect("no panic");
        asked
            .iter()
            .filter(|(asked, ..)| asked.starts_with(path))
            .map(|(_, head, body)| (head.clone(), body.clone()))
            .collect()
    }
}

fn loopback() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

/// Answers as an API server. Ada and Eve have tokens, only Ada is allowed, and the token `broken` makes the server
/// fail.
async fn answer(State(server): State<ApiServer>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let headers = request.headers().clone();
    let bytes = axum::body::to_bytes(request.into_body(), usize::MAX).await.expect("a body");
    let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    server.asked.lock().expect("no panic").push((path.clone(), headers, body.clone()));
    if body["spec"]["token"].as_str().is_some_and(|token| token.starts_with("slow")) {
        drop(server.slow.acquire().await);
    }
    reply(&path, &body)
}

fn reply(path: &str, body: &Value) -> Response {
    let status = match path {
        TOKEN_REVIEW => match body["spec"]["token"].as_str() {
            Some("ada-token") => {
                let extra = json!({"scopes.example.com": ["a", "b"]});
                let user = json!({"username": "ada", "uid": "7", "groups": ["dev", "ops"], "extra": extra});
                json!({"authenticated": true, "user": user, "audiences": ["https://kubernetes.default.svc"]})
            }
            Some("eve-token") => json!({"authenticated": true, "user": {"username": "eve"}}),
            Some("evil-token") => json!({"authenticated": true, "user": {"username": "ada\r\nimpersonate-user: root"}}),
            Some("silent-token") => json!({}),
            Some("broken") => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            // Answer of an API server for an invalid token.
            _ => json!({"user": {}, "error": "invalid bearer token"}),
        },
        ACCESS_REVIEW => json!({"allowed": body["spec"]["user"] == "ada", "reason": "RBAC: secret-role"}),
        RUNNERS => return document(json!({"metadata": {"resourceVersion": "1"}, "items": []})),
        _ => {
            return document(json!({"metadata": {"name": "large", "resourceVersion": "1"}, "spec": {"image": "i"}}));
        }
    };
    document(json!({"status": status}))
}

fn document(body: Value) -> Response {
    ([("content-type", "application/json")], body.to_string()).into_response()
}

#[derive(Clone)]
struct Reviewed {
    auth: DelegatedAuth,
    client: Client,
}

impl FromRef<Reviewed> for DelegatedAuth {
    fn from_ref(service: &Reviewed) -> Self {
        service.auth.clone()
    }
}

impl Serve<Runner> for Reviewed {
    fn backend(&self, _: &User) -> impl Backend<Runner> {
        KubeBackend::new(self.client.clone())
    }
}

impl Policy for Reviewed {
    type Caller = User;

    async fn authorize(&self, caller: &User, verb: Verb, target: &Target) -> Result<(), Problem> {
        self.auth.authorize(caller, verb, target).await
    }
}

#[derive(Clone)]
struct Impersonated {
    auth: DelegatedAuth,
    impersonation: Impersonation,
}

impl FromRef<Impersonated> for DelegatedAuth {
    fn from_ref(service: &Impersonated) -> Self {
        service.auth.clone()
    }
}

impl Serve<Runner> for Impersonated {
    fn backend(&self, caller: &User) -> impl Backend<Runner> {
        KubeBackend::new(Client::new(self.impersonation.client(caller)))
    }
}

impl Policy for Impersonated {
    type Caller = User;

    async fn authorize(&self, _: &User, _: Verb, _: &Target) -> Result<(), Problem> {
        Ok(())
    }
}

#[derive(Clone)]
struct PassedThrough(PassThrough);

impl Serve<Runner> for PassedThrough {
    fn backend(&self, caller: &Token) -> impl Backend<Runner> {
        KubeBackend::new(Client::new(self.0.client(caller)))
    }
}

impl Policy for PassedThrough {
    type Caller = Token;

    async fn authorize(&self, _: &Token, _: Verb, _: &Target) -> Result<(), Problem> {
        Ok(())
    }
}

fn token(token: &str) -> Token {
    let value = format!("Bearer {token}").parse().expect("a value");
    Token::of(&HeaderMap::from_iter([(AUTHORIZATION, value)])).expect("a token")
}

async fn serve(service: impl Serve<Runner>) -> RunningServer {
    let router = router().with_state(service);
    Server::new(router).bind(loopback()).start().await.expect("the server starts")
}

async fn get(running: &RunningServer, path: &str, headers: &[(&str, &str)]) -> Answer {
    ask(running.addresses()[0], request("GET", path, headers, "")).await
}

async fn reviewed(config: Config, ttls: CacheTtls) -> RunningServer {
    let client = kube::Client::try_from(config).expect("a client");
    let auth = DelegatedAuth::with(client.clone(), Vec::new(), ttls);
    serve(Reviewed { auth, client: Client::new(client) }).await
}

const ADA: (&str, &str) = ("authorization", "Bearer ada-token");
const EVE: (&str, &str) = ("authorization", "Bearer eve-token");

#[tokio::test]
async fn an_api_server_says_who_calls_and_whether_they_may() {
    let server = ApiServer::default();
    let (_api, config) = server.start().await;
    let service = reviewed(config, LONG).await;
    let path = format!("{RUNNERS}/large");
    for _ in 0..3 {
        assert_eq!(get(&service, &path, &[ADA]).await.status, 200);
        let refused = get(&service, &path, &[EVE]).await.problem(403, "Forbidden");
        assert_eq!(refused["detail"], "\"eve\" may not get runners.ci.example.com at the cluster scope");
    }
    // Each review was sent once, with all its fields.
    let tokens = server.asked(TOKEN_REVIEW);
    let asked: Vec<_> = tokens.iter().map(|(_, body)| body["spec"]["token"].as_str().expect("a token")).collect();
    assert_eq!(asked, ["ada-token", "eve-token"]);
    assert_eq!(tokens[0].0["authorization"], "Bearer own-account");
    let access = server.asked(ACCESS_REVIEW);
    assert_eq!(access.len(), 2);
    assert_eq!(
        access[0].1,
        json!({
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SubjectAccessReview",
            "spec": {
                "user": "ada",
                "uid": "7",
                "groups": ["dev", "ops"],
                "extra": {"scopes.example.com": ["a", "b"]},
                "resourceAttributes":
                    {"verb": "get", "group": "ci.example.com", "version": "v1", "resource": "runners", "name": "large"},
            },
        })
    );
    // Another verb needs another review.
    get(&service, RUNNERS, &[ADA]).await;
    assert_eq!(server.asked(ACCESS_REVIEW).len(), 3);
    // No refused request has reached an object.
    assert_eq!(server.asked(RUNNERS).len(), 4);
}

#[tokio::test]
async fn what_is_not_a_yes_is_a_no() {
    let server = ApiServer::default();
    let (_api, config) = server.start().await;
    let service = reviewed(config, LONG).await;
    let bearer = |token: &str| format!("Bearer {token}");
    for _ in 0..2 {
        for token in ["nobody", "silent-token"] {
            let answer = get(&service, RUNNERS, &[("authorization", &bearer(token))]).await;
            assert_eq!(answer.header("www-authenticate"), Some("bearer"));
            answer.problem(401, "Unauthorized");
        }
        for token in ["broken", "evil-token"] {
            get(&service, RUNNERS, &[("authorization", &bearer(token))]).await.problem(503, "ServiceUnavailable");
        }
    }
    // A refusal is cached, a failure is not.
    assert_eq!(server.asked(TOKEN_REVIEW).len(), 2 + 2 * 2);
    for headers in [&[][..], &[("authorization", "Basic YTpi")]] {
        get(&service, RUNNERS, headers).await.problem(401, "Unauthorized");
    }
    get(&service, RUNNERS, &[ADA, EVE]).await.problem(400, "BadRequest");
    assert_eq!(server.asked(TOKEN_REVIEW).len(), 6);
    assert!(server.asked(RUNNERS).is_empty() && server.asked(ACCESS_REVIEW).is_empty());
}

#[tokio::test]
async fn what_was_said_is_forgotten_in_time() {
    let server = ApiServer::default();
    let (_api, config) = server.start().await;
    let service = reviewed(config, NONE).await;
    for _ in 0..2 {
        get(&service, RUNNERS, &[ADA]).await;
        get(&service, RUNNERS, &[EVE]).await;
    }
    assert_eq!((server.asked(TOKEN_REVIEW).len(), server.asked(ACCESS_REVIEW).len()), (4, 4));
}

#[tokio::test]
async fn a_token_for_others_is_nobodys() {
    let server = ApiServer::default();
    let (_api, config) = server.start().await;
    let client = kube::Client::try_from(config).expect("a client");
    let token = token("ada-token");
    let audience = |name: &str| DelegatedAuth::with(client.clone(), vec![name.to_owned()], LONG);
    assert_eq!(audience("https://kubernetes.default.svc").user(&token).await.expect("a user").name(), "ada");
    let refused = audience("ci-service").user(&token).await.expect_err("for others").0;
    assert_eq!(refused.reason, Reason::Unauthorized);
    assert_eq!(server.asked(TOKEN_REVIEW)[1].1["spec"]["audiences"], json!(["ci-service"]));
}

/// Asks for the users of all `tokens` at once.
fn flood(auth: &DelegatedAuth, tokens: impl IntoIterator<Item = String>) -> JoinSet<Result<User, Reason>> {
    let asked = tokens.into_iter().map(|text| {
        let auth = auth.clone();
        async move { auth.user(&token(&text)).await.map_err(|refused| refused.0.reason) }
    });
    asked.collect()
}

#[tokio::test]
async fn a_flood_of_unknown_tokens_is_held_back_and_known_callers_pass() {
    let server = ApiServer::default();
    let (_api, config) = server.start().await;
    let auth = DelegatedAuth::with(kube::Client::try_from(config).expect("a client"), Vec::new(), NONE);
    auth.user(&token("ada-token")).await.expect("a user");
    let mut asked = flood(&auth, (0..300).map(|index| format!("slow-{index}")));
    // 32 reviews are running, 128 are waiting.
    for _ in 0..300 - 32 - 128 {
        let refused = asked.join_next().await.expect("one of them").expect("no panic");
        assert_eq!(refused.expect_err("there is no place"), Reason::TooManyRequests);
    }
    let user = auth.user(&token("ada-token")).await.expect("a user");
    let target = Target::collection::<Runner>(None);
    auth.authorize(&user, Verb::List, &target).await.expect("may");
    assert_eq!(server.asked(TOKEN_REVIEW).len(), 32 + 2);

    server.slow.add_permits(1);
    while let Some(answered) = asked.join_next().await {
        assert_eq!(answered.expect("no panic").expect_err("nobody's"), Reason::Unauthorized);
    }
    assert_eq!(server.asked(TOKEN_REVIEW).len(), 32 + 128 + 2);
}

#[tokio::test]
async fn a_question_that_is_under_way_is_not_asked_again() {
    let server = ApiServer::default();
    let (_api, config) = server.start().await;
    let auth = DelegatedAuth::with(kube::Client::try_from(config).expect("a client"), Vec::new(), NONE);
    let asked = flood(&auth, (0..300).map(|_| "slow".to_owned()));
    while server.asked(TOKEN_REVIEW).is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    server.slow.add_permits(1);
    assert!(asked.join_all().await.into_iter().all(|answer| answer == Err(Reason::Unauthorized)));
    assert_eq!(server.asked(TOKEN_REVIEW).len(), 1);
}

#[tokio::test]
async fn an_impersonated_caller_is_all_that_the_api_server_sees() {
    let server = ApiServer::default();
    let (_api, config) = server.start().await;
    let client = kube::Client::try_from(config.clone()).expect("a client");
    let auth = DelegatedAuth::with(client, Vec::new(), LONG);
    let service = serve(Impersonated { auth, impersonation: Impersonation::new(config).expect("a client") }).await;
    // Impersonation headers of a caller are not passed on.
    let forged = [ADA, ("impersonate-user", "root"), ("impersonate-group", "system:masters"), ("impersonate-uid", "0")];
    assert_eq!(get(&service, &format!("{RUNNERS}/large"), &forged).await.status, 200);
    let asked = server.asked(RUNNERS);
    let (headers, _) = &asked[0];
    let said =
        |name: &str| -> Vec<_> { headers.get_all(name).iter().map(|value| value.to_str().expect("text")).collect() };
    assert_eq!(said("authorization"), ["Bearer own-account"]);
    assert_eq!(said("impersonate-user"), ["ada"]);
    assert_eq!(said("impersonate-group"), ["dev", "ops"]);
    assert_eq!(headers.keys().filter(|name| name.as_str().starts_with("impersonate")).count(), 2);
    // A user name with a line break is refused, as it would become two headers.
    get(&service, RUNNERS, &[("authorization", "Bearer evil-token")]).await.problem(503, "ServiceUnavailable");
    assert_eq!(server.asked(RUNNERS).len(), 1);
}

#[tokio::test]
async fn a_token_passed_through_is_the_only_credential() {
    let server = ApiServer::default();
    let (_api, config) = server.start().await;
    let service = serve(PassedThrough(PassThrough::new(config).expect("a client"))).await;
    assert_eq!(get(&service, &format!("{RUNNERS}/large"), &[EVE, ("impersonate-user", "root")]).await.status, 200);
    let asked = server.asked(RUNNERS);
    let (headers, _) = &asked[0];
    let said: Vec<_> = headers.get_all("authorization").iter().collect();
    assert_eq!(said, ["Bearer eve-token"]);
    assert!(!headers.keys().any(|name| name.as_str().starts_with("impersonate")));
    // Without a token no request is sent.
    get(&service, RUNNERS, &[]).await.problem(401, "Unauthorized");
    assert_eq!(server.asked("").len(), 1);
}
