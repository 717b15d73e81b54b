//! The part of `request-reset` that the table's stream calls, and that mails.

use std::marker::PhantomData;
use std::sync::Mutex;

use aws_config::SdkConfig;
use aws_lambda_events::event::dynamodb::{Event, EventRecord};
use aws_lambda_events::event::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use lambda_runtime::{Error, LambdaEvent, service_fn};

use crate::adapters::aws::{SesConnector, dynamodb_client, sdk_config};
use crate::adapters::dynamodb::{DynamoStore, DynamoUsers, jobs_from_record};
use crate::adapters::{Argon2Hasher, Argon2Memory, SesMailer, SystemClock, SystemEntropy};
use crate::config::WorkerConfig;
use crate::domain::{Job, PageUrls};
use crate::mail::TemplateComposer;
use crate::ports::{Clock, HashError, Sleep};
use crate::worker::{Worker, WorkerPorts};

/// Real DynamoDB and SES.
struct RealPorts<C>(PhantomData<C>);

impl<C: Clock + Sleep> WorkerPorts for RealPorts<C> {
    type Store = DynamoStore;
    type Users = DynamoUsers;
    type Mailer = SesMailer;
    type Composer = TemplateComposer;
    type Hasher = Argon2Hasher<SystemEntropy>;
    type Clock = C;
    type Entropy = SystemEntropy;
}

/// The half that the table's stream calls. It has no route.
pub struct MailWorker<C: Clock + Sleep>(Worker<RealPorts<C>>);

impl<C: Clock + Sleep> MailWorker<C> {
    /// The worker over real DynamoDB and SES.
    ///
    /// # Errors
    ///
    /// [`HashError`] when argon2 does not know the configured cost.
    pub fn new(config: WorkerConfig, sdk: &SdkConfig, clock: C) -> Result<Self, HashError> {
        // First, because it is made ready beside everything else.
        let memory = Argon2Memory::prepared(config.argon2);
        let hasher = Argon2Hasher::new(config.argon2, memory, SystemEntropy)?;
        let common = config.common;
        let dynamodb = dynamodb_client(sdk);
        let ses = SesConnector::new(sdk, common.aws.trusted_roots);
        Ok(Self(Worker {
            store: common.store(dynamodb.clone()),
            users: DynamoUsers::new(dynamodb, config.users),
            mailer: SesMailer::new(ses, config.ses_configuration_set),
            composer: TemplateComposer::new(common.catalogue),
            hasher,
            clock,
            entropy: SystemEntropy,
            apps: common.apps,
            limits: common.limits,
            mail_cap: config.mail_cap,
            page_urls: PageUrls::new(config.public_url),
            pseudonymizer: common.pseudonymizer,
            recent_sends: Mutex::default(),
        }))
    }

    /// Returns when argon2's memory is there. No connection is opened: nobody waits for the first call.
    pub fn ready(&self) {
        self.0.hasher.ready();
    }
}

/// Works through a batch of stream records. What is reported is the first one that is to come
/// again: Lambda resumes there.
pub async fn handle_batch<C: Clock + Sleep>(
    worker: &MailWorker<C>,
    event: Event,
) -> DynamoDbEventResponse {
    let (numbers, jobs): (Vec<_>, Vec<_>) = event.records.into_iter().flat_map(jobs).unzip();
    let failed = worker.0.work(&jobs).await.map(|place| &numbers[place]);
    let mut response = DynamoDbEventResponse::default();
    if let Some(number) = failed {
        let mut failure = DynamoDbBatchItemFailure::default();
        failure.item_identifier = Some(number.clone());
        response.batch_item_failures.push(failure);
    }
    response
}

/// The jobs that a record asks for, each behind the record's sequence number.
fn jobs(record: EventRecord) -> impl Iterator<Item = (String, Job)> {
    let number = record.change.sequence_number.clone().unwrap_or_default();
    let jobs = jobs_from_record(record).into_iter();
    jobs.map(move |job| (number.clone(), job))
}

pub(super) async fn serve(config: WorkerConfig) -> Result<(), Error> {
    config.common.start_telemetry("mail-worker");
    let sdk = sdk_config(config.common.aws.clone());
    let worker = MailWorker::new(config, &sdk, SystemClock)?;
    worker.ready();
    let batch =
        async |event: LambdaEvent<_>| Ok::<_, Error>(handle_batch(&worker, event.payload).await);
    lambda_runtime::run(service_fn(batch)).await
}
