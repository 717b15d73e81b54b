use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use independent_argon2::Config;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::{ActiveDefect, Defect};
use crate::test_depth;

/// How much longer an answer takes that tells by its time: in a sample, which has neighbours, and where
/// everything is tried.
const PAUSE: [Duration; 2] = [Duration::from_millis(400), Duration::from_millis(50)];
/// The headers that guard a page.
const GUARDS: [&str; 5] = [
    "cache-control",
    "content-security-policy",
    "referrer-policy",
    "x-content-type-options",
    "x-frame-options",
];
/// Where links that a caller chooses may point.
const ALLOWED_REDIRECT: &str = "https://app.example.com/reset";
/// More characters than any field needs.
const LONG: usize = 1000;

impl ActiveDefect {
    /// Edits what API Gateway hands to a function.
    pub(crate) fn edit_event(&self, function: &str, event: &mut Value) {
        self.edit_form(event);
        let Some(was) = json_body(event) else {
            return;
        };
        let mut body = was.clone();
        match self.defect {
            Defect::LinkFollowsRequest => self.memory().origin = claimed_origin(event),
            Defect::MailGoesWhereTyped => self.memory().typed = text(&body, "email"),
            Defect::ListsAccepted => edit_fields(&mut body, |field| match field {
                Value::Array(list) => list.first().filter(|it| it.is_string()).cloned(),
                _ => None,
            }),
            Defect::TypesCoerced => edit_fields(&mut body, |field| {
                (!field.is_string()).then(|| json!(field.to_string()))
            }),
            Defect::BodiesUnbounded => edit_fields(&mut body, |field| {
                let text = field.as_str().filter(|text| text.len() > LONG)?;
                Some(json!(text.chars().take(LONG).collect::<String>()))
            }),
            Defect::DomainsLoweredByLanguage => {
                edit_text(&mut body, "email", |email| Some(email.to_lowercase()));
            }
            Defect::LookAlikesFold => edit_text(&mut body, "email", |email| Some(folded(email))),
            Defect::RedirectsByPrefix => edit_text(&mut body, "resetPasswordUrl", |url| {
                let allowed = format!("{ALLOWED_REDIRECT}?c={{{{code}}}}");
                url.starts_with(ALLOWED_REDIRECT).then_some(allowed)
            }),
            Defect::PasswordsCut => edit_text(&mut body, "password", |password| {
                password.get(..72).map(str::to_owned)
            }),
            Defect::AddressIgnored if body.get("token").is_some() => {
                body.as_object_mut().map(|fields| fields.remove("email"));
            }
            Defect::WritesFollowRequest => {
                let fields = body.as_object_mut();
                let named = fields.and_then(|fields| fields.remove("password_changed_at"));
                let mut memory = self.memory();
                memory.changed_at = named.or(memory.changed_at.take());
            }
            Defect::HashFirst if function == "ConfirmResetFunction" => {
                hash();
                self.count_edit();
            }
            Defect::TokensLogged if function == "VerifyTokenFunction" => {
                tracing::info!(target: "verify_token", token = text(&body, "token"), "a link");
                self.count_edit();
            }
            _ => {}
        }
        if body != was {
            event["body"] = json!(body.to_string());
            self.count_edit();
        }
    }

    fn edit_form(&self, event: &mut Value) {
        match self.defect {
            Defect::ForeignFormsTaken => {
                for name in ["origin", "sec-fetch-site"] {
                    let headers = event["headers"].as_object_mut();
                    if headers.and_then(|it| it.remove(name)).is_some() {
                        self.count_edit();
                    }
                }
            }
            Defect::BytesReplaced => {
                let body = event["body"].as_str().unwrap_or_default();
                // API Gateway encodes what is no text in its eyes, and forms are none.
                let Ok(body) = BASE64_STANDARD.decode(body) else {
                    return;
                };
                let fields = url::form_urlencoded::parse(&body);
                let mut replaced = url::form_urlencoded::Serializer::new(String::new());
                let replaced = replaced.extend_pairs(fields).finish();
                if replaced.contains("%EF%BF%BD") {
                    event["body"] = json!(BASE64_STANDARD.encode(replaced));
                    self.count_edit();
                }
            }
            _ => {}
        }
    }

    /// Edits what a function answers to an event.
    pub(crate) async fn edit_answer(&self, event: &Value, answer: &mut Value) {
        let was = answer.clone();
        let status = answer["statusCode"].as_i64();
        let email = json_body(event).and_then(|body| text(&body, "email"));
        let known = email.filter(|email| self.knows(email));
        match (self.defect, known) {
            (Defect::TimeTells, Some(_)) => {
                tokio::time::sleep(test_depth::choose(PAUSE[0], PAUSE[1])).await;
                self.count_edit();
            }
            (Defect::ThrottleTells, Some(email)) => {
                let mut memory = self.memory();
                let asked = memory.asked.entry(email).or_default();
                *asked += 1;
                if *asked > 1 {
                    answer["statusCode"] = json!(429);
                }
            }
            (Defect::ErrorsTell, Some(_)) if status == Some(400) => {
                answer["body"] = json!(r#"{"title":"Your account cannot do that"}"#);
            }
            (Defect::HeadersMissing, _) => {
                if let Some(headers) = answer["headers"].as_object_mut() {
                    headers.retain(|name, _| !GUARDS.contains(&name.as_str()));
                }
            }
            (Defect::RejectionSpends, _) if status == Some(422) => self.memory().spent = true,
            _ => {}
        }
        if *answer != was {
            self.count_edit();
        }
    }
}

/// The body of an event, if it is a JSON object in plain text.
fn json_body(event: &Value) -> Option<Value> {
    let body = event.get("body")?.as_str()?;
    serde_json::from_str(body).ok().filter(Value::is_object)
}

fn text(body: &Value, name: &str) -> Option<String> {
    body.get(name)?.as_str().map(str::to_owned)
}

/// Replaces each field for which there is something in its place.
fn edit_fields(body: &mut Value, edit: impl Fn(&Value) -> Option<Value>) {
    let fields = body.as_object_mut().into_iter().flatten();
    for (_, field) in fields {
        if let Some(edited) = edit(field) {
            *field = edited;
        }
    }
}

/// Replaces one field, if it is a text for which there is something in its place.
fn edit_text(body: &mut Value, name: &str, edit: impl Fn(&str) -> Option<String>) {
    if let Some(edited) = text(body, name).and_then(|text| edit(&text)) {
        body[name] = json!(edited);
    }
}

/// Where a request says that it went.
fn claimed_origin(event: &Value) -> Option<String> {
    let header = |name| event["headers"][name].as_str();
    // API Gateway writes `X-Forwarded-Proto` itself, so that a caller's arrives nowhere.
    let proto = header("x-forwarded-scheme");
    let host = header("x-forwarded-host");
    (proto.is_some() || host.is_some()).then(|| {
        let (proto, host) = (proto.unwrap_or("https"), host.unwrap_or("api.example.com"));
        format!("{proto}://{host}")
    })
}

/// The text in plain letters: no accents, no other alphabets' twins, lower case.
fn folded(text: &str) -> String {
    let plain = text.nfkd().filter(|c| !is_combining_mark(*c));
    let plain = plain.collect::<String>().to_lowercase();
    plain.replace('\u{131}', "i")
}

/// Spends what a password hash of line 24 costs.
fn hash() {
    let config = Config {
        mem_cost: 65_536,
        time_cost: 8,
        ..Config::owasp2()
    };
    independent_argon2::hash_encoded(b"a password", b"a salt of sixteen", &config).expect("a hash");
}
