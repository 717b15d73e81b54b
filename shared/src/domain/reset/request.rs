use crate::domain::{AppId, EmailAddress, Locator, Timestamp};

/// The id of one HTTP request, as API Gateway gave it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestId(String);

impl RequestId {
    /// The id with this text, cut to 128 characters.
    pub fn new(text: &str) -> Self {
        Self(text.chars().take(128).collect())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where a request came from, as the mail shows it; cut to what a mail has room for.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ClientInfo {
    pub ip: String,
    /// The `User-Agent` header, at most 256 characters.
    pub user_agent: String,
}

/// A request for a reset that passed the limits: what request-reset writes and the worker reads.
#[derive(Clone)]
pub struct ResetRequest {
    /// The HTTP request's id, and the job's.
    pub id: RequestId,
    pub app: AppId,
    pub email: EmailAddress,
    /// The language that the frontend asked for.
    pub locale: Option<String>,
    /// The link that the frontend asked for; it has passed the app's allow list.
    pub reset_url: Option<String>,
    pub client: ClientInfo,
    pub requested_at: Timestamp,
}

impl ResetRequest {
    /// Where the request and the token that answers it are stored.
    pub fn locator(&self) -> Locator {
        Locator::new(&self.app, &self.email)
    }
}
