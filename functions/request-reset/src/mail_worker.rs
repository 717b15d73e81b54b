use std::time::Duration;

use aws_config::SdkConfig;
use aws_lambda_events::event::dynamodb::{Event, EventRecord};
use aws_lambda_events::event::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use shared::adapters::aws::{dynamodb_client, ses_client};
use shared::adapters::dynamodb::{DynamoStore, DynamoUsers, job_from_record};
use shared::adapters::{Argon2Hasher, SesMailer, SystemEntropy};
use shared::config::WorkerConfig;
use shared::domain::{EmailAddress, Job, JobTask, OwnPages, Pseudonymizer, Timestamp};
use shared::mail::TemplateComposer;
use shared::ports::{Clock, HashError, Pause};
use shared::telemetry::MEASURED;
use shared::use_cases::{JobError, JobOutcome, Look, SendMail};

/// The use case over real DynamoDB and SES.
type RealSendMail<C> = SendMail<
    DynamoStore,
    DynamoUsers,
    SesMailer,
    TemplateComposer,
    Argon2Hasher<SystemEntropy>,
    C,
    SystemEntropy,
>;

/// The half that the table's stream calls. It has no route.
pub struct MailWorker<C> {
    use_case: RealSendMail<C>,
    unknown_address_retry: Duration,
    pseudonymizer: Pseudonymizer,
}

impl<C: Clock> MailWorker<C> {
    /// The worker over real DynamoDB and SES.
    ///
    /// # Errors
    ///
    /// [`HashError`] when argon2 does not know the configured cost.
    pub fn new(config: WorkerConfig, sdk: &SdkConfig, clock: C) -> Result<Self, HashError> {
        // First, because its memory is made ready beside everything else.
        let hasher = Argon2Hasher::new(config.argon2, SystemEntropy)?;
        let common = config.common;
        let dynamodb = dynamodb_client(sdk);
        let store = DynamoStore::new(
            dynamodb.clone(),
            common.tokens_table,
            common.limits,
            common.pseudonymizer.clone(),
        );
        Ok(Self {
            use_case: SendMail {
                store,
                users: DynamoUsers::new(dynamodb, config.users),
                mailer: SesMailer::new(ses_client(sdk), config.ses_configuration_set),
                composer: TemplateComposer::new(common.catalogue),
                hasher,
                clock,
                entropy: SystemEntropy,
                apps: common.apps,
                limits: common.limits,
                mail_cap: config.mail_cap,
                own_pages: OwnPages::new(config.public_url),
            },
            unknown_address_retry: config.unknown_address_retry,
            pseudonymizer: common.pseudonymizer,
        })
    }

    /// Returns when argon2's memory is there. No connection is opened: nobody waits for the first call.
    pub fn ready(&self) {
        self.use_case.hasher.ready();
    }

    /// How long somebody has waited for this mail so far; the greatest of these is the age of the
    /// oldest one.
    fn measure_age(&self, job: &Job) {
        let asked = match &job.task {
            JobTask::Reset(request) => request.requested_at,
            JobTask::Changed(notice) => notice.changed_at,
            JobTask::Unreadable { .. } => return,
        };
        let age = asked.seconds_until(self.use_case.clock.now());
        let seconds = u32::try_from(age).unwrap_or(u32::MAX);
        tracing::info!(target: MEASURED, mail_age_seconds = f64::from(seconds));
    }

    fn log(&self, job: &Job, done: &Result<JobOutcome, JobError>) {
        let (account, mail, job) = (self.account(job), mail(job), job.name());
        match done {
            Ok(JobOutcome::Sent { message_id }) => {
                tracing::info!(event = "mail-sent", mail, account, job, message_id);
            }
            // Somebody has to look into the users table.
            Ok(JobOutcome::Skipped { reason }) if *reason == "ambiguous-address" => {
                tracing::warn!(event = "mail-skipped", mail, account, job, reason);
            }
            Ok(JobOutcome::Skipped { reason }) => {
                tracing::info!(event = "mail-skipped", mail, account, job, reason);
            }
            Ok(JobOutcome::LookAgain) => {}
            Ok(JobOutcome::Duplicate) => {
                tracing::info!(event = "mail-duplicate", mail, account, job);
            }
            Ok(JobOutcome::Failed { reason }) => {
                tracing::warn!(event = "mail-rejected", mail, account, job, reason);
            }
            Ok(JobOutcome::Parked { reason }) => {
                tracing::error!(event = "mail-parked", mail, account, job, reason);
            }
            // Rings: whether it is an attack or a busy hour, somebody has to look.
            Err(JobError::Held { until }) => {
                let until = until.to_rfc3339();
                tracing::warn!(event = "mail-held", mail, account, job, until);
            }
            Err(JobError::Retry(reason) | JobError::Broken(reason)) => {
                tracing::warn!(event = "mail-deferred", mail, account, job, reason);
            }
        }
    }

