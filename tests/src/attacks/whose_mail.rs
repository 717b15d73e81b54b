//! Whose mail, whose account: lines 1 to 7.

use local_stack::api_gateway::ApiRequest;
use serde_json::{Value, json};

use super::report::Trial;
use super::target::{granted, refused};
use super::{ReceivedMail, Target, TrialResult};
use crate::app::DEMO;
use crate::dialects::dialects;

const EVIL: &str = "evil.example";
/// The address of somebody who would like a copy.
const ATTACKER: &str = "attacker@evil.example";

pub(super) async fn host(target: &Target) -> TrialResult {
    let mut trial = Trial::of("Host, Forwarded and seven X- headers naming evil.example");
    let email = target.known();
    let mut request = target
        .ask(&email)
        .header("Forwarded", "for=192.0.2.1;host=evil.example");
    for name in [
        "X-Forwarded-Host",
        "X-Forwarded-Server",
        "X-Original-Host",
        "X-Original-URL",
        "X-Host",
        "X-HTTP-Host-Override",
        "X-Rewrite-URL",
    ] {
        request = request.header(name, EVIL);
    }
    let mail = target.mail(&email, request).await?;
    check_origin(&mut trial, target, &mail);

    // API Gateway answers to its own names only; whatever else does must not believe it.
    target.cool_down(&email).await;
    let snapshot = target.snapshot().await;
    let answer = target.send(target.ask(&email).header("Host", EVIL)).await;
    let mails = target.mails_after(&snapshot).await;
    for mail in &mails {
        check_origin(&mut trial, target, mail);
    }
    let ends = if granted(&answer) {
        "no difference"
    } else {
        "a refusal"
    };
    Ok(trial.finish(format!(
        "links to {}; Host itself makes {ends}",
        target.link_origin()
    )))
}

pub(super) async fn scheme(target: &Target) -> TrialResult {
    let mut trial =
        Trial::of("X-Forwarded-Proto, Forwarded and their cousins naming the other scheme");
    let other = if target.link_origin().starts_with("https:") {
        "http"
    } else {
        "https"
    };
    let email = target.known();
    let request = target
        .ask(&email)
        .header("X-Forwarded-Proto", other)
        .header("X-Forwarded-Protocol", other)
        .header("X-Forwarded-Scheme", other)
        .header("X-Url-Scheme", other)
        .header("Forwarded", &format!("proto={other}"));
    let mail = target.mail(&email, request).await?;
    check_origin(&mut trial, target, &mail);
    Ok(trial.finish(format!("links to {}", target.link_origin())))
}

fn check_origin(trial: &mut Trial, target: &Target, mail: &ReceivedMail) {
    let origin = mail.link().map(|link| link.origin().ascii_serialization());
    let same = origin.as_deref() == Ok(target.link_origin());
    trial.require(same, || format!("a mail whose link goes to {origin:?}"));
    trial.require(!mail.mentions(EVIL), || "a mail that mentions evil.example");
}

