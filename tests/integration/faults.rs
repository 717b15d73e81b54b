//! Every fault at every call of AWS that the flow makes, and what must be true whatever happens. A sample
//! has each fault at some calls, and each call with some fault.
//!
//! A person asks for a reset, the worker mails it, the person sets a password, the worker mails the
//! warning. At one of these calls a fault begins, which passes by itself or lasts until it is ended.
//! A person who is told to come back later does so; nothing is restarted.

use std::time::Duration;

use integration_tests::app::{Answer, DEMO, NEW_PASSWORD, OLD_PASSWORD};
use integration_tests::items::item_image;
use integration_tests::mailbox::{code_in, token_in};
use integration_tests::sessions::SessionsTable::Partition;
use integration_tests::stream::stream_event;
use integration_tests::test_depth::places;
use integration_tests::{Fault, TestApp};
use local_stack::ses::Mail;
use serde_json::json;

/// Longer than any retries.
const LASTING: usize = 1_000_000;
/// Calls of the whole flow by link: request 2, mail 7, confirmation 3, warning 4.
const CALLS_BY_LINK: usize = 16;
/// By code the confirmation takes two more.
const CALLS_BY_CODE: usize = 18;
/// Calls that follow a change with two more to be told and one session to end: three mails, and what is
/// noted of the sessions, a page, a deletion, a note.
const CALLS_AFTER_CHANGE: usize = 16;
/// People who are mailed by one batch.
const PEOPLE: usize = 3;
/// Calls of one of its mails.
const CALLS_OF_MAIL: usize = 7;

const THROTTLING: Fault = Fault::Refuse(400, "ThrottlingException", "");
const CONFLICT: Fault = Fault::Refuse(400, "TransactionConflictException", "");

/// One fault at one place.
#[derive(Debug, Clone)]
struct Case {
    fault: Fault,
    /// Calls that pass before.
    at: usize,
    /// Calls that meet it.
    count: usize,
}

/// A fault, and how many calls meet it.
type Lasts = (Fault, usize);

impl Case {
    /// Lets it befall this app.
    fn begin(&self, app: &TestApp) {
        app.aws.break_down(self.at, self.count, self.fault.clone());
    }

    /// How many mails more than one there may be: a lost answer may hide that one was sent.
    fn spare_mails(&self) -> usize {
        usize::from(self.fault.is_ambiguous())
    }
}

/// Each of these faults at every call of a flow, and just behind the last, where it is not met.
async fn everywhere(
    faults: impl IntoIterator<Item = Lasts>,
    calls: usize,
    meets: impl AsyncFn(&Case) -> bool,
) {
    for (turn, (fault, count)) in faults.into_iter().enumerate() {
        for at in places(calls, turn) {
            let fault = fault.clone();
            let case = Case { fault, at, count };
            assert!(Box::pin(meets(&case)).await, "{case:?}");
        }
        let at = calls;
        let case = Case { fault, at, count };
        assert!(!Box::pin(meets(&case)).await, "{case:?}");
    }
}

async fn everywhere_by_link(faults: &[Fault], count: usize) {
    let faults = faults.iter().map(|fault| (fault.clone(), count));
    everywhere(faults, CALLS_BY_LINK, async |case| meets(case, false).await).await;
}

