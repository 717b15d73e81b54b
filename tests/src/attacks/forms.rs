//! Forms, bytes and cases: lines 31 to 33.

use local_stack::api_gateway::ApiRequest;

use super::report::Trial;
use super::target::granted;
use super::{Target, TrialResult};
use crate::app::{NEW_PASSWORD, OLD_PASSWORD};
use crate::dialects::form;

const EVIL: &str = "https://evil.example";

pub(super) async fn foreign_forms(target: &Target) -> TrialResult {
    let mut trial = Trial::of("every form of the pages, sent by another site's page");
    let email = target.known();
    let mail = target.reset_mail(&email).await?;
    let (token, code) = (mail.token()?, mail.code()?);
    let passwords = [("password", NEW_PASSWORD), ("confirm", NEW_PASSWORD)];
    let by_code = [("email", email.as_str()), ("code", code.as_str())];
    let forms = [
        form("/auth/forgot-password", &by_code[..1]),
        form("/auth/reset-code", &by_code),
        form("/auth/reset-code/password", &[by_code, passwords].concat()),
        form(&format!("/auth/forgot-password/{token}"), &passwords),
        form(&format!("/auth/cancel-reset/{token}"), &[("cancel", "yes")]),
    ];
    let snapshot = target.snapshot().await;
    for form in &forms {
        for headers in [
            &[("origin", EVIL)][..],
            &[("origin", "null"), ("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "cross-site")],
        ] {
            let add = |form: ApiRequest, (name, value): &(&str, &str)| form.header(name, value);
            let answer = target.send(headers.iter().fold(form.clone(), add)).await;
            let what = format!("{} from {headers:?}", form.target);
            trial.require_status(403, &what, &answer);
        }
    }
    let blind = form(&format!("/auth/cancel-reset/{token}"), &[]);
    let answer = target.send(blind).await;
    trial.require(!granted(&answer), || "a blind post cancels");
    let mails = target.mails_after(&snapshot).await.len();
    trial.require(mails == 0, || format!("{mails} mails"));
    trial.require_granted("the link", &target.verify(&token).await);
    Ok(trial.finish("403 for each, no mail, and the link lives"))
}

pub(super) async fn broken_bytes(target: &Target) -> TrialResult {
    let mut trial =
        Trial::of("two passwords that are one when bytes that are no UTF-8 are replaced");
    let token = target.reset_mail(&target.known()).await?.token()?;
    let path = format!("/auth/forgot-password/{token}");
    for (password, confirm) in [
        ("%E4", "%C4"),
        ("%ED%A0%80", "%ED%B0%80"),
        ("%C0%AF", "%FF"),
    ] {
        let text = "seven+lanterns+over+the+bay+";
        let body = format!("password={text}{password}&confirm={text}{confirm}");
        let answer = target.send(form(&path, &[]).body(body)).await;
        trial.require_status(400, &format!("{password} and {confirm}"), &answer);
    }
    trial.require_granted("the link", &target.verify(&token).await);
    Ok(trial.finish("400 for each, and the link lives"))
}

pub(super) async fn cases_of_domains(target: &Target) -> TrialResult {
    let mut trial = Trial::of("a capital sigma at the end of a word in a domain");
    let in_process = target.require_in_process()?;
    let stored = "jo@xn---x-b9b6e.example";
    in_process.app.add_user("sigma", stored, OLD_PASSWORD).await;
    for (typed, mails) in [("jo@\u{391}\u{3a3}-x.example", 1), (stored, 0)] {
        let snapshot = target.snapshot().await;
        target.send(target.ask(typed)).await;
        let came = target.mails_after(&snapshot).await;
        let right = came.len() == mails && came.iter().all(|mail| mail.is_for(stored));
        trial.require(right, || format!("{} mails for {typed}", came.len()));
    }
    Ok(trial.finish("one mail and one limit for both spellings"))
}
