use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;

use super::reader::Reader;
use crate::adapters::SystemClock;
use crate::adapters::aws::{AwsSettings, Endpoints, TrustedRoots};
use crate::adapters::dynamodb::DynamoStore;
use crate::domain::{Apps, Limits, Pseudonymizer};
use crate::i18n::Catalogue;
use crate::settings::Settings;
use crate::telemetry::{self, LogLevel, MetricsSettings};

/// How long a link works where nothing is said.
const LINK_LIFETIME: Duration = Duration::from_mins(30);

/// What every function needs.
#[derive(Debug, Clone)]
pub struct CommonConfig {
    pub log_level: LogLevel,
    /// Where metrics are counted; `None` counts none.
    pub metrics: Option<MetricsSettings>,
    pub aws: AwsSettings,
    /// The table of requests, counters, tokens and notices.
    pub tokens_table: String,
    pub apps: Apps,
    /// The texts of pages, mails and errors.
    pub catalogue: Arc<Catalogue>,
    /// Makes pseudonyms for logs and counters.
    pub pseudonymizer: Pseudonymizer,
    pub limits: Limits,
}

impl CommonConfig {
    /// Starts the log and the metrics of a function.
    pub fn start_telemetry(&self, function: &'static str) {
        telemetry::init(self.log_level, self.metrics.clone(), function, SystemClock);
    }

    pub fn store(&self, client: Client) -> DynamoStore {
        DynamoStore::new(
            client,
            self.tokens_table.clone(),
            self.limits,
            self.pseudonymizer.clone(),
        )
    }

    pub(super) fn read(reader: &Reader<'_>) -> (Option<Self>, Option<Settings>) {
        let release = reader.optional("RELEASE");
        let metrics = reader
            .optional("METRICS_NAMESPACE")
            .map(|namespace| MetricsSettings { namespace, release });
        let mut aws = read_aws(reader);
        let tokens_table = reader.required("TOKENS_TABLE");
        let settings = reader.settings(aws.endpoints.dynamodb.as_deref());
        let folder = reader.settings_folder();
        let apps = settings.as_ref().map(|settings| settings.apps(&folder));
        let apps = apps.and_then(|apps| reader.good(apps));
        let key = reader.secret("PSEUDONYM_KEY");
        let link_lifetime = reader.seconds("LINK_LIFETIME_SECONDS", LINK_LIFETIME, 300..=86_400);
        let common = |settings: &Settings| {
            let (apps, catalogue) = apps?;
            aws.trusted_roots = settings.trusted_roots.in_region(aws.region.as_deref());
            Some(Self {
                log_level: settings.log_level,
                metrics,
                aws,
                tokens_table: tokens_table?,
                apps,
                catalogue,
                pseudonymizer: Pseudonymizer::new(&key?),
                limits: settings.limits(link_lifetime),
            })
        };
        (settings.as_ref().and_then(common), settings)
    }
}

/// Variables that every AWS SDK knows; Lambda sets the Region.
fn read_aws(reader: &Reader<'_>) -> AwsSettings {
    let everywhere = reader.optional("AWS_ENDPOINT_URL");
    let endpoint = |name| reader.optional(name).or_else(|| everywhere.clone());
    AwsSettings {
        trusted_roots: TrustedRoots::default(),
        region: reader.optional("AWS_REGION"),
        use_fips: reader.flag("AWS_USE_FIPS_ENDPOINT", false),
        use_dual_stack: reader.flag("AWS_USE_DUALSTACK_ENDPOINT", false),
        endpoints: Endpoints {
            dynamodb: endpoint("AWS_ENDPOINT_URL_DYNAMODB"),
            ses: endpoint("AWS_ENDPOINT_URL_SESV2"),
        },
    }
}
