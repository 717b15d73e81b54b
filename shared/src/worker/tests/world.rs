//! A world in virtual time: every call takes a span that is drawn from a seed.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::{
    AppId, ClientInfo, CodeHash, CodeSalt, Delivery, EmailAddress, IssuedSecrets, Job, JobTask,
    Limits, Locator, MailCap, MailReference, Notice, NoticeId, OtherRecipients, PageUrls,
    PasswordHash, Pseudonymizer, RequestId, ResetRecord, ResetRequest, ShortCode, Timestamp, User,
    UserKey, UserLookup,
};
use crate::ports::{
    ChangedMail, Clock, CodeHasher, ComposeError, EndedPage, EndedSessions, Entropy,
    ExternalSignInMail, FailureLog, HashError, MailCapCounter, MailCapDecision, MailComposer,
    MailError, MailPriority, MailSlot, Mailer, Notices, OutgoingMail, RandomError, ResetMail,
    ResetRecordStore, ResetRecords, SaveOutcome, Sessions, Sleep, StoreError, UserDirectory,
};
use crate::settings::tests::apps_with;
use crate::worker::{Worker, WorkerPorts};

/// When the virtual clock starts, in seconds since the epoch.
const EPOCH: i64 = 1_800_000_000;
/// How long a connection to SES takes, TLS included, in milliseconds.
const HANDSHAKE: (u64, u64) = (15, 40);
/// How long a call of DynamoDB takes, in milliseconds.
const DYNAMODB: (u64, u64) = (3, 25);

/// Numbers that look random and are the same for the same seed (splitmix64).
#[derive(Debug, Clone)]
pub(super) struct SeededRandom(Arc<Mutex<u64>>);

impl SeededRandom {
    pub(super) fn of(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(seed)))
    }

    /// One from the first to the second, both included.
    pub(super) fn from(&self, (least, most): (u64, u64)) -> u64 {
        let mut state = self.0.lock().expect("no panic");
        *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = *state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        least + (mixed ^ (mixed >> 31)) % (most - least + 1)
    }

    async fn pass(&self, milliseconds: (u64, u64)) {
        tokio::time::sleep(Duration::from_millis(self.from(milliseconds))).await;
    }
}

/// A mail that SES has taken.
#[derive(Debug, Clone)]
pub(super) struct SentMail {
    pub(super) recipient: String,
    /// When it was handed over.
    pub(super) started: Instant,
    /// When SES had it, from when on its way to the inbox is nobody's doing here.
    pub(super) arrived: Instant,
}

/// Everything outside the worker.
#[derive(Debug, Clone)]
pub(super) struct World {
    random: SeededRandom,
    /// How long SES takes, in milliseconds.
    ses: (u64, u64),
    start: Instant,
    records: Arc<Mutex<BTreeMap<String, ResetRecord>>>,
    taken: Arc<Mutex<Vec<SentMail>>>,
    /// Connections that are open and idle.
    idle: Arc<Mutex<usize>>,
    /// Whether a code left something in memory.
    hashed: Arc<AtomicBool>,
    /// How each page of a user's sessions ends, where they are stored.
    page: Option<Page>,
    /// Whether noting it panics.
    recording_panics: bool,
    recorded: Arc<Mutex<Vec<Result<EndedSessions, String>>>>,
}

/// How a page of sessions ends, by its number.
pub(super) type Page = fn(u32) -> Result<EndedPage<u32>, StoreError>;

pub(super) struct Virtual;

impl WorkerPorts for Virtual {
    type Store = World;
    type Users = World;
    type Mailer = World;
    type Composer = World;
    type Hasher = World;
    type Clock = World;
    type Entropy = World;
}

impl World {
    pub(super) fn new(seed: u64, ses: (u64, u64)) -> Self {
        Self {
            random: SeededRandom::of(seed),
            ses,
            start: Instant::now(),
            records: Arc::default(),
            taken: Arc::default(),
            idle: Arc::default(),
            hashed: Arc::default(),
            page: None,
            recording_panics: false,
            recorded: Arc::default(),
        }
    }

    /// The same with sessions, each page of which takes a second.
    pub(super) fn with_sessions(self, page: Page) -> Self {
        let page = Some(page);
        Self { page, ..self }
    }

    /// The same with a defect where it is noted what became of sessions.
    pub(super) fn with_panic_in_recording(self) -> Self {
        let recording_panics = true;
        Self {
            recording_panics,
            ..self
        }
    }