/// Goes through the flow, and says whether it met the fault.
async fn meets(case: &Case, by_code: bool) -> bool {
    let mut app = TestApp::builder();
    // Where nothing hangs, a busy machine would add a call, which then meets the fault.
    if matches!(case.fault, Fault::HangAfter) && case.at < CALLS_BY_LINK {
        app = app.deployed_timeouts();
    }
    let app = app.start().await;
    case.begin(&app);
    let asked = request(&app, case).await;
    deliver(&app).await;
    let mails = resets(&app);
    assert!(!mails.is_empty(), "{case:?}: an accepted request was lost");
    assert!(
        mails.len() <= asked + case.spare_mails(),
        "{case:?}: {}",
        mails.len()
    );
    for mail in &mails {
        assert!(
            is_alive(&app, &token_in(mail)).await,
            "{case:?}: a dead link in a mail"
        );
    }
    confirm(&app, case, by_code, mails.last().expect("a mail")).await;
    for mail in &mails {
        assert!(
            !is_alive(&app, &token_in(mail)).await,
            "{case:?}: a link outlives the change"
        );
    }
    deliver(&app).await;
    let warnings = app.ses.mails().len() - mails.len();
    assert!(
        (1..=1 + case.spare_mails()).contains(&warnings),
        "{case:?}: {warnings}"
    );

    let met = app.aws.has_broken_down();

    // Health, without a restart.
    app.aws.clear_faults();
    app.clock.advance(Duration::from_mins(1));
    assert_eq!(app.request_reset(DEMO).await.status(), 202, "{case:?}");
    app.deliver().await;
    assert!(
        is_alive(&app, &token_in(&app.last_mail())).await,
        "{case:?}"
    );
    met
}

/// Asks until it is accepted, and says how often.
async fn request(app: &TestApp, case: &Case) -> usize {
    let answer = app.request_reset(DEMO).await;
    if answer.status() == 202 {
        return 1;
    }
    assert_told_to_come_back(&answer, case);
    app.aws.clear_faults();
    app.clock.advance(Duration::from_mins(1));
    assert_eq!(app.request_reset(DEMO).await.status(), 202, "{case:?}");
    2
}

/// Lets the worker try while the fault lasts, and then until it is done.
async fn deliver(app: &TestApp) {
    if app.deliver_once().await.pending > 0 {
        app.deliver_once().await;
        app.aws.clear_faults();
    }
    let progress = app.deliver().await;
    assert_eq!((progress.pending, progress.discarded), (0, 0));
}

/// Sets the password, and checks after a failure that nothing was done by halves.
async fn confirm(app: &TestApp, case: &Case, by_code: bool, mail: &Mail) {
    let answer = try_to_confirm(app, by_code, mail).await;
    if answer.status() != 200 {
        assert_told_to_come_back(&answer, case);
        app.aws.clear_faults();
        let alive = is_alive(app, &token_in(mail)).await;
        let unchanged = app.password_is(OLD_PASSWORD).await;
        assert_eq!(
            alive, unchanged,
            "{case:?}: spent without a change, or the reverse"
        );
        let again = try_to_confirm(app, by_code, mail).await;
        let expected = if unchanged { 200 } else { 400 };
        assert_eq!(again.status(), expected, "{case:?}");
    }
    // What was answered is true.
    assert!(app.password_is(NEW_PASSWORD).await, "{case:?}");
}

async fn try_to_confirm(app: &TestApp, by_code: bool, mail: &Mail) -> Answer {
    if by_code {
        app.confirm_code(DEMO, &code_in(mail), NEW_PASSWORD).await
    } else {
        app.confirm_link(&token_in(mail), NEW_PASSWORD).await
    }
}

fn assert_told_to_come_back(answer: &Answer, case: &Case) {
    let said = (answer.status(), answer.problem());
    assert_eq!(said, (503, "service-unavailable".to_owned()), "{case:?}");
    assert_eq!(answer.0.header("retry-after"), Some("5"), "{case:?}");
}

fn resets(app: &TestApp) -> Vec<Mail> {
    let mails = app.ses.mails().into_iter();
    mails
        .filter(|mail| mail.subject.contains("Reset"))
        .collect()
}

/// Whether a link is alive, asked past any fault.
async fn is_alive(app: &TestApp, token: &str) -> bool {
    let answer = app.aws.unharmed(app.verify_link(token)).await;
    answer.status() == 200
}

#[tokio::test]
async fn faults_that_pass() {
    let faults = [THROTTLING, Fault::INTERNAL, CONFLICT, Fault::Cut];
    everywhere_by_link(&faults, 1).await;
}

#[tokio::test]
async fn faults_that_last() {
    let faults = [THROTTLING, Fault::INTERNAL, CONFLICT, Fault::Cut];
    everywhere_by_link(&faults, LASTING).await;
}

