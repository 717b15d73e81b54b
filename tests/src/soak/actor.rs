use std::time::{Duration, Instant};

use local_stack::ses::Mail;

use super::actors::{Actors, End, Plan, Transcript};
use super::{INTERVAL, PATIENCE, RESET};
use crate::app::{Answer, NEW_PASSWORD};
use crate::mailbox::{code_in, token_in};

/// A code that nobody was mailed, but for one chance in 2^40.
const WRONG_CODE: &str = "0000-0000";
/// More guesses than a code has tries.
const GUESSES: usize = 6;
/// Longer than an address's cooldown.
const COOLED: Duration = Duration::from_millis(1100);
/// Somebody waits for mail this long after asking, which is longer than the stream tries.
const LONGEST_WAIT: Duration = PATIENCE.saturating_add(Duration::from_secs(5));

/// One person in the middle of something.
pub(super) struct Actor<'a> {
    actors: &'a Actors<'a>,
    transcript: Transcript,
}

/// The last answer to something that was asked until it was no longer 503.
struct Retried {
    answer: Answer,
    /// How often it was 503 before.
    put_off: usize,
}

impl<'a> Actor<'a> {
    pub(super) fn new(actors: &'a Actors<'a>, plan: Plan, email: String) -> Self {
        let transcript = Transcript {
            plan,
            email,
            asked: 0,
            accepted: 0,
            ends: Vec::new(),
        };
        Self { actors, transcript }
    }

    /// Follows its plan, and tells what came of it.
    pub(super) async fn run(mut self) -> Transcript {
        self.ask().await;
        match self.transcript.plan {
            Plan::WalkAway | Plan::Rejected | Plan::Refused => self.transcript,
            Plan::Unknown | Plan::Disabled => {
                self.mistype().await;
                self.transcript
            }
            Plan::Impatient => {
                self.ask().await;
                tokio::time::sleep(COOLED).await;
                self.ask().await;
                self.continue_with_mail().await
            }
            Plan::Link | Plan::Code | Plan::Cancel | Plan::Guess | Plan::Weak => {
                self.continue_with_mail().await
            }
        }
    }

    /// Goes on when mail has come, if it comes.
    pub(super) async fn continue_with_mail(mut self) -> Transcript {
        let Some(mail) = self.first_mail().await else {
            return self.transcript;
        };
        let token = token_in(&mail);
        self.find_alive(&token).await;
        match self.transcript.plan {
            Plan::Code => self.take_code(&mail).await,
            Plan::Cancel => {
                self.cancel(&token).await;
                return self.transcript;
            }
            Plan::Guess => {
                for _ in 0..GUESSES {
                    self.mistype().await;
                }
            }
            Plan::Weak => {
                let weak = self
                    .retry_while_unavailable(async || self.confirm_with(&token, "password").await);
                assert_eq!(weak.await.answer.status(), 422, "{:?}", self.transcript);
                self.find_alive(&token).await;
            }
            _ => {}
        }
        if self.transcript.ends.is_empty() {
            self.change(async |actor, new| actor.confirm_with(&token, new).await)
                .await;
        }
        let replay = self.retry_while_unavailable(async || {
            self.confirm_with(&token, "late for the party").await
        });
        assert_eq!(replay.await.answer.status(), 400, "{:?}", self.transcript);
        self.transcript
    }

    async fn ask(&mut self) {
        let app = self.actors.app;
        let retried =
            self.retry_while_unavailable(async || app.request_reset(&self.transcript.email).await);
        let retried = retried.await;
        assert_eq!(retried.answer.status(), 202, "{:?}", self.transcript);
        self.transcript.asked += retried.put_off + 1;
        self.transcript.accepted += 1;
    }

    async fn mistype(&self) {
        let app = self.actors.app;
        let tried = self.retry_while_unavailable(async || {
            app.verify_code(&self.transcript.email, WRONG_CODE).await
        });
        assert_eq!(tried.await.answer.problem(), "invalid-token");
    }