pub(super) async fn several_addresses(target: &Target) -> TrialResult {
    let mut trial = Trial::of(
        "lists, objects, repeated fields and separators in place of one address, in every dialect",
    );
    let victim = target.known();
    let snapshot = target.snapshot().await;
    let mut requests = Vec::new();
    for dialect in dialects() {
        for email in several(&victim) {
            // A form holds text alone.
            let is_text = email.is_string() || dialect.name == "parakeet";
            let status = if is_text { dialect.no_address } else { 400 };
            requests.push((
                dialect.request_with(&json!({ dialect.address: email })),
                status,
            ));
        }
        requests.push((dialect.malformed_request(), 400));
    }
    let twice = format!(r#"{{"email":"{victim}","email":"{ATTACKER}"}}"#);
    let twice = ApiRequest::new("POST", "/v1/request-reset")
        .header("content-type", "application/json")
        .body(twice);
    requests.push((twice, 400));
    let count = requests.len();
    for (request, status) in requests {
        let path = request.target.clone();
        trial.require_status(status, &path, &target.send(request).await);
    }
    let mails = target.mails_after(&snapshot).await.len();
    trial.require(mails == 0, || format!("{mails} mails"));
    Ok(trial.finish(format!("{count} times no address, no mail")))
}

fn several(victim: &str) -> Vec<Value> {
    vec![
        json!([victim, ATTACKER]),
        json!([ATTACKER, victim]),
        json!([victim]),
        json!({ "0": victim, "1": ATTACKER }),
        json!(format!("{victim},{ATTACKER}")),
        json!(format!("{victim};{ATTACKER}")),
        json!(format!("{victim} {ATTACKER}")),
        json!(format!("{victim}\n{ATTACKER}")),
        json!(format!("{ATTACKER}\u{0}{victim}")),
        json!(format!("<{ATTACKER}> {victim}")),
        json!(format!("{victim}%0d%0abcc:{ATTACKER}")),
    ]
}

pub(super) async fn recipient(target: &Target) -> TrialResult {
    let mut trial = Trial::of("the address in capitals, with to, cc and bcc as fields and headers");
    let email = target.known();
    let mut body = json!({ "email": email.to_uppercase() });
    for field in ["to", "cc", "bcc", "recipient", "reply_to"] {
        body[field] = json!(ATTACKER);
    }
    // A dialect that ignores what it does not know: the strict ones refuse all of it.
    let request = ApiRequest::new("POST", "/auth/forgot")
        .header("To", ATTACKER)
        .header("Cc", ATTACKER)
        .header("Bcc", ATTACKER)
        .header("Reply-To", ATTACKER)
        .json(&body);
    let mail = target.mail(&email, request).await?;
    let recipients = mail.recipients.len();
    trial.require(mail.is_only_for(&email), || {
        format!("a mail to another spelling or to {recipients} people")
    });
    trial.require(
        !mail.mentions(ATTACKER),
        || "a mail that mentions the attacker",
    );
    Ok(trial.finish("one mail, to the stored address alone"))
}

pub(super) async fn look_alikes(target: &Target) -> TrialResult {
    let mut trial = Trial::of("the address with a character, dot or at sign replaced by a twin");
    let email = target.known();
    let snapshot = target.snapshot().await;
    let twins = twins_of(&email);
    for twin in &twins {
        let answer = target.send(target.ask(twin)).await;
        trial.require(granted(&answer) || refused(&answer), || {
            format!("{} for {twin}", answer.status)
        });
    }
    let mails = target.mails_after(&snapshot).await.len();
    trial.require(mails == 0, || format!("{mails} mails"));
    Ok(trial.finish(format!("{} twins, no mail", twins.len())))
}

/// Spellings that some folding of Unicode takes for this address.
fn twins_of(email: &str) -> Vec<String> {
    const TWINS: [(&str, &str); 14] = [
        ("a", "\u{e1}"),
        ("a", "\u{430}"),
        ("d", "\u{ff44}"),
        ("e", "\u{e9}"),
        ("e", "e\u{301}"),
        ("i", "\u{131}"),
        ("k", "\u{212a}"),
        ("m", "\u{ff4d}"),
        ("o", "\u{ff4f}"),
        ("o", "\u{f6}"),
        ("s", "\u{17f}"),
        (".", "\u{3002}"),
        ("@", "\u{ff20}"),
        ("@", "\u{ad}@"),
    ];
    TWINS
        .iter()
        .filter(|(plain, _)| email.contains(plain))
        .map(|(plain, twin)| email.replacen(plain, twin, 1))
        .collect()
}

pub(super) async fn redirects(target: &Target) -> TrialResult {
    let mut trial =
        Trial::of("links of the caller's choice just beside the allow list, in two dialects");
    let email = target.known();
    let snapshot = target.snapshot().await;
    let links = bad_links(target.allowed_redirect());
    for link in &links {
        let body = json!({ "email": email, "resetPasswordUrl": link });
        for path in [
            "/v1/request-reset",
            "/v1/authentication/users/password/reset-request/email",
        ] {
            trial.require_status(400, link, &target.post(path, &body).await);
        }
    }
    let mails = target.mails_after(&snapshot).await.len();
    trial.require(mails == 0, || format!("{mails} mails"));
    Ok(trial.finish(format!("{} links refused, no mail", links.len())))
}

/// Links that look allowed to a person who reads carelessly.
fn bad_links(allowed: &str) -> Vec<String> {
    let host_and_path = allowed.split_once("://").map_or(allowed, |(_, rest)| rest);
    let (host, path) = host_and_path.split_once('/').unwrap_or((host_and_path, ""));
    [
        format!("https://{EVIL}/{path}?c={{{{code}}}}"),
        format!("//{EVIL}/{path}?c={{{{code}}}}"),
        format!("\\\\{EVIL}/{path}?c={{{{code}}}}"),
        format!("https:\\\\{host}/{path}?c={{{{code}}}}"),
        format!("https://{host}@{EVIL}/{path}?c={{{{code}}}}"),
        format!("https://{EVIL}@{host}/{path}?c={{{{code}}}}"),
        format!("https://{host}.{EVIL}/{path}?c={{{{code}}}}"),
        format!("https://{EVIL}#{host}/{path}?c={{{{code}}}}"),
        format!("https://{host}:8443/{path}?c={{{{code}}}}"),
        format!("https://{host}:443/{path}?c={{{{code}}}}"),
        format!("https://{}/{path}?c={{{{code}}}}", host.to_uppercase()),
        format!("HTTPS://{host}/{path}?c={{{{code}}}}"),
        format!("http://{host}/{path}?c={{{{code}}}}"),
        format!("https://{host}/{path}ting?c={{{{code}}}}"),
        format!("https://{host}/{path}/../admin?c={{{{code}}}}"),
        format!("https://{host}/{path}/%2e%2e/admin?c={{{{code}}}}"),
        format!("https://{host}/{path}/..%2fadmin?c={{{{code}}}}"),
        format!("https://{host}/{path}//{EVIL}?c={{{{code}}}}"),
        format!("https://{host}/{path}/%2{{{{code}}}}"),
        format!("https://{{{{code}}}}.{host}/{path}"),
        format!("https://{host}/{path}?c={{{{code}}}}\r\nx"),
        format!(" https://{host}/{path}?c={{{{code}}}}"),
        format!("javascript:alert(1)//{host}/{path}?c={{{{code}}}}"),
        format!("data:text/html,{host}/{path}{{{{code}}}}"),
    ]
    .to_vec()
}

pub(super) async fn injection(target: &Target) -> TrialResult {
    let mut trial = Trial::of(
        "line breaks, HTML and placeholders as address, language, browser, link and name",
    );
    let email = target.known();
    if let Some(in_process) = target.in_process() {
        in_process.app.set_user("demo", "name", HOSTILE_NAME).await;
        assert_eq!(email, DEMO, "the in_process's first account");
    }
    let broken = format!("{email}\r\nBcc: {ATTACKER}");
    let answer = target.send(target.ask(&broken)).await;
    trial.require_status(400, "an address with a line break", &answer);
    let quoted = format!("{}?c={{{{code}}}}&x=\"><script>", target.allowed_redirect());
    let body = json!({ "email": email, "resetPasswordUrl": quoted });
    let answer = target.post("/v1/request-reset", &body).await;
    trial.require_status(400, "a link with HTML in it", &answer);
    let body = json!({ "email": email, "locale": format!("en\r\nBcc: {ATTACKER}<script>") });
    let request = ApiRequest::new("POST", "/v1/request-reset")
        .header(
            "User-Agent",
            "<script>alert(1)</script>{{token}}{{ 1117 * 1123 }}",
        )
        .header("Accept-Language", "<script>alert(2)</script>")
        .json(&body);
    let mail = target.mail(&email, request).await?;
    check_tame(&mut trial, &mail, &email);
    Ok(trial.finish("two refusals, and one mail in which all of it is text on one line"))
}

/// What a person with a grudge may call themselves.
const HOSTILE_NAME: &str = "Jo\r\n\r\nLocked <img src=x onerror=alert(1)>{{token}}";

fn check_tame(trial: &mut Trial, mail: &ReceivedMail, email: &str) {
    trial.require(mail.is_only_for(email), || "other recipients");
    trial.require(
        !mail.envelope.contains(ATTACKER),
        || "a header with the attacker's address",
    );
    for tag in ["<script", "<img"] {
        trial.require(!mail.html.contains(tag), || format!("{tag} in the HTML"));
    }
    let breaks_out = |line: &str| line.trim_start().starts_with("Locked");
    trial.require(
        !mail.text.lines().any(breaks_out),
        || "a name that makes paragraphs of its own",
    );
    trial.require(
        !mail.mentions("1254391"),
        || "a sum that was done by a template",
    );
}