#[tokio::test]
async fn answers_that_are_lost() {
    everywhere_by_link(&[Fault::LoseAnswer, Fault::CutAfter], 1).await;
}

#[tokio::test]
async fn answers_that_never_come() {
    everywhere_by_link(&[Fault::HangAfter], 1).await;
}

#[tokio::test]
async fn faults_by_code() {
    let faults = [(Fault::INTERNAL, LASTING), (Fault::CutAfter, 1)];
    everywhere(faults, CALLS_BY_CODE, async |case| meets(case, true).await).await;
}

#[tokio::test]
async fn batches_that_fail_half_way() {
    let faults = [(Fault::INTERNAL, LASTING), (Fault::CutAfter, 1)];
    everywhere(faults, PEOPLE * CALLS_OF_MAIL, batch_meets).await;
}

#[tokio::test]
async fn what_follows_a_change_survives_faults() {
    let faults = [
        (THROTTLING, 1),
        (Fault::INTERNAL, LASTING),
        (Fault::CutAfter, 1),
    ];
    everywhere(faults, CALLS_AFTER_CHANGE, change_meets).await;
}

/// Tells three of a change and ends a session, and says whether it met the fault.
async fn change_meets(case: &Case) -> bool {
    let app = TestApp::builder()
        .setting("users.notice_emails_attribute", "contacts")
        .setting("users.sessions", Partition.settings())
        .start()
        .await;
    Partition.create_in(&app).await;
    Partition.open_three(&app, "demo", "").await;
    let contacts = json!(["b@b.example", "c@c.example"]);
    app.set_user("demo", "contacts", contacts).await;
    app.change_password().await;
    app.ses.clear();
    case.begin(&app);
    deliver(&app).await;
    let met = app.aws.has_broken_down();
    app.aws.clear_faults();

    let mails = app.ses.mails();
    // In an outage that begins behind a mail its sending cannot be noted, and it comes again with the
    // others.
    let unnoted = if case.count == LASTING { 2 } else { 0 };
    let spare = case.spare_mails() + unnoted;
    let few = (3..=3 + spare).contains(&mails.len());
    assert!(few, "{case:?}: {} mails", mails.len());
    for email in [DEMO, "b@b.example", "c@c.example"] {
        let is_told = mails.iter().any(|mail| mail.to == [email]);
        assert!(is_told, "{case:?}: nothing for {email}");
    }
    // What was given up meanwhile is done when it is sent again, and nobody is mailed once more of whom
    // that could be noted.
    let notice = app.notice().await;
    let given_up = Partition.ids(&app).await.contains("old");
    assert!(!given_up || case.count == LASTING, "{case:?}");
    let again = stream_event(&item_image(&notice));
    assert!(app.work(&again).await.is_empty());
    let again = app.ses.mails().len() - mails.len();
    assert!(
        again <= unnoted + usize::from(unnoted > 0),
        "{case:?}: {again}"
    );
    let left: Vec<_> = Partition.ids(&app).await.into_iter().collect();
    assert_eq!(left, ["another's", "new"], "{case:?}");
    met
}

/// Mails several people by one batch, and says whether it met the fault.
async fn batch_meets(case: &Case) -> bool {
    let app = TestApp::start().await;
    for n in 0..PEOPLE {
        let email = format!("user{n}@example.com");
        app.add_user(&email, &email, OLD_PASSWORD).await;
        app.request_reset(&email).await;
    }
    case.begin(&app);
    deliver(&app).await;
    let met = app.aws.has_broken_down();
    app.aws.clear_faults();
    let mails = resets(&app);
    let spare = case.spare_mails();
    let few = (PEOPLE..=PEOPLE + spare).contains(&mails.len());
    assert!(few, "{case:?}: {} mails", mails.len());
    for n in 0..PEOPLE {
        let email = format!("user{n}@example.com");
        let got = mails.iter().filter(|mail| mail.to == [email.clone()]);
        assert!(got.count() >= 1, "{case:?}: nothing for {email}");
    }
    for mail in &mails {
        let alive = is_alive(&app, &token_in(mail)).await;
        assert!(alive, "{case:?}: a dead link");
    }
    met
}
