//! The pages, made of `web/` by `npm run build` and embedded with the feature `web`, and the reference of the API.
//!
//! Pages and their files are served only below `/ui`, so that an address of the API never returns a page. A build
//! without optimisation reads the files from `web/dist` for each request, so that a change of the pages needs no
//! compilation.

/// Returns the routes of the pages; none if the program was built without them.
#[cfg(not(feature = "web"))]
pub fn routes() -> axum::Router {
    axum::Router::new()
}

#[cfg(feature = "web")]
pub use built::routes;

#[cfg(feature = "web")]
mod built {
    use axum::Router;
    use axum::extract::Path;
    use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
    use axum::middleware::map_response;
    use axum::response::{IntoResponse, Redirect, Response};
    use axum::routing::get;
    use crdgen_runtime::server::{method_not_allowed, not_found};
    use rust_embed::{EmbeddedFile, RustEmbed};

    /// Embedded files. If the folder is missing, the service has only its API.
    #[derive(RustEmbed)]
    #[folder = "web/dist"]
    #[allow_missing = true]
    struct Dist;

    const INDEX: &str = "index.html";

    /// Returns the routes of the pages; none if the program was built without them.
    pub fn routes() -> Router {
        if Dist::get(INDEX).is_none() {
            return Router::new();
        }
        let pages = Router::new()
            .route("/", get(async || Redirect::temporary("/ui/")))
            .route("/ui", get(async || Redirect::temporary("/ui/")))
            .route("/ui/", get(async |headers: HeaderMap| reply(INDEX, &headers)))
            .route("/ui/{*path}", get(page))
            .layer(map_response(|response| secured(response, PAGES)));
        let reference = Router::new()
            .route("/docs", get(async |headers: HeaderMap| reply("docs/index.html", &headers)))
            .layer(map_response(|response| secured(response, REFERENCE)));
        pages.merge(reference).method_not_allowed_fallback(method_not_allowed)
    }

    /// Returns a file, or the page's program for any other address. An address below [`HASHED`] is never a page.
    async fn page(Path(path): Path<String>, uri: Uri, headers: HeaderMap) -> Response {
        match Dist::get(&path) {
            Some(_) => reply(&path, &headers),
            None if path.starts_with(HASHED) => not_found(uri).await.into_response(),
            None => reply(INDEX, &headers),
        }
    }

    /// Folder of the files that have a hash of their content in their names.
    const HASHED: &str = "assets/";
    /// Caching for files of [`HASHED`]: a file with another content has another name.
    const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
    /// Caching for all other files: kept, but checked for each request, because they name the files of one build.
    const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

    /// Returns a file: compressed if the client accepts that, and without a body if the client has it.
    fn reply(path: &str, request: &HeaderMap) -> Response {
        let compressed = takes_brotli(request).then(|| Dist::get(&format!("{path}.br"))).flatten();
        let is_compressed = compressed.is_some();
        let Some(file) = compressed.or_else(|| Dist::get(path)) else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let tag = tag(&file);
        let mut headers = HeaderMap::new();
        headers.insert(header::CACHE_CONTROL, if path.starts_with(HASHED) { FOR_EVER } else { ASK_AGAIN });
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(header::CONTENT_TYPE, media_type(path));
        if is_compressed {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        }
        let has_it = request.get(header::IF_NONE_MATCH).is_some_and(|known| known == tag.as_str());
        headers.extend(HeaderValue::try_from(tag).map(|tag| (header::ETAG, tag)));
        match has_it {
            true => (StatusCode::NOT_MODIFIED, headers).into_response(),
            false => (headers, file.data).into_response(),
        }
    }

    /// Returns the hash of a file's content as an entity tag.
    fn tag(file: &EmbeddedFile) -> String {
        let hash = file.metadata.sha256_hash();
        let digits: String = hash[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        format!("\"{digits}\"")
    }

    fn takes_brotli(request: &HeaderMap) -> bool {
        let values = request.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|coding| coding.trim() == "br")
    }

    /// Returns the media type for the extension of a path. A build makes no files with other extensions.
    fn media_type(path: &str) -> HeaderValue {
        HeaderValue::from_static(match path.rsplit_once('.').map(|(_, extension)| extension) {
            Some("html") => "text/html; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("json") => "application/json",
            _ => "application/octet-stream",
        })
    }

    /// Content security policy of the pages: everything is loaded from this origin, and nothing inline.
    const PAGES: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                         base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    /// Content security policy of the reference: its program uses inline styles and draws with data URLs.
    const REFERENCE: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                             img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; \
                             form-action 'none'; frame-ancestors 'none'";

    async fn secured(mut response: Response, policy: &'static str) -> Response {
        const HEADERS: [(HeaderName, &str); 4] = [
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::REFERRER_POLICY, "no-referrer"),
            (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
            (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
        ];
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
        headers.extend(HEADERS.map(|(name, value)| (name, HeaderValue::from_static(value))));
        response
    }
}
