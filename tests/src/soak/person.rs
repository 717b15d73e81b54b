use std::time::{Duration, Instant};

use local_stack::ses::Mail;
use serde_json::json;

use super::people::{Crowd, End, Plan, Story};
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
pub(super) struct Person<'a> {
    crowd: &'a Crowd<'a>,
    story: Story,
}

/// The last answer to something that was asked until it was no longer 503.
struct Insisted {
    answer: Answer,
    /// How often it was 503 before.
    put_off: usize,
}

impl<'a> Person<'a> {
    pub(super) fn new(crowd: &'a Crowd<'a>, plan: Plan, email: String) -> Self {
        let story = Story {
            plan,
            email,
            asked: 0,
            accepted: 0,
            ends: Vec::new(),
        };
        Self { crowd, story }
    }

    /// Lives, and tells.
    pub(super) async fn live(mut self) -> Story {
        self.ask().await;
        match self.story.plan {
            Plan::WalkAway | Plan::Rejected | Plan::Refused => self.story,
            Plan::Unknown | Plan::Disabled => {
                self.mistype().await;
                self.story
            }
            Plan::Impatient => {
                self.ask().await;
                tokio::time::sleep(COOLED).await;
                self.ask().await;
                self.live_with_mail().await
            }
            Plan::Link | Plan::Code | Plan::Cancel | Plan::Guess | Plan::Weak => {
                self.live_with_mail().await
            }
        }
    }

    /// Goes on when mail has come, if it comes.
    pub(super) async fn live_with_mail(mut self) -> Story {
        let Some(mail) = self.first_mail().await else {
            return self.story;
        };
        let token = token_in(&mail);
        self.find_alive(&token).await;
        match self.story.plan {
            Plan::Code => self.take_code(&mail).await,
            Plan::Cancel => {
                self.cancel(&token).await;
                return self.story;
            }
            Plan::Guess => {
                for _ in 0..GUESSES {
                    self.mistype().await;
                }
            }
            Plan::Weak => {
                let weak = self.insist(async || self.confirm_with(&token, "password").await);
                assert_eq!(weak.await.answer.status(), 422, "{:?}", self.story);
                self.find_alive(&token).await;
            }
            _ => {}
        }
        if self.story.ends.is_empty() {
            self.change(async |person, new| person.confirm_with(&token, new).await)
                .await;
        }
        let replay = self.insist(async || self.confirm_with(&token, "late for the party").await);
        assert_eq!(replay.await.answer.status(), 400, "{:?}", self.story);
        self.story
    }

    /// Asks for a reset.
    async fn ask(&mut self) {
        let app = self.crowd.app;
        let insisted = self.insist(async || app.request_reset(&self.story.email).await);
        let insisted = insisted.await;
        assert_eq!(insisted.answer.status(), 202, "{:?}", self.story);
        self.story.asked += insisted.put_off + 1;
        self.story.accepted += 1;
    }

    /// Enters a wrong code.
    async fn mistype(&self) {
        let app = self.crowd.app;
        let tried = self.insist(async || app.verify_code(&self.story.email, WRONG_CODE).await);
        assert_eq!(tried.await.answer.problem(), "invalid-token");
    }

    /// Sets a password by code. It may fail: of a try that nobody could give back the code has one
    /// less, and a mail that SES was given twice has the code of its second copy.
    async fn take_code(&mut self, mail: &Mail) {
        let code = code_in(mail);
        self.mistype().await;
        let app = self.crowd.app;
        let verified = self.insist(async || app.verify_code(&self.story.email, &code).await);
        let status = verified.await.answer.status();
        assert!([200, 400].contains(&status), "{status}: {:?}", self.story);
        self.change(async |person, new| app.confirm_code(&person.story.email, &code, new).await)
            .await;
    }

    /// Cancels, and sees that nothing is alive.
    async fn cancel(&mut self, token: &str) {
        let mails = self.mails();
        let body = json!({ "token": token });
        let app = self.crowd.app;
        let cancelled = self.insist(async || app.post("/v1/cancel-reset", &body).await);
        assert_eq!(cancelled.await.answer.status(), 200, "{:?}", self.story);
        self.story.ends.push(End {
            mails,
            password: None,
        });
        let late = self.insist(async || self.confirm_with(token, "late for the party").await);
        assert_eq!(late.await.answer.status(), 400, "{:?}", self.story);
    }

    /// Sets a new password, and knows afterwards whether it was set.
    async fn change(&mut self, confirm: impl AsyncFn(&Self, &str) -> Answer) {
        let mails = self.mails();
        let password = format!("{NEW_PASSWORD} and {mails} letters");
        let insisted = self.insist(async || confirm(self, &password).await);
        let Insisted { answer, put_off } = insisted.await;
        let app = self.crowd.app;
        let changed = app.password_of(&self.story.email, &password).await;
        let said = (answer.status(), answer.problem_if_any());
        match said {
            (200, None) => assert!(changed, "{:?}: 200 and no change", self.story),
            (400, Some(problem)) => {
                assert_eq!(problem, "invalid-token");
                // Only who was told to come back may find that it had been done.
                assert!(
                    !changed || put_off > 0,
                    "{:?}: 400 and a change",
                    self.story
                );
            }
            said => panic!("{:?}: {said:?}", self.story),
        }
        if changed {
            self.story.ends.push(End {
                mails,
                password: Some(password),
            });
        }
    }

    async fn confirm_with(&self, token: &str, password: &str) -> Answer {
        self.crowd.app.confirm_link(token, password).await
    }

    /// Sees that a mailed link is alive before anything has killed it.
    async fn find_alive(&self, token: &str) {
        let app = self.crowd.app;
        let verified = self.insist(async || app.verify_link(token).await);
        let status = verified.await.answer.status();
        assert_eq!(status, 200, "a dead link in a mail: {:?}", self.story);
    }

    /// Asks until the answer is no longer 503; no other failure is a good answer.
    async fn insist(&self, ask: impl AsyncFn() -> Answer) -> Insisted {
        let mut put_off = 0;
        loop {
            let answer = ask().await;
            if answer.status() != 503 {
                return Insisted { answer, put_off };
            }
            assert_eq!(answer.problem(), "service-unavailable", "{:?}", self.story);
            assert_eq!(answer.0.header("retry-after"), Some("5"));
            put_off += 1;
            tokio::time::sleep(INTERVAL).await;
        }
    }

    /// How many mails with a link have arrived.
    fn mails(&self) -> usize {
        let (app, inbox) = (self.crowd.app, self.crowd.inbox);
        inbox.mails(&app.ses, &self.story.email, RESET).len()
    }

    /// The first mail with a link, unless it does not come in time, or not before all is over.
    async fn first_mail(&self) -> Option<Mail> {
        let (app, inbox) = (self.crowd.app, self.crowd.inbox);
        let patient_until = self.crowd.until.min(Instant::now() + LONGEST_WAIT);
        loop {
            let mails = inbox.mails(&app.ses, &self.story.email, RESET);
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
