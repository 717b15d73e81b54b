//! Functions that are killed (SIGKILL) before and after every call of AWS that they make, and when
//! they have done everything but answer. A sample has the first and the last of these.
//!
//! The real binaries run in processes of their own. A call is held on its way there or on its way
//! back, and its caller dies. Then what would happen happens: the client asks once more, the
//! stream delivers once more, and Lambda starts another process. Nothing else is restarted.

use std::pin::pin;

use integration_tests::app::{Answer, NEW_PASSWORD, OLD_PASSWORD, assert_ok};
use integration_tests::mailbox::{code_in, token_in};
use integration_tests::sessions::SessionsTable::Partition;
use integration_tests::test_depth;
use integration_tests::{Fault, TestApp, TestAppBuilder};
use local_stack::ses::Mail;
use serde_json::{Value, json};

const REQUEST: &str = "RequestResetFunction";
const WORKER: &str = "MailWorkerFunction";
const VERIFY: &str = "VerifyTokenFunction";
const CONFIRM: &str = "ConfirmResetFunction";

/// When a function dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    /// It has made this call, counted from 0, which has reached nobody.
    Before(usize),
    /// This call was done, and it has not heard so.
    After(usize),
    /// It has done everything, and nobody has heard its answer.
    Answering,
}

/// One death, and the person whom it befalls.
struct Case<'a> {
    app: &'a TestApp,
    moment: Moment,
    email: String,
}