    pub(super) fn recorded(&self) -> Vec<Result<EndedSessions, String>> {
        self.recorded.lock().expect("no panic").clone()
    }

    pub(super) fn is_wiped(&self) -> bool {
        !self.hashed.load(Ordering::Relaxed)
    }

    pub(super) fn worker(&self) -> Worker<Virtual> {
        Worker {
            store: self.clone(),
            users: self.clone(),
            mailer: self.clone(),
            composer: self.clone(),
            hasher: self.clone(),
            clock: self.clone(),
            entropy: self.clone(),
            apps: apps_with(|_| ()).expect("good settings").0,
            limits: Limits::default(),
            mail_cap: MailCap::new(1_000_000, Limits::default().link_lifetime),
            page_urls: PageUrls::new("https://api.example.com".to_owned()),
            pseudonymizer: Pseudonymizer::new("key"),
            recent_sends: Mutex::default(),
        }
    }

    /// A request that has come just now. Addresses that begin with `known` have an account.
    pub(super) fn job(&self, email: &str) -> Job {
        let request = ResetRequest {
            id: RequestId::new(email),
            app: AppId::new("main").expect("a good id"),
            email: EmailAddress::parse(email).expect("an address"),
            locale: None,
            reset_url: None,
            client: ClientInfo::default(),
            requested_at: self.now(),
        };
        Job {
            pk: format!("request#{}", request.locator().encoded()),
            task: JobTask::Reset(Box::new(request)),
        }
    }

    /// A password that was changed just now.
    pub(super) fn change(&self, email: &str) -> Job {
        let id = NoticeId::from_random([7; 16]);
        Job {
            pk: format!("notice#{}", id.as_str()),
            task: JobTask::Changed(Notice {
                id,
                app: AppId::new("main").expect("a good id"),
                user_key: UserKey::text(email.to_owned()),
                email: email.to_owned(),
                others: OtherRecipients::default(),
                locale: None,
                changed_at: self.now(),
            }),
        }
    }

    /// The mails since the last call.
    pub(super) fn take(&self) -> Vec<SentMail> {
        std::mem::take(&mut *self.taken.lock().expect("no panic"))
    }

    async fn call(&self) {
        self.random.pass(DYNAMODB).await;
    }
}

impl Clock for World {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_seconds(EPOCH) + self.start.elapsed()
    }
}

impl Sleep for World {
    fn instant(&self) -> std::time::Instant {
        Instant::now().into_std()
    }

    async fn sleep_until(&self, moment: std::time::Instant) {
        tokio::time::sleep_until(moment.into()).await;
    }

    async fn sleep_until_time(&self, time: Timestamp) {
        let span = Timestamp::from_unix_seconds(EPOCH).seconds_until(time);
        tokio::time::sleep_until(self.start + Duration::from_secs(span)).await;
    }
}

impl Entropy for World {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        bytes.fill_with(|| u8::try_from(self.random.from((0, 255))).expect("a byte"));
        Ok(())
    }
}

impl CodeHasher for World {
    fn code_salt(&self) -> Result<CodeSalt, HashError> {
        Ok(CodeSalt::new(String::new()))
    }

    fn hash_code(&self, _: &ShortCode, _: &CodeSalt) -> Result<CodeHash, HashError> {
        self.hashed.store(true, Ordering::Relaxed);
        Ok(CodeHash::from_bytes([0; 32]))
    }

    fn wipe(&self) {
        self.hashed.store(false, Ordering::Relaxed);
    }
}

impl ResetRecords for World {
    async fn load(&self, locator: &Locator) -> Result<Option<ResetRecord>, StoreError> {
        self.call().await;
        let records = self.records.lock().expect("no panic");
        Ok(records.get(&locator.encoded()).cloned())
    }
}

impl ResetRecordStore for World {
    async fn save(
        &self,
        locator: &Locator,
        record: &ResetRecord,
    ) -> Result<SaveOutcome, StoreError> {
        self.call().await;
        let mut record = record.clone();
        record.revision += 1;
        let mut records = self.records.lock().expect("no panic");
        records.insert(locator.encoded(), record);
        Ok(SaveOutcome::Saved)
    }

    async fn record_delivery(
        &self,
        _: &Locator,
        _: &RequestId,
        _: &Delivery,
        _: Option<&IssuedSecrets>,
    ) -> Result<(), StoreError> {
        self.call().await;
        Ok(())
    }
}