    /// What is left of the time in which an account that was made just before `asked_at` may not be
    /// found.
    fn rest(&self, asked_at: Timestamp) -> Duration {
        let waited = asked_at.seconds_until(self.use_case.clock.now());
        let waited = Duration::from_secs(waited);
        self.unknown_address_retry.saturating_sub(waited)
    }

    /// Whether a job that finds nobody is to be looked at once more.
    fn look(&self, order: &Order) -> Look {
        let young = |asked_at| !self.rest(asked_at).is_zero();
        if order.asked_at().is_some_and(young) {
            Look::First
        } else {
            Look::Last
        }
    }

    fn account(&self, job: &Job) -> Option<String> {
        let email = match &job.task {
            JobTask::Reset(request) => Some(request.email.clone()),
            JobTask::Changed(notice) => EmailAddress::parse(&notice.email).ok(),
            JobTask::Unreadable { .. } => None,
        };
        email.map(|email| self.pseudonymizer.email(&email).to_string())
    }
}

impl<C: Clock + Pause> MailWorker<C> {
    async fn work(&self, job: &Job, look: Look) -> Result<JobOutcome, JobError> {
        let done = self.use_case.execute(job, look).await;
        self.log(job, &done);
        if !matches!(done, Ok(JobOutcome::LookAgain)) {
            self.measure_age(job);
        }
        done
    }

    /// Waits until an account that was made just before `asked_at` can be found.
    async fn wait_for_new_accounts(&self, asked_at: Timestamp) {
        let rest = self.rest(asked_at);
        self.use_case.clock.pause(rest).await;
    }
}

/// Which mail a job asks for, as logs say it.
const fn mail(job: &Job) -> &'static str {
    match job.task {
        JobTask::Reset(_) => "reset",
        JobTask::Changed(_) => "changed",
        JobTask::Unreadable { .. } => "unknown",
    }
}

/// A job, and the stream record that asks for it.
struct Order {
    sequence_number: String,
    job: Job,
}

impl Order {
    /// When a reset was asked for, if that is what the job is about.
    fn asked_at(&self) -> Option<Timestamp> {
        match &self.job.task {
            JobTask::Reset(request) => Some(request.requested_at),
            JobTask::Changed(_) | JobTask::Unreadable { .. } => None,
        }
    }
}

/// Works through a batch of stream records, in order.
///
/// It stops at the first record that is to be tried again, so that nothing behind it is done
/// twice. Those whose address nobody has are looked at once more at the end, so that the wait is
/// one for all of them; but only while there is something to wait for: whatever is done behind one
/// that was put off comes once more when that one fails. A batch without such an address waits as long: else whoever has a mail of
/// their own sent behind somebody's request could tell by its delay whether that address is known.
/// What is reported is the first record that is not done: Lambda resumes there.
pub async fn handle_batch<C: Clock + Pause>(
    worker: &MailWorker<C>,
    event: Event,
) -> DynamoDbEventResponse {
    let mut unknown = Vec::new();
    let mut newest = None;
    let mut failed = None;
    for order in event.records.into_iter().filter_map(order) {
        newest = newest.max(order.asked_at());
        match worker.work(&order.job, worker.look(&order)).await {
            Ok(JobOutcome::LookAgain) => unknown.push(order),
            Ok(_) => {}
            Err(_) => {
                failed = Some(order.sequence_number);
                break;
            }
        }
    }
    if let Some(newest) = newest {
        worker.wait_for_new_accounts(newest).await;
    }
    for order in unknown {
        if worker.work(&order.job, Look::Last).await.is_err() {
            failed = Some(order.sequence_number);
            break;
        }
    }
    response(failed)
}

fn order(record: EventRecord) -> Option<Order> {
    Some(Order {
        sequence_number: record.change.sequence_number.clone().unwrap_or_default(),
        job: job_from_record(record)?,
    })
}

fn response(failed: Option<String>) -> DynamoDbEventResponse {
    let mut response = DynamoDbEventResponse::default();
    if failed.is_some() {
        let mut failure = DynamoDbBatchItemFailure::default();
        failure.item_identifier = failed;
        response.batch_item_failures.push(failure);
    }
    response
}
