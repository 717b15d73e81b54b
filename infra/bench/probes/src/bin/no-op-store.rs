//! The service over a store that does nothing: what the code itself takes of a request.
//!
//! `no-op-store request|verify|confirm COUNT` answers so many events, with the settings of that
//! function, and writes to standard error how many nanoseconds one took. With a link's token in the
//! place of COUNT it is what Lambda runs, but for the SDK: its store holds this link. Logs are
//! written as the function writes them.

use std::error::Error;
use std::io::{self, Write as _};
use std::net::IpAddr;
use std::time::Instant;

use aws_lambda_events::event::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use lambda_http::lambda_runtime::{self, LambdaEvent, service_fn};
use serde_json::{Value, json};
use shared::adapters::{
    Argon2Hasher, Argon2Memory, ConfiguredHasher, KnownPasswordsFile, SystemClock, SystemEntropy,
};
use shared::config::{CommonConfig, ConfirmConfig, RequestResetConfig, VerifyConfig, environment};
use shared::domain::{
    AppId, ChangeTag, EmailAddress, Issued, LinkSecret, LinkToken, Locator, Owner, PasswordHash,
    RateDecision, ResetRecord, ResetRequest, SecretState, Timestamp, User, UserKey,
};
use shared::http::{ConfirmEndpoint, RequestEndpoint, VerifyEndpoint};
use shared::ports::{
    Acceptance, CodeTries, CommitOutcome, Endings, PasswordChange, PasswordChanges, RejectionLog,
    RequestOutbox, Reservation, ResetRecords, SaveOutcome, SourceLimiter, StoreError,
    UserDirectory, UserLookup,
};
use shared::use_cases::{
    CancelReset, ConfirmPorts, ConfirmReset, RequestReset, VerifyPorts, VerifyToken,
};

const EMAIL: &str = "somebody@example.com";
const SECRET: [u8; LinkSecret::BYTES] = [7; LinkSecret::BYTES];

/// A store that holds one live link, whatever is asked of it.
#[derive(Clone)]
struct OneLink {
    record: ResetRecord,
    user: User,
}

impl OneLink {
    fn new(app: &AppId, token: &LinkToken) -> Self {
        let user = User {
            name: Some("Somebody".to_owned()),
            password_hash: Some(PasswordHash::new("$argon2id$v=19$of-before".to_owned())),
            ..User::new(UserKey::text("somebody".to_owned()), EMAIL)
        };
        let mut record = ResetRecord::empty(app.clone(), EMAIL);
        record.owners[0] = Owner::of(&user);
        let link = Issued {
            state: SecretState::Alive,
            expires_at: Timestamp::from_unix_seconds(4_102_444_800),
            owner: 0,
        };
        record.links.insert(token.secret_hash().encoded(), link);
        Self { record, user }
    }
}

impl SourceLimiter for OneLink {
    async fn count(&self, _: IpAddr, _: Timestamp) -> Result<RateDecision, StoreError> {
        Ok(RateDecision::Allowed)
    }
}

impl RequestOutbox for OneLink {
    async fn submit(&self, _: &ResetRequest) -> Result<Acceptance, StoreError> {
        Ok(Acceptance::Accepted)
    }
}

impl ResetRecords for OneLink {
    async fn load(&self, _: &Locator) -> Result<Option<ResetRecord>, StoreError> {
        Ok(Some(self.record.clone()))
    }
}

impl CodeTries for OneLink {
    async fn reserve(&self, _: &Locator, _: Option<&ChangeTag>) -> Result<Reservation, StoreError> {
        Ok(Reservation::Refused(None))
    }

    async fn refund(&self, _: &Locator, _: u64) -> Result<(), StoreError> {
        Ok(())
    }
}

impl Endings for OneLink {
    async fn save_ended(&self, _: &Locator, _: &ResetRecord) -> Result<SaveOutcome, StoreError> {
        Ok(SaveOutcome::Saved)
    }

