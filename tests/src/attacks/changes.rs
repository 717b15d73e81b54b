//! What follows a change of the password: lines 39 to 42.

use local_stack::api_gateway::ApiRequest;
use serde_json::{Value, json};
use shared::ports::Clock as _;

use super::report::Trial;
use super::target::refused;
use super::{Target, TrialResult};
use crate::app::{DEMO, NEW_PASSWORD, OLD_PASSWORD};
use crate::mailbox::secrets;
use crate::sessions::SessionsTable::Partition;
use crate::{Fault, TestApp};

const ATTACKER: &str = "attacker@evil.example";
/// What makes a confirmation one that can be repeated.
const KEY: &str = "canaryJHsRxy0Vq3mXy8bJ";
/// Whom the owner of the account wants to be told.
const FRIEND: &str = "friend@example.org";

pub(super) async fn warnings(target: &Target) -> TrialResult {
    let mut trial = Trial::of(
        "addresses of the attacker's in every body, and in the account right after the change",
    );
    let app = &target.require_in_process()?.app;
    app.set_user("demo", "contacts", json!([FRIEND])).await;
    let named = |mut body: Value| {
        for name in ["contacts", "others", "notice_emails", "cc"] {
            body[name] = json!(ATTACKER);
        }
        body
    };
    let asked = named(json!({ "email": DEMO }));
    let asked = target.post("/v1/request-reset", &asked).await;
    let token = target.reset_mail(DEMO).await?.token()?;
    let snapshot = target.snapshot().await;
    let body = json!({ "token": token, "password": NEW_PASSWORD });
    let confirmed = target.post("/v1/confirm-reset", &named(body)).await;
    trial.require(refused(&asked) && refused(&confirmed), || {
        format!("{} and {}", asked.status, confirmed.status)
    });
    trial.require_granted("the link", &target.confirm(&token, NEW_PASSWORD).await);
    app.set_user("demo", "contacts", json!([ATTACKER])).await;
    let mails = target.mails_after(&snapshot).await;
    for (address, warned) in [(DEMO, true), (FRIEND, true), (ATTACKER, false)] {
        let got = mails.iter().any(|mail| mail.is_for(address));
        trial.require(got == warned, || format!("{address} warned: {got}"));
    }
    Ok(trial.finish("the account and whom it named are warned, and nobody else"))
}

/// A person who has the old password, and sessions by it, has more of them than a page holds, while the
/// table fails now and then.
pub(super) async fn sessions(target: &Target) -> TrialResult {
    let mut trial = Trial::of("120 sessions from before the change, while the first page fails");
    let app = &target.require_in_process()?.app;
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
    trial.require_granted("the link", &target.confirm(&token, NEW_PASSWORD).await);
    app.aws.inject("Query", vec![Fault::INTERNAL; 5]);
    app.deliver().await;
    let left = Partition.ids(app).await;
    let stolen = left.iter().filter(|it| it.starts_with("stolen")).count();
    trial.require(stolen == 0, || format!("{stolen} sessions survive"));
    for id in ["another's", "new"] {
        trial.require(left.contains(id), || format!("no session {id:?} is left"));
    }
    Ok(trial.finish("none is left but another person's and the one from after it"))
}

/// Locks an account, as the team's login does after wrong passwords.
async fn lock(app: &TestApp, id: &str) {
    app.remove_from_user(id, "password_changed_at").await;
    app.set_user(id, "locked_until", 4_000_000_000_i64).await;
    app.set_user(id, "email_verified", false).await;
}

/// What a reset of a locked account would change, as it is.
async fn writes_of(app: &TestApp, id: &str) -> Value {
    let user = app.user(id).await;
    let names = ["email_verified", "locked_until", "password_changed_at"];
    names.map(|name| user[name].clone()).into()
}

