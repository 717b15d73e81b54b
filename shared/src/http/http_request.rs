use std::net::{IpAddr, Ipv4Addr};

use lambda_http::request::RequestContext;
use lambda_http::{Body, Request, RequestExt as _};

use super::edge::Edge;
use super::event::ApiHost;
use super::form_origins::FormOrigins;
use super::problem::{FieldErrorKind, IDEMPOTENCY_KEY, Problem};
use crate::domain::{ClientInfo, IdempotencyKey, RequestId};
use crate::i18n::Language;

/// Longest `User-Agent` that is kept, in characters.
const MAX_USER_AGENT_CHARS: usize = 256;

/// A request as API Gateway passed it on.
pub(super) struct HttpRequest {
    pub(super) method: String,
    /// The path as API Gateway saw it, never normalised by us.
    pub(super) path: String,
    /// The address of the peer, as API Gateway saw it, or of the edge's client. Otherwise no header is
    /// asked: anybody can write one.
    pub(super) source: IpAddr,
    pub(super) id: RequestId,
    pub(super) content_type: Option<String>,
    pub(super) app_header: Option<String>,
    pub(super) accept_language: Option<String>,
    /// What names a confirmation, so that it may be repeated.
    pub(super) idempotency_key: Option<String>,
    /// `?app=`, which only pages look at.
    pub(super) app_query: Option<String>,
    /// What stands for `{token}` in the route's path.
    pub(super) path_token: Option<String>,
    pub(super) user_agent: String,
    /// Whether a form in it is one of our own pages, or of an allowed one.
    pub(super) is_from_own_page: bool,
    pub(super) body: Vec<u8>,
}

impl HttpRequest {
    /// Reads a request; `None` when the event is not one of an HTTP API, or came past the edge that
    /// it has to come through.
    pub(super) fn read(request: Request, edge: &Edge, forms: &FormOrigins) -> Option<Self> {
        let RequestContext::ApiGatewayV2(context) = request.request_context_ref()?.clone() else {
            return None;
        };
        let http = context.http;
        let header = |name: &str| {
            // A value that is no text is still there: it must not pass for an absent one.
            let value = request.headers().get(name)?.as_bytes();
            Some(String::from_utf8_lossy(value).into_owned())
        };
        // The id names the job that a request becomes, so there is no request without one.
        let id = context.request_id.filter(|id| !id.is_empty())?;
        let peer = http.source_ip.and_then(|ip| ip.parse().ok());
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        let host = request.extensions().get::<ApiHost>();
        let host = host.map(|host| host.0.as_str());
        let source = edge.source(request.headers(), peer)?;
        Some(Self {
            method: http.method.as_str().to_owned(),
            path: request.raw_http_path().to_owned(),
            source,
            id: RequestId::new(&id),
            content_type: header("content-type"),
            app_header: header("x-app-name"),
            accept_language: header("accept-language"),
            idempotency_key: header(IDEMPOTENCY_KEY),
            app_query: request
                .query_string_parameters_ref()
                .and_then(|query| query.first("app"))
                .map(str::to_owned),
            path_token: None,
            user_agent: header("user-agent").unwrap_or_default(),
            is_from_own_page: forms.take(request.headers(), host),
            body: match request.into_body() {
                Body::Text(text) => text.into_bytes(),
                Body::Binary(bytes) => bytes,
                _ => Vec::new(),
            },
        })
    }

    /// What stands for `{token}` in the path; nothing that could be one where the route has none.
    pub(super) fn path_token(&self) -> &str {
        self.path_token.as_deref().unwrap_or_default()
    }

    pub(super) fn idempotency_key(&self) -> Result<Option<IdempotencyKey>, Problem> {
        let Some(text) = &self.idempotency_key else {
            return Ok(None);
        };
        let key = IdempotencyKey::parse(text).map(Some);
        key.ok_or_else(|| Problem::field(IDEMPOTENCY_KEY, FieldErrorKind::NotAKey))
    }

    /// The language that the caller prefers, of those that there are texts in.
    pub(super) fn language(&self) -> Option<Language> {
        self.accept_language.as_deref().and_then(Language::accepted)
    }

    /// What a mail shows of who asked.
    pub(super) fn client(&self) -> ClientInfo {
        ClientInfo {
            ip: self.source.to_string(),
            user_agent: printable(&self.user_agent),
        }
    }
}

/// A browser's name, of printable ASCII alone. Real ones hold nothing else, and what else a caller may
/// send (U+FFFE, half a pair of surrogates) later programs cannot read.
fn printable(name: &str) -> String {
    let printable = name.chars().filter(|c| matches!(c, ' '..='~'));
    printable.take(MAX_USER_AGENT_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_s_name_is_kept_as_printable_ascii() {
        let name = "Mozilla/5.0\u{fffe} (X11;\u{0} Linux)\u{fffd}\u{ffff}\u{202e}\r\n";
        assert_eq!(printable(name), "Mozilla/5.0 (X11; Linux)");
        assert_eq!(printable(&"x".repeat(300)).len(), 256);
    }
}