    async fn revoke_all(&self, _: &Locator) -> Result<(), StoreError> {
        Ok(())
    }
}

impl RejectionLog for OneLink {
    async fn count_rejection(
        &self,
        _: &Locator,
        _: &ResetRecord,
        _: usize,
        _: Timestamp,
    ) -> Result<(), StoreError> {
        Ok(())
    }
}

impl UserDirectory for OneLink {
    async fn get(&self, _: &AppId, _: &UserKey) -> Result<Option<User>, StoreError> {
        Ok(Some(self.user.clone()))
    }

    async fn find_by_email(&self, _: &AppId, _: &EmailAddress) -> Result<UserLookup, StoreError> {
        Ok(UserLookup::Found(Box::new(self.user.clone())))
    }
}

impl PasswordChanges for OneLink {
    async fn commit(&self, _: &PasswordChange) -> Result<CommitOutcome, StoreError> {
        Ok(CommitOutcome::Changed)
    }
}

/// Verifying over [`OneLink`].
struct VerifyBench;

impl VerifyPorts for VerifyBench {
    type Store = OneLink;
    type Hasher = Argon2Hasher<SystemEntropy>;
    type Clock = SystemClock;
    type Entropy = SystemEntropy;
}

/// Confirming over [`OneLink`].
struct ConfirmBench;

impl VerifyPorts for ConfirmBench {
    type Store = OneLink;
    type Hasher = ConfiguredHasher<SystemEntropy>;
    type Clock = SystemClock;
    type Entropy = SystemEntropy;
}

impl ConfirmPorts for ConfirmBench {
    type Users = OneLink;
    type Changes = OneLink;
    type Known = KnownPasswordsFile;
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let operation = arguments.next().unwrap_or_default();
    let how = How::parse(&arguments.next().ok_or("how many?")?)?;
    match operation.as_str() {
        "request" => request(how).await,
        "verify" => verify(how).await,
        "confirm" => confirm(how).await,
        other => Err(format!("what is {other}?").into()),
    }
}

/// What is done with the endpoint.
enum How {
    /// It answers so many events, to see how long one takes.
    Count(u32),
    /// It is what Lambda runs, and knows this link.
    Serve(LinkToken),
}

impl How {
    fn parse(text: &str) -> Result<Self, Box<dyn Error>> {
        Ok(match text.parse() {
            Ok(count) => Self::Count(count),
            Err(_) => Self::Serve(LinkToken::parse(text).ok_or("neither a count nor a token")?),
        })
    }

    /// The link that the store holds.
    fn token(&self, app: &AppId) -> LinkToken {
        match self {
            Self::Serve(token) => token.clone(),
            Self::Count(_) => {
                let email = EmailAddress::parse(EMAIL).expect("a good address");
                LinkToken::new(Locator::new(app, &email), LinkSecret::from_bytes(SECRET))
            }
        }
    }

    async fn run(
        self,
        event: Value,
        answer: impl AsyncFn(ApiGatewayV2httpRequest) -> ApiGatewayV2httpResponse,
    ) -> Result<(), Box<dyn Error>> {
        match self {
            Self::Count(count) => measure(count, event, answer).await,
            Self::Serve(_) => {
                let answer = async |event: LambdaEvent<_>| {
                    Ok::<_, lambda_runtime::Error>(answer(event.payload).await)
                };
                lambda_runtime::run(service_fn(answer))
                    .await
                    .map_err(|error| error as Box<dyn Error>)
            }
        }
    }
}

async fn request(how: How) -> Result<(), Box<dyn Error>> {
    let RequestResetConfig::Http(config) = RequestResetConfig::read(environment)? else {
        return Err("another mode".into());
    };
    let (store, _) = start(&config.common, "request-reset", &how);
    let endpoint = RequestEndpoint {
        use_case: RequestReset { store },
        clock: SystemClock,
        limits: config.common.limits,
        settings: config.settings(None),
    };
    let event = event("/v1/request-reset", &json!({ "email": EMAIL }));
    how.run(event, async |event| endpoint.handle(event).await)
        .await
}

