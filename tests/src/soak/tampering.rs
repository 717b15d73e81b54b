//! Whether the audit notices: a service in order, whose traces are then changed one by one.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::actors::{Actors, Plan, Transcript};
use super::audit::Audit;
use super::inbox::Inbox;
use super::{app, delivering, drain};
use crate::TestApp;
use crate::app::{hash, is_of_address};

/// Longest wait for the mails; there are no faults.
const LENGTH: Duration = Duration::from_mins(1);

/// What is changed behind the audit's back; each happens to one person.
const TAMPERINGS: [Tampering; 6] = [
    Tampering::LoseMail,
    Tampering::RepeatMail,
    Tampering::ChangePassword,
    Tampering::SpendLinks,
    Tampering::ForgetJob,
    Tampering::ForgetRequest,
];

/// One thing that must never happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tampering {
    /// A mail that SES took is not in the inbox.
    LoseMail,
    /// A mail comes once more, although there was no doubt about the first.
    RepeatMail,
    /// The password is changed, and no link is spent.
    ChangePassword,
    /// The links are spent, and no password is changed.
    SpendLinks,
    /// A job of the outbox ends in no way: the worker said that it was done.
    ForgetJob,
    /// A request that was accepted is not in the outbox.
    ForgetRequest,
}

/// What an audit says before and after.
#[derive(Debug)]
pub struct Tampered {
    /// Of the service in order.
    pub before: Vec<String>,
    /// When all has been tampered with.
    pub after: Vec<String>,
    /// Whom what happened to, as the audit names them.
    pub victims: Vec<(String, String)>,
    /// Somebody whose traces are as they were.
    pub bystander: String,
}

/// Runs people without faults, audits, tampers with their traces, and audits again.
pub async fn tampered() -> Tampered {
    let app = app().await;
    let inbox = Inbox::default();
    let actors = Actors::until(&app, &inbox, LENGTH);
    let plans = TAMPERINGS.map(Tampering::plan).into_iter();
    let people = plans.chain([Plan::Link]).enumerate();
    let runs = people.map(async |(n, plan)| actors.new_actor(plan, n).await.run().await);
    let mut transcripts = delivering(&app, join_all(runs)).await;
    drain(&app).await;
    let before = Audit::of(&app, &inbox, &transcripts).await.contradictions;
    let mut victims = Vec::new();
    for (tampering, transcript) in TAMPERINGS.into_iter().zip(&mut transcripts) {
        tampering.with(&app, &inbox, transcript).await;
        victims.push((format!("{tampering:?}"), transcript.email.clone()));
    }
    Tampered {
        before,
        after: Audit::of(&app, &inbox, &transcripts).await.contradictions,
        victims,
        bystander: transcripts
            .pop()
            .map(|transcript| transcript.email)
            .unwrap_or_default(),
    }
}

impl Tampering {
    /// What somebody does to whom this happens.
    const fn plan(self) -> Plan {
        match self {
            Self::SpendLinks | Self::ForgetJob => Plan::WalkAway,
            Self::ForgetRequest => Plan::Unknown,
            _ => Plan::Link,
        }
    }

    async fn with(self, app: &TestApp, inbox: &Inbox, transcript: &mut Transcript) {
        let email = &transcript.email;
        match self {
            Self::LoseMail => inbox.edit_mails(&app.ses, email, |mails| drop(mails.pop())),
            Self::RepeatMail => inbox.edit_mails(&app.ses, email, |mails| {
                let mut copy = mails[0].clone();
                copy.message_id.push_str("-again");
                mails.push(copy);
            }),
            Self::ChangePassword => {
                let other = hash("nobody set this one");
                app.set_user(email, "password_hash", other).await;
            }
            Self::SpendLinks => {
                rewrite(app, "token#", email, "links", json!({})).await;
            }
            Self::ForgetJob => {
                rewrite(app, "request#", email, "request_id", json!("forgotten")).await;
            }
            Self::ForgetRequest => "somebody-else@example.com".clone_into(&mut transcript.email),
        }
    }
}

/// Writes an address's item once more, with one attribute changed.
async fn rewrite(app: &TestApp, prefix: &str, email: &str, name: &str, value: Value) {
    let items = app.items(prefix).await;
    let item = items.iter().find(|item| is_of_address(item, email));
    let mut item = item.expect("an item of the address").clone();
    item[name] = value;
    app.put("TokensTable", &item).await;
}