/// Kills a function at each moment of a flow of so many calls, which says whether its moment came, and
/// then whether everything had been done; says after how many deaths it had. There is no further call.
async fn kill_everywhere(calls: usize, flow: impl AsyncFn(&Case<'_>) -> Option<bool>) -> usize {
    kill_everywhere_in(&builder().start().await, calls, flow).await
}

fn builder() -> TestAppBuilder {
    TestApp::builder()
        .setting("limits.source_requests", 100_000)
        .setting("mail.per_hour", 1_000_000)
        .setting("users.notice_emails_attribute", "contacts")
        .processes(1)
}

async fn kill_everywhere_in(
    app: &TestApp,
    calls: usize,
    flow: impl AsyncFn(&Case<'_>) -> Option<bool>,
) -> usize {
    let mut done = 0;
    let killed = async |moment| {
        let email = format!("{moment:?}@example.com").to_lowercase();
        let email = email.replace(['(', ')'], "-");
        app.add_user(&email, &email, OLD_PASSWORD).await;
        let case = Case { app, moment, email };
        Box::pin(flow(&case)).await
    };
    for call in 0..calls {
        if test_depth::is_full() || call == 0 {
            let before = killed(Moment::Before(call)).await;
            assert_eq!(before, Some(false), "nothing is done before call {call}");
        }
        if test_depth::is_full() || call + 1 == calls {
            let after = killed(Moment::After(call)).await;
            done += usize::from(after.expect("there is such a call"));
        }
    }
    assert_eq!(killed(Moment::Before(calls)).await, None);
    let answering = killed(Moment::Answering).await;
    done += usize::from(answering.expect("it always answers"));
    done
}

impl Case<'_> {
    /// Does something in which the function dies; none when its moment never came.
    async fn kill<T>(&self, function: &str, work: impl Future<Output = T>) -> Option<T> {
        let (aws, lambda) = (&self.app.aws, self.app.lambda());
        lambda.warm(function).await;
        match self.moment {
            Moment::Before(call) => aws.break_down(call, 1, Fault::Hang),
            Moment::After(call) => aws.break_down(call, 1, Fault::HangAfter),
            Moment::Answering => {
                lambda.kill_at_answer(function);
                let done = work.await;
                return (!lambda.spare(function)).then_some(done);
            }
        }
        let mut work = pin!(work);
        let killed = tokio::select! {
            _ = &mut work => None,
            () = aws.hangs() => {
                lambda.kill(function);
                Some(work.await)
            }
        };
        aws.clear_faults();
        killed
    }

    /// Lets the worker do something in which it dies; none when its moment never came.
    async fn kill_worker(&self) -> Option<()> {
        let progress = Box::pin(self.kill(WORKER, self.app.deliver_once())).await?;
        let failure = progress.failure.as_deref().unwrap_or_default();
        assert!(
            failure.contains("signal: 9"),
            "{:?}: {failure}",
            self.moment
        );
        assert_eq!(progress.discarded, 0, "{:?}", self.moment);
        Some(())
    }

    /// Somebody else, whom the same death befalls.
    fn neighbour(&self) -> Self {
        let email = format!("other-{}", self.email);
        Self { email, ..*self }
    }

    /// Changes the password by a link.
    async fn changed(&self) {
        let token = token_in(&self.mailed().await);
        assert_ok(&self.app.confirm_link(&token, NEW_PASSWORD).await);
    }

    /// Asks for a reset and has it mailed.
    async fn mailed(&self) -> Mail {
        assert_eq!(self.app.request_reset(&self.email).await.status(), 202);
        self.deliver().await;
        self.resets().pop().expect("a mail")
    }

    /// Lets the stream deliver until everything is delivered.
    async fn deliver(&self) {
        let progress = self.app.deliver().await;
        let left = (progress.pending, progress.discarded);
        assert_eq!(left, (0, 0), "{:?}: {progress:?}", self.moment);
    }

    fn mails(&self, subject: &str) -> Vec<Mail> {
        let mut mails = self.app.ses.mails();
        mails.retain(|mail| mail.to == [self.email.as_str()] && mail.subject.contains(subject));
        mails
    }

    fn resets(&self) -> Vec<Mail> {
        self.mails("Reset")
    }

    fn warnings(&self) -> Vec<Mail> {
        self.mails("was changed")
    }

    async fn is_alive(&self, mail: &Mail) -> bool {
        self.app.verify_link(&token_in(mail)).await.status() == 200
    }

    async fn has_password(&self, password: &str) -> bool {
        self.app.password_of(&self.email, password).await
    }

    /// The person's item of this kind.
    async fn item(&self, prefix: &str) -> Option<Value> {
        let mut items = self.app.items(prefix).await;
        let is_own = |item: &Value| item["email"] == self.email;
        items.retain(|item| {
            let mut owners = item["owners"].as_array().into_iter().flatten();
            is_own(item) || owners.any(is_own)
        });
        assert!(items.len() <= 1, "{:?}: {items:?}", self.moment);
        items.pop()
    }

    /// All that was mailed works, whatever happened; then the first success kills it, and is told.
    async fn end_well(&self) {
        let mails = self.resets();
        for mail in &mails {
            assert!(self.is_alive(mail).await, "{:?}: a dead link", self.moment);
        }
        let token = token_in(mails.last().expect("a mail"));
        let answer = self.app.confirm_link(&token, NEW_PASSWORD).await;
        assert_eq!(answer.status(), 200, "{:?}", self.moment);
        self.deliver().await;
        self.ended().await;
    }

    /// The password is the new one, nothing that was mailed is alive, and the person was told once.
    async fn ended(&self) {
        assert!(self.has_password(NEW_PASSWORD).await, "{:?}", self.moment);
        for mail in self.resets() {
            assert!(!self.is_alive(&mail).await, "{:?}: alive", self.moment);
        }
        assert_eq!(self.warnings().len(), 1, "{:?}", self.moment);
    }
}

/// What a client hears of a function that died.
fn assert_failed(answer: &Answer, moment: Moment) {
    let said = (answer.status(), answer.json());
    let expected = (500, json!({ "message": "Internal Server Error" }));
    assert_eq!(said, expected, "{moment:?}");
}

async fn request(case: &Case<'_>) -> Option<bool> {
    let answer = case.kill(REQUEST, case.app.request_reset(&case.email));
    let answer = answer.await?;
    assert_failed(&answer, case.moment);
    let done = case.item("request#").await.is_some();
    let again = case.app.request_reset(&case.email).await;
    assert_eq!(again.status(), 202);
    case.deliver().await;
    assert_eq!(case.resets().len(), 1, "{:?}", case.moment);
    case.end_well().await;
    Some(done)
}

/// Changes the password, and kills the worker while it tells of that; gives the record of the change.
async fn notified_of_change(case: &Case<'_>) -> Option<Value> {
    case.changed().await;
    case.kill_worker().await?;
    Some(case.item("notice#").await.expect("a notice"))
}

async fn changed_mail(case: &Case<'_>) -> Option<bool> {
    let notice = notified_of_change(case).await?;
    let taken = case.warnings().len();
    let known = is_sent(&notice["delivery"]);
    case.deliver().await;
    let expected = 1 + taken - usize::from(known);
    assert_eq!(case.warnings().len(), expected, "{:?}", case.moment);
    Some(known)
}

/// Two are told of one change.
async fn changed_mails(case: &Case<'_>) -> Option<bool> {
    let other = case.neighbour();
    let contacts = other.email.clone();
    case.app.set_user(&case.email, "contacts", contacts).await;
    let notice = notified_of_change(case).await?;
    let others = &notice["deliveries"]["1"];
    let mails = [(case, &notice["delivery"]), (&other, others)];
    let before = mails.map(|(case, delivery)| {
        let known = usize::from(is_sent(delivery));
        (case, case.warnings().len(), known)
    });
    case.deliver().await;
    let mut done = 0;
    for (case, taken, known) in before {
        // What is known of one mail is not sent again with the other.
        assert_eq!(
            case.warnings().len(),
            1 + taken - known,
            "{:?}",
            case.moment
        );
        done += known;
    }
    Some(done == 2)
}

/// Sessions end beside the mail.
async fn ended_sessions(case: &Case<'_>) -> Option<bool> {
    let ending = format!(" of {}", case.email);
    Partition.open_three(case.app, &case.email, &ending).await;
    let notice = notified_of_change(case).await?;
    let taken = case.warnings().len();
    let told = is_sent(&notice["delivery"]);
    let known = notice.get("sessions").is_some();
    let gone = !Partition
        .ids(case.app)
        .await
        .contains(&format!("old{ending}"));
    assert!(gone || !known, "{:?}: noted and not done", case.moment);
    case.deliver().await;
    let expected = 1 + taken - usize::from(told);
    assert_eq!(case.warnings().len(), expected, "{:?}", case.moment);
    let left = Partition.ids(case.app).await;
    let is_left = ["old", "new", "another's"].map(|name| left.contains(&format!("{name}{ending}")));
    assert_eq!(is_left, [false, true, true], "{:?}", case.moment);
    Some(told && known)
}

async fn reset_mail(case: &Case<'_>) -> Option<bool> {
    reset_mails(&[case]).await
}

/// Two mails in one batch, of which the worker does not see the end.
async fn batch(case: &Case<'_>) -> Option<bool> {
    let second = case.neighbour();
    let (app, email) = (case.app, &second.email);
    app.add_user(email, email, OLD_PASSWORD).await;
    reset_mails(&[case, &second]).await
}

async fn reset_mails(cases: &[&Case<'_>]) -> Option<bool> {
    for case in cases {
        assert_eq!(case.app.request_reset(&case.email).await.status(), 202);
    }
    cases[0].kill_worker().await?;
    let sent = || cases.iter().map(|case| case.resets().len()).sum::<usize>();
    let taken = sent();
    let mut known = 0;
    for case in cases {
        if let Some(record) = case.item("token#").await {
            let deliveries = record["deliveries"].as_object().expect("a map").values();
            known += deliveries.filter(|it| is_sent(it)).count();
        }
    }
    cases[0].deliver().await;
    // Once more only when nobody could know that SES had taken it.
    let moment = cases[0].moment;
    assert_eq!(sent(), cases.len() + taken - known, "{moment:?}");
    for case in cases {
        case.end_well().await;
    }
    Some(known == cases.len())
}

fn is_sent(delivery: &Value) -> bool {
    delivery["state"] == "sent"
}

async fn confirm_by_link(case: &Case<'_>) -> Option<bool> {
    let token = token_in(&case.mailed().await);
    let confirm = || case.app.confirm_link(&token, NEW_PASSWORD);
    confirm_at(case, confirm).await
}

async fn confirm_by_code(case: &Case<'_>) -> Option<bool> {
    let code = code_in(&case.mailed().await);
    let confirm = || case.app.confirm_code(&case.email, &code, NEW_PASSWORD);
    confirm_at(case, confirm).await
}

async fn confirm_at<F>(case: &Case<'_>, confirm: impl Fn() -> F) -> Option<bool>
where
    F: Future<Output = Answer>,
{
    let answer = case.kill(CONFIRM, confirm()).await?;
    assert_failed(&answer, case.moment);
    let mail = case.resets().pop().expect("a mail");
    let unchanged = case.has_password(OLD_PASSWORD).await;
    let said = (case.moment, "spent without a change, or the reverse");
    assert_eq!(case.is_alive(&mail).await, unchanged, "{said:?}");
    let told = case.item("notice#").await.is_some();
    assert_eq!(told, !unchanged, "{:?}", case.moment);
    let again = confirm().await;
    let expected = if unchanged { 200 } else { 400 };
    assert_eq!(again.status(), expected, "{:?}", case.moment);
    case.deliver().await;
    case.ended().await;
    Some(!unchanged)
}

async fn verify_by_code(case: &Case<'_>) -> Option<bool> {
    let code = code_in(&case.mailed().await);
    let verify = || case.app.verify_code(&case.email, &code);
    let answer = case.kill(VERIFY, verify()).await?;
    assert_failed(&answer, case.moment);
    let record = case.item("token#").await.expect("a record");
    let tries = &record["code_attempts"];
    assert_eq!(verify().await.status(), 200, "{:?}", case.moment);
    case.end_well().await;
    // A right try costs none, unless nobody was left to give it back.
    let lost = matches!(case.moment, Moment::After(1) | Moment::Before(2));
    assert_eq!(*tries == 1, lost, "{:?}", case.moment);
    Some(matches!(case.moment, Moment::After(2) | Moment::Answering))
}

async fn cancel(case: &Case<'_>) -> Option<bool> {
    let mail = case.mailed().await;
    let token = token_in(&mail);
    let cancel = || case.app.cancel(&token);
    let answer = case.kill(CONFIRM, cancel()).await?;
    assert_failed(&answer, case.moment);
    let done = !case.is_alive(&mail).await;
    assert_eq!(cancel().await.status(), 200, "{:?}", case.moment);
    assert!(!case.is_alive(&mail).await, "{:?}", case.moment);
    assert!(case.has_password(OLD_PASSWORD).await, "{:?}", case.moment);
    Some(done)
}

#[tokio::test]
async fn while_a_request_is_taken() {
    assert_eq!(kill_everywhere(2, request).await, 2);
}

#[tokio::test]
async fn while_a_link_is_mailed() {
    assert_eq!(kill_everywhere(7, reset_mail).await, 2);
}

#[tokio::test]
async fn while_several_links_are_mailed() {
    assert_last_of_both(kill_everywhere(14, batch).await);
}

/// Of two things that are done beside each other. What must hold is exact, and checked at every death: of
/// each mail that was sent and not noted one more is sent, and of no other. How many deaths come when both
/// are noted is not: while one's answer is held the other may go on. After the last call and when
/// answering both are noted; after the two before that they may be.
fn assert_last_of_both(done: usize) {
    assert!((2..=4).contains(&done), "{done}");
}

#[tokio::test]
async fn while_a_notice_is_mailed() {
    assert_eq!(kill_everywhere(4, changed_mail).await, 2);
}

#[tokio::test]
async fn while_two_notices_are_mailed() {
    assert_last_of_both(kill_everywhere(8, changed_mails).await);
}

#[tokio::test]
async fn while_sessions_end() {
    let builder = builder().setting("users.sessions", Partition.settings());
    let app = Box::pin(builder.start()).await;
    Partition.create_in(&app).await;
    assert_last_of_both(kill_everywhere_in(&app, 8, ended_sessions).await);
}

#[tokio::test]
async fn while_a_password_is_changed_by_link() {
    assert_eq!(kill_everywhere(3, confirm_by_link).await, 2);
}

#[tokio::test]
async fn while_a_password_is_changed_by_code() {
    assert_eq!(kill_everywhere(5, confirm_by_code).await, 2);
}

#[tokio::test]
async fn while_a_code_is_verified() {
    assert_eq!(kill_everywhere(3, verify_by_code).await, 2);
}

#[tokio::test]
async fn while_links_are_cancelled() {
    assert_eq!(kill_everywhere(2, cancel).await, 2);
}