pub(super) async fn writes(target: &Target) -> TrialResult {
    let mut trial = Trial::of("every way to a reset's own writes but a proof, and values for them");
    let app = &target.require_in_process()?.app;
    let second = target.known_beside(DEMO)?;
    lock(app, "demo").await;
    lock(app, &second).await;
    let locked = writes_of(app, "demo").await;
    let (mail, other) = (
        target.reset_mail(DEMO).await?,
        target.reset_mail(&second).await?,
    );
    let (token, code, cancelled) = (mail.token()?, mail.code()?, other.token()?);
    app.cancel(&cancelled).await;
    let link = |token: &str| json!({ "token": token, "password": NEW_PASSWORD });
    let by_code =
        |email: &str, code: &str| json!({ "email": email, "code": code, "password": NEW_PASSWORD });
    let with = |name: &str, value: Value| {
        let mut body = link(&token);
        body[name] = value;
        body
    };
    for body in [
        link(&cancelled),
        link(&token.replace(&token[40..], &cancelled[40..])),
        by_code(DEMO, "0000-0000"),
        by_code(&second, &code),
        with("email", json!(second)),
        with("password", json!("password")),
        with("on_reset", json!({ "remove": ["locked_until"] })),
        with("email_verified", json!(true)),
        with("locked_until", Value::Null),
        with("password_changed_at", json!(7)),
        with("now", json!(7)),
    ] {
        let answer = target.post("/v1/confirm-reset", &body).await;
        trial.require(refused(&answer), || format!("{} to {body}", answer.status));
        for id in ["demo", &second] {
            let left = writes_of(app, id).await;
            trial.require(left == locked, || format!("{body} makes {id} {left}"));
        }
    }
    let confirm = || {
        let request = ApiRequest::new("POST", "/v1/confirm-reset").json(&link(&token));
        target.send(request.header("idempotency-key", KEY))
    };
    trial.require_granted("the link", &confirm().await);
    let now = app.clock.now().unix_seconds();
    let written = writes_of(app, "demo").await;
    trial.require(written == json!([true, null, now]), || {
        format!("a change writes {written}")
    });
    lock(app, "demo").await;
    let replays = [
        confirm().await,
        target.confirm(&token, NEW_PASSWORD).await,
        target.confirm_code(DEMO, &code, NEW_PASSWORD).await,
    ];
    for id in ["demo", &second] {
        let left = writes_of(app, id).await;
        trial.require(left == locked, || {
            format!(
                "{:?} to replays, {left}",
                replays.each_ref().map(|it| it.status)
            )
        });
    }
    Ok(trial.finish("the account that was proved is unlocked once, with the settings' values"))
}

pub(super) async fn events(target: &Target) -> TrialResult {
    const HOSTILE: &str = r#"canary", "kind": "forged"#;
    const SOURCE: &str = "192.0.2.77";
    let mut trial = Trial::of("requests, failures and changes with hostile text, read on the bus");
    let app = &target.require_in_process()?.app;
    let odd = "odd@example.com";
    app.add_user(HOSTILE, odd, OLD_PASSWORD).await;
    let hostile = |path: &str, body: &Value| {
        let request = ApiRequest::new("POST", path).json(body).source_ip(SOURCE);
        ["user-agent", "accept-language", "x-forwarded-for"]
            .iter()
            .fold(request, |request, name| request.header(name, HOSTILE))
            .header("idempotency-key", KEY)
    };
    for (id, email) in [("demo", DEMO), (HOSTILE, odd)] {
        let before = app.published().await.len();
        let ask = |email: &str| {
            hostile(
                "/v1/request-reset",
                &json!({ "email": email, "locale": HOSTILE }),
            )
        };
        target.send(ask(&target.unknown())).await;
        let mail = target.mail(email, ask(email)).await?;
        let (token, code) = (mail.token()?, mail.code()?);
        let with = |password: &str| {
            hostile(
                "/v1/confirm-reset",
                &json!({ "token": token, "password": password }),
            )
        };
        target.send(with("password")).await;
        target.confirm_code(email, "0000-0000", NEW_PASSWORD).await;
        let early = app.published().await.len() - before;
        trial.require(early == 0, || format!("{early} events before a change"));
        for _ in 0..2 {
            trial.require_granted("the link", &target.send(with(NEW_PASSWORD)).await);
        }
        app.deliver().await;
        let mut events = app.published().await.split_off(before);
        trial.require(events.len() == 1, || format!("{} events", events.len()));
        let Some(mut event) = events.pop() else {
            continue;
        };
        let key = event["detail"]["user_key"].take();
        trial.require(key == json!({ "S": id }), || format!("{key} is the key"));
        let kind = &event["detail"]["kind"];
        trial.require(kind == "password-changed", || format!("{kind} is the kind"));
        let text = event.to_string();
        let private = [email, SOURCE, KEY, "canary"].map(str::to_owned);
        for private in secrets(&token, &code).into_iter().chain(private) {
            trial.require(!text.contains(&private), || format!("{private} in {text}"));
        }
    }
    Ok(trial
        .finish("one event for each change, which says whose by the key, and nothing of requests"))
}