    /// Sets a password by code. It may fail: of a try that nobody could give back the code has one
    /// less, and a mail that SES was given twice has the code of its second copy.
    async fn take_code(&mut self, mail: &Mail) {
        let code = code_in(mail);
        self.mistype().await;
        let app = self.actors.app;
        let verified = self
            .retry_while_unavailable(async || app.verify_code(&self.transcript.email, &code).await);
        let status = verified.await.answer.status();
        assert!(
            [200, 400].contains(&status),
            "{status}: {:?}",
            self.transcript
        );
        self.change(async |actor, new| app.confirm_code(&actor.transcript.email, &code, new).await)
            .await;
    }

    /// Cancels, and sees that nothing is alive.
    async fn cancel(&mut self, token: &str) {
        let mails = self.mails();
        let app = self.actors.app;
        let cancelled = self.retry_while_unavailable(async || app.cancel(token).await);
        assert_eq!(
            cancelled.await.answer.status(),
            200,
            "{:?}",
            self.transcript
        );
        self.transcript.ends.push(End {
            mails,
            password: None,
        });
        let late = self
            .retry_while_unavailable(async || self.confirm_with(token, "late for the party").await);
        assert_eq!(late.await.answer.status(), 400, "{:?}", self.transcript);
    }

    /// Sets a new password, and knows afterwards whether it was set.
    async fn change(&mut self, confirm: impl AsyncFn(&Self, &str) -> Answer) {
        let mails = self.mails();
        let password = format!("{NEW_PASSWORD} and {mails} letters");
        let retried = self.retry_while_unavailable(async || confirm(self, &password).await);
        let Retried { answer, put_off } = retried.await;
        let app = self.actors.app;
        let changed = app.password_of(&self.transcript.email, &password).await;
        match answer.status() {
            200 => assert!(changed, "{:?}: 200 and no change", self.transcript),
            400 => {
                assert_eq!(answer.problem(), "invalid-token");
                // Only who was told to come back may find that it had been done.
                assert!(
                    !changed || put_off > 0,
                    "{:?}: 400 and a change",
                    self.transcript
                );
            }
            _ => panic!("{:?}: {answer:?}", self.transcript),
        }
        if changed {
            self.transcript.ends.push(End {
                mails,
                password: Some(password),
            });
        }
    }

    async fn confirm_with(&self, token: &str, password: &str) -> Answer {
        self.actors.app.confirm_link(token, password).await
    }

    /// Sees that a mailed link is alive before anything has killed it.
    async fn find_alive(&self, token: &str) {
        let app = self.actors.app;
        let verified = self.retry_while_unavailable(async || app.verify_link(token).await);
        let status = verified.await.answer.status();
        assert_eq!(status, 200, "a dead link in a mail: {:?}", self.transcript);
    }

    /// Asks until the answer is no longer 503; no other failure is a good answer.
    async fn retry_while_unavailable(&self, ask: impl AsyncFn() -> Answer) -> Retried {
        let mut put_off = 0;
        loop {
            let answer = ask().await;
            if answer.status() != 503 {
                return Retried { answer, put_off };
            }
            assert_eq!(
                answer.problem(),
                "service-unavailable",
                "{:?}",
                self.transcript
            );
            assert_eq!(answer.0.header("retry-after"), Some("5"));
            put_off += 1;
            tokio::time::sleep(INTERVAL).await;
        }
    }

    /// How many mails with a link have arrived.
    fn mails(&self) -> usize {
        let (app, inbox) = (self.actors.app, self.actors.inbox);
        inbox.mails(&app.ses, &self.transcript.email, RESET).len()
    }

    /// The first mail with a link, unless it does not come in time, or not before all is over.
    async fn first_mail(&self) -> Option<Mail> {
        let (app, inbox) = (self.actors.app, self.actors.inbox);
        let patient_until = self.actors.until.min(Instant::now() + LONGEST_WAIT);
        loop {
            let mails = inbox.mails(&app.ses, &self.transcript.email, RESET);
            if let Some(mail) = mails.into_iter().next() {
                return Some(mail);
            }
            if Instant::now() >= patient_until {
                return None;
            }
            tokio::time::sleep(INTERVAL).await;
        }
    }
}
