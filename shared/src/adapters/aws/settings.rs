use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::{RuntimeComponents, SharedCredentialsProvider};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

use super::TrustedRoots;

/// Where the services of AWS are, and which roots vouch for them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AwsSettings {
    /// The Region, as Lambda says it.
    pub region: Option<String>,
    pub trusted_roots: TrustedRoots,
    /// Whether endpoints with validated cryptography are used.
    pub use_fips: bool,
    /// Whether endpoints that speak IPv6 too are used.
    pub use_dual_stack: bool,
    /// Where the services are, if not where the SDK would look for them.
    pub endpoints: Endpoints,
}

/// URLs of services by the variables that all AWS SDKs know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// `AWS_ENDPOINT_URL_DYNAMODB`, else `AWS_ENDPOINT_URL`.
    pub dynamodb: Option<String>,
    /// `AWS_ENDPOINT_URL_SESV2`, else `AWS_ENDPOINT_URL`.
    pub ses: Option<String>,
}

impl LoadServiceConfig for Endpoints {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        match (key.env(), key.service_id()) {
            ("AWS_ENDPOINT_URL", "DynamoDB") => self.dynamodb.clone(),
            ("AWS_ENDPOINT_URL", "SESv2") => self.ses.clone(),
            _ => None,
        }
    }
}

/// What every client of a function shares: credentials, Region, one HTTP client.
///
/// It is put together here, and not by the SDK's own loader, because a function's credentials are
/// always in its environment: the loader would build clients of other services, read profiles that
/// there are not, and bring all their code along.
pub fn sdk_config(settings: AwsSettings) -> SdkConfig {
    let credentials = EnvironmentVariableCredentialsProvider::new();
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(settings.region.map(Region::new))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(http_client(tls_context(settings.trusted_roots), usize::MAX))
        .use_fips(settings.use_fips)
        .use_dual_stack(settings.use_dual_stack)
        .service_config(settings.endpoints)
        .build()
}

/// A client that keeps so many connections open while nothing is sent.
pub(super) fn http_client(roots: TlsContext, idle: usize) -> SharedHttpClient {
    let client = Builder::new()
        .pool_max_idle_per_host(idle)
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .tls_context(roots)
        .build_https();
    SharedHttpClient::new(Unvalidated(client))
}

/// A client that reads its roots when it first connects. The SDK would have it read them once more
/// before that, to see whether they can be read: a tenth of a start's instructions.
#[derive(Debug)]
struct Unvalidated(SharedHttpClient);

impl HttpClient for Unvalidated {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        self.0.http_connector(settings, components)
    }
}

pub(super) fn tls_context(roots: TrustedRoots) -> TlsContext {
    let context = TlsContext::builder().with_trust_store(roots.store());
    // The builder checks nothing today; certificates that cannot be read would fail every call.
    context.build().unwrap_or_default()
}
