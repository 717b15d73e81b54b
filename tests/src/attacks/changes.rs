//! What follows a change of the password: lines 39 and 40.

use serde_json::{Value, json};

use super::report::Trial;
use super::target::{granted, refused};
use super::{Target, TrialResult};
use crate::Fault;
use crate::app::{DEMO, NEW_PASSWORD};
use crate::sessions::SessionsTable::Partition;
use crate::user_tables::to_value;

const ATTACKER: &str = "attacker@evil.example";
/// Whom the owner of the account wants to be told.
const FRIEND: &str = "friend@example.org";

pub(super) async fn warnings(target: &Target) -> TrialResult {
    let mut trial = Trial::of(
        "addresses of the attacker's in every body, and in the account right after the change",
    );
    let app = &target.require_lab()?.app;
    let contacts = |address: &str| to_value(&json!([address]));
    app.set_user("demo", "contacts", contacts(FRIEND)).await;
    let named = |mut body: Value| {
        for name in ["contacts", "others", "notice_emails", "cc"] {
            body[name] = json!(ATTACKER);
        }
        body
    };
    let asked = named(json!({ "email": DEMO }));
    let asked = target.post("/v1/request-reset", &asked).await;
    let token = target.reset_mail(DEMO).await?.token()?;
    let mark = target.mark().await;
    let body = json!({ "token": token, "password": NEW_PASSWORD });
    let confirmed = target.post("/v1/confirm-reset", &named(body)).await;
    trial.require(refused(&asked) && refused(&confirmed), || {
        format!("{} and {}", asked.status, confirmed.status)
    });
    let changed = target.confirm(&token, NEW_PASSWORD).await;
    trial.require(granted(&changed), || format!("{}", changed.status));
    app.set_user("demo", "contacts", contacts(ATTACKER)).await;
    let mails = target.since(&mark).await;
    for (address, warned) in [(DEMO, true), (FRIEND, true), (ATTACKER, false)] {
        let got = mails.iter().any(|mail| mail.is_for(address));
        trial.require(got == warned, || format!("{address} warned: {got}"));
    }
    Ok(trial.saw("the account and whom it named are warned, and nobody else"))
}

/// A person who has the old password, and sessions by it, has more of them than a page holds, while the
/// table fails now and then.
pub(super) async fn sessions(target: &Target) -> TrialResult {
    let mut trial = Trial::of("120 sessions from before the change, while the first page fails");
    let app = &target.require_lab()?.app;
    let second = target.known_beside(DEMO)?;
    Partition.create_in(app).await;
    for n in 0..120 {
        let id = format!("stolen{n:03}");
        Partition.open(app, &id, "demo", &json!(1)).await;
    }
    Partition.open(app, "another's", &second, &json!(1)).await;
    let later = json!(4_000_000_000_i64);
    Partition.open(app, "new", "demo", &later).await;
    let token = target.reset_mail(DEMO).await?.token()?;
    let changed = target.confirm(&token, NEW_PASSWORD).await;
    trial.require(granted(&changed), || format!("{}", changed.status));
    let outage = Fault::Refuse(500, "InternalServerError");
    app.aws.inject("Query", vec![outage; 5]);
    app.deliver().await;
    let left = Partition.ids(app).await;
    let stolen = left.iter().filter(|it| it.starts_with("stolen")).count();
    trial.require(stolen == 0, || format!("{stolen} sessions survive"));
    for id in ["another's", "new"] {
        trial.require(left.contains(id), || format!("no session {id:?} is left"));
    }
    Ok(trial.saw("none is left but another person's and the one from after it"))
}