impl Notices for World {
    async fn notice_delivery(&self, _: &NoticeId) -> Result<Option<Delivery>, StoreError> {
        self.call().await;
        Ok(None)
    }

    async fn record_notice_delivery(&self, _: &NoticeId, _: &Delivery) -> Result<(), StoreError> {
        self.call().await;
        Ok(())
    }

    async fn sessions_are_ended(&self, _: &NoticeId) -> Result<bool, StoreError> {
        self.call().await;
        Ok(false)
    }

    async fn record_sessions(
        &self,
        _: &NoticeId,
        ended: &Result<EndedSessions, String>,
        _: Timestamp,
    ) -> Result<(), StoreError> {
        self.call().await;
        assert!(!self.recording_panics, "something that nobody foresaw");
        self.recorded.lock().expect("no panic").push(ended.clone());
        Ok(())
    }
}

impl Sessions for World {
    type PageStart = u32;

    fn are_stored(&self, _: &AppId) -> bool {
        self.page.is_some()
    }

    async fn end_page(
        &self,
        _: &AppId,
        _: &UserKey,
        _: Timestamp,
        from: Option<&u32>,
    ) -> Result<EndedPage<u32>, StoreError> {
        tokio::time::sleep(Duration::from_secs(1)).await;
        self.page.expect("sessions are stored")(from.copied().unwrap_or_default())
    }
}

impl FailureLog for World {
    async fn count_failure(&self, _: &str, job: &str, _: Timestamp) -> Result<u32, StoreError> {
        unreachable!("{job} does not fail by itself")
    }
}

impl MailCapCounter for World {
    async fn acquire(
        &self,
        _: &MailCap,
        priority: MailPriority,
        window: Timestamp,
    ) -> Result<MailCapDecision, StoreError> {
        self.call().await;
        Ok(MailCapDecision::Slot(MailSlot { window, priority }))
    }

    async fn release(&self, _: MailSlot) -> Result<(), StoreError> {
        unreachable!("every mail is taken")
    }
}

impl UserDirectory for World {
    async fn get(&self, _: &AppId, _: &UserKey) -> Result<Option<User>, StoreError> {
        self.call().await;
        Ok(None)
    }

    async fn find_by_email(
        &self,
        _: &AppId,
        email: &EmailAddress,
    ) -> Result<UserLookup, StoreError> {
        self.call().await;
        if !email.normalised().starts_with("known") {
            return Ok(UserLookup::Nobody);
        }
        // The item behind the entry of the index.
        self.call().await;
        let email = email.normalised();
        Ok(UserLookup::Found(Box::new(User {
            password_hash: Some(PasswordHash::new("hash".to_owned())),
            ..User::new(UserKey::text(email.to_owned()), email)
        })))
    }
}

impl MailComposer for World {
    fn reset(&self, mail: &ResetMail<'_>) -> Result<OutgoingMail, ComposeError> {
        Ok(mail_to(&mail.user.email))
    }

    fn external_sign_in(&self, _: &ExternalSignInMail<'_>) -> Result<OutgoingMail, ComposeError> {
        unreachable!("everybody has a password")
    }

    fn changed(&self, mail: &ChangedMail<'_>) -> Result<OutgoingMail, ComposeError> {
        Ok(mail_to(&mail.notice.email))
    }
}

fn mail_to(recipient: &str) -> OutgoingMail {
    OutgoingMail {
        sender: String::new(),
        recipient: recipient.to_owned(),
        reply_to: None,
        language: String::new(),
        subject: String::new(),
        text: String::new(),
        html: String::new(),
        reference: MailReference::Changed(NoticeId::from_random([0; 16])),
        id: None,
    }
}

impl Mailer for World {
    fn with_own_connections(&self) -> Self {
        Self {
            idle: Arc::default(),
            ..self.clone()
        }
    }

    async fn send(&self, mail: &OutgoingMail) -> Result<String, MailError> {
        let started = Instant::now();
        let open = {
            let mut idle = self.idle.lock().expect("no panic");
            let open = *idle > 0;
            *idle = idle.saturating_sub(1);
            open
        };
        if !open {
            self.random.pass(HANDSHAKE).await;
        }
        self.random.pass(self.ses).await;
        *self.idle.lock().expect("no panic") += 1;
        self.taken.lock().expect("no panic").push(SentMail {
            recipient: mail.recipient.clone(),
            started,
            arrived: Instant::now(),
        });
        Ok("id".to_owned())
    }
}