async fn verify(how: How) -> Result<(), Box<dyn Error>> {
    let config = VerifyConfig::read(environment)?;
    let (store, token) = start(&config.http.common, "verify-token", &how);
    let endpoint = VerifyEndpoint::<VerifyBench> {
        use_case: VerifyToken {
            store,
            hasher: Argon2Hasher::new(config.argon2, Argon2Memory::default(), SystemEntropy)?,
            clock: SystemClock,
        },
        entropy: SystemEntropy,
        policy: config.policy,
        settings: config.http.settings(Some(config.policy)),
    };
    let event = event("/v1/verify-token", &json!({ "token": token }));
    how.run(event, async |event| endpoint.handle(event).await)
        .await
}

async fn confirm(how: How) -> Result<(), Box<dyn Error>> {
    let config = ConfirmConfig::read(environment)?;
    let (store, token) = start(&config.http.common, "confirm-reset", &how);
    let known = config.known_passwords.as_deref();
    let endpoint = ConfirmEndpoint::<ConfirmBench> {
        use_case: ConfirmReset {
            users: store.clone(),
            changes: store.clone(),
            verify: VerifyToken {
                store: store.clone(),
                hasher: ConfiguredHasher::new(
                    config.hashing,
                    Argon2Memory::default(),
                    SystemEntropy,
                )?,
                clock: SystemClock,
            },
            entropy: SystemEntropy,
            policy: config.policy,
            limits: config.http.common.limits,
            known: known.map(KnownPasswordsFile::open).transpose()?,
        },
        cancel: CancelReset {
            store,
            clock: SystemClock,
        },
        settings: config.http.settings(Some(config.policy)),
    };
    let password = "seven lanterns over the bay";
    let body = json!({ "token": token, "password": password });
    let event = event("/v1/confirm-reset", &body);
    how.run(event, async |event| endpoint.handle(event).await)
        .await
}

/// Starts logging; gives the store, and the text of its link's token.
fn start(common: &CommonConfig, function: &'static str, how: &How) -> (OneLink, String) {
    common.start_telemetry(function);
    let app = &common.apps.default_app().id;
    let token = how.token(app);
    (OneLink::new(app, &token), token.expose().to_string())
}

fn event(path: &str, body: &Value) -> Value {
    json!({
        "version": "2.0",
        "routeKey": format!("POST {path}"),
        "rawPath": path,
        "rawQueryString": "",
        "headers": {
            "accept": "application/json",
            "accept-language": "en-GB,en;q=0.9",
            "content-type": "application/json",
            "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0",
        },
        "requestContext": {
            "http": {
                "method": "POST",
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "198.51.100.7",
                "userAgent": "Mozilla/5.0",
            },
            "requestId": "bench",
            "stage": "$default",
        },
        "body": body.to_string(),
        "isBase64Encoded": false,
    })
}

/// Answers the event `count` times, from its text to the text of its answer.
async fn measure(
    count: u32,
    event: Value,
    answer: impl AsyncFn(ApiGatewayV2httpRequest) -> ApiGatewayV2httpResponse,
) -> Result<(), Box<dyn Error>> {
    let text = event.to_string();
    let once = async || {
        let answer = answer(serde_json::from_str(&text)?).await;
        serde_json::to_string(&answer)
    };
    let first: Value = serde_json::from_str(&once().await?)?;
    let status = first["statusCode"].as_u64().unwrap_or_default();
    if !(200..300).contains(&status) {
        return Err(format!("the answer is {first}").into());
    }
    let begun = Instant::now();
    for _ in 0..count {
        once().await?;
    }
    writeln!(io::stderr(), "{}", (begun.elapsed() / count).as_nanos())?;
    Ok(())
}
