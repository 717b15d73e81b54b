use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_smithy_http_client::tls::TlsContext;

use super::roots::TrustedRoots;
use super::settings;

/// Longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// Longest wait for one answer of DynamoDB, which usually takes single milliseconds.
const DYNAMODB_ATTEMPT_TIMEOUT: Duration = Duration::from_millis(1500);
/// Longest wait for DynamoDB with all retries: below every function's own timeout.
const DYNAMODB_TIMEOUT: Duration = Duration::from_secs(5);
/// First pause between two tries of DynamoDB; somebody is waiting for the answer.
const DYNAMODB_FIRST_PAUSE: Duration = Duration::from_millis(50);
/// Tries of one call of DynamoDB.
const DYNAMODB_TRIES: u32 = 4;
/// Longest wait for SES. It is generous, because after a timeout nobody knows whether the mail was sent.
const SES_TIMEOUT: Duration = Duration::from_secs(10);

/// A DynamoDB client, whose retries are safe: every write carries a condition or a token. Tests set
/// how long it waits for answers in `config`; functions leave that to it.
pub fn dynamodb_client(config: &SdkConfig) -> aws_sdk_dynamodb::Client {
    let given = config.timeout_config();
    let attempt = given.and_then(TimeoutConfig::operation_attempt_timeout);
    let operation = given.and_then(TimeoutConfig::operation_timeout);
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(attempt.unwrap_or(DYNAMODB_ATTEMPT_TIMEOUT))
        .operation_timeout(operation.unwrap_or(DYNAMODB_TIMEOUT))
        .build();
    let retries = RetryConfig::standard()
        .with_max_attempts(DYNAMODB_TRIES)
        .with_initial_backoff(DYNAMODB_FIRST_PAUSE);
    let config = aws_sdk_dynamodb::config::Builder::from(config)
        .retry_config(retries)
        .timeout_config(timeouts)
        // It gives a stalled answer five seconds; the timeouts above give it less.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .build();
    aws_sdk_dynamodb::Client::from_conf(config)
}

/// Makes clients of SES that have nothing in common: no connection and no TLS session.
#[derive(Debug, Clone)]
pub struct SesConnector {
    config: SdkConfig,
    roots: TlsContext,
}

impl SesConnector {
    /// A connector with these credentials, which believes in these roots.
    pub fn new(config: &SdkConfig, roots: TrustedRoots) -> Self {
        Self {
            config: config.clone(),
            roots: settings::tls_context(roots),
        }
    }

    /// A client that never retries, because a retry may be a second mail: whether to risk it after
    /// a lost answer is for the outbox to decide. Each of its calls has a connection of its own, so
    /// that no mail is sooner for another one's.
    pub fn client(&self) -> aws_sdk_sesv2::Client {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .operation_timeout(SES_TIMEOUT)
            .build();
        let config = aws_sdk_sesv2::config::Builder::from(&self.config)
            .http_client(settings::http_client(self.roots.clone(), 0))
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts)
            .build();
        aws_sdk_sesv2::Client::from_conf(config)
    }
}
