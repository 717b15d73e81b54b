//! Everybody who should know that a password was changed.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use integration_tests::app::{DEMO, OLD_PASSWORD};
use integration_tests::mailbox::ses_event;
use integration_tests::{Fault, TestApp};
use serde_json::{Value, json};

/// An app whose account names others who are told.
async fn app(contacts: &Value) -> TestApp {
    let app = TestApp::with("users.notice_emails_attribute", "contacts").await;
    app.set_user("demo", "contacts", contacts.clone()).await;
    app
}

/// Who was told, in alphabetical order.
fn notified(app: &TestApp) -> Vec<String> {
    let mails = app.ses.mails().into_iter();
    let warnings = mails.filter(|mail| mail.subject.contains("was changed"));
    let mut told: Vec<_> = warnings.flat_map(|mail| mail.to).collect();
    told.sort();
    told
}

/// How far the mail has come: to the account, and to each of the others.
async fn states(app: &TestApp) -> Vec<String> {
    let notice = app.notice().await;
    let others = notice["deliveries"].as_object();
    let others = others.into_iter().flatten().map(|(_, delivery)| delivery);
    let all = notice.get("delivery").into_iter().chain(others);
    all.map(|it| it["state"].as_str().expect("a state").to_owned())
        .collect()
}

#[tokio::test]
async fn every_recipient_gets_one_notice() {
    let set = ["b@b.example", "demo@EXAMPLE.com", "c@c.example"];
    for (contacts, others) in [
        (json!("Bob@b.example"), vec!["Bob@b.example"]),
        (
            json!(["b@b.example", DEMO, "B@b.example", "c@c.example"]),
            vec!["b@b.example", "c@c.example"],
        ),
        (json!(null), vec![]),
        (json!([]), vec![]),
    ] {
        let app = app(&contacts).await;
        app.change_password().await;
        app.deliver().await;
        let mut expected = [vec![DEMO], others].concat();
        expected.sort_unstable();
        assert_eq!(notified(&app), expected, "{contacts}");
        assert_eq!(states(&app).await, vec!["sent"; expected.len()]);
    }
    let app = app(&json!(null)).await;
    let set = AttributeValue::Ss(set.map(str::to_owned).to_vec());
    app.set_attribute("demo", "contacts", set).await;
    app.change_password().await;
    app.deliver().await;
    assert_eq!(notified(&app), ["b@b.example", "c@c.example", DEMO]);
}

#[tokio::test]
async fn five_further_addresses_get_the_notice_and_what_is_no_address_is_left_out() {
    let many: Vec<_> = (1..=9).map(|n| format!("{n}@b.example")).collect();
    let app = app(&json!(many)).await;
    app.change_password().await;
    assert_eq!(app.deliver_once().await.pending, 0);
    assert_eq!(notified(&app), [&many[..5], &[DEMO.to_owned()]].concat());

    let odd = json!(["nobody", 7, "", { "email": "x@b.example" }, "5@b.example", "6@b.example"]);
    let app = self::app(&odd).await;
    app.change_password().await;
    assert_eq!(app.deliver_once().await.pending, 0);
    assert_eq!(notified(&app), ["5@b.example", DEMO]);
    let kept = format!("{:?}", app.notice().await);
    assert!(!kept.contains("nobody") && !kept.contains("x@b"), "{kept}");
}

#[tokio::test]
async fn one_dead_address_holds_up_no_other() {
    let refused = || Fault::bad_request("Something that nobody foresaw");
    for (failure, dead, tries) in [
        (Fault::bad_request("Illegal address"), 1, 1),
        (refused(), 1, 3),
        // Each has a count of its own.
        (refused(), 2, 3),
    ] {
        let app = app(&json!(["b@b.example", "c@c.example"])).await;
        app.change_password().await;
        // Whichever of the three it is; later those alone are left.
        let refusals = |times| vec![failure.clone(); times];
        let first = [vec![Fault::Pass], refusals(dead)].concat();
        let rest = vec![Fault::Pass; 2 - dead];
        let all = [first, rest, refusals(dead * (tries - 1))].concat();
        app.aws.inject("SendEmail", all);
        let mut others = Vec::new();
        for n in 1..=tries {
            let pending = app.deliver_once().await.pending;
            assert_eq!(pending, usize::from(n < tries), "{failure:?}");
            others.push(notified(&app));
        }
        assert_eq!(others[0].len(), 3 - dead, "{failure:?}");
        assert!(others.iter().all(|it| *it == others[0]), "{others:?}");
        let states = states(&app).await;
        let failed = states.iter().filter(|state| *state == "failed").count();
        assert_eq!((states.len(), failed), (3, dead));
    }
}

#[tokio::test]
async fn a_lost_answer_repeats_one_mail_and_no_other() {
    let app = app(&json!(["b@b.example", "c@c.example"])).await;
    app.change_password().await;
    app.aws.inject("SendEmail", [Fault::Pass, Fault::CutAfter]);
    assert_eq!(app.deliver_once().await.pending, 1);
    app.deliver().await;
    let mut told = notified(&app);
    assert_eq!(told.len(), 4);
    told.dedup();
    assert_eq!(told, ["b@b.example", "c@c.example", DEMO]);
    assert_eq!(states(&app).await, ["sent"; 3]);
}

#[tokio::test]
async fn a_report_finds_the_mail_that_it_is_about() {
    let app = app(&json!(["b@b.example", "c@c.example"])).await;
    app.change_password().await;
    app.deliver().await;
    for (to, kind) in [
        ("c@c.example", "Bounce"),
        ("b@b.example", "Delivery"),
        (DEMO, "Complaint"),
    ] {
        let mut mails = app.ses.mails().into_iter();
        let mail = mails.rfind(|it| it.to == [to]).expect("a mail");
        let noted = app.invoke("MailReportsFunction", ses_event(kind, &mail));
        assert_eq!(noted.await, Ok(Value::Null));
    }
    let expected = ["complained", "delivered", "bounced"];
    assert_eq!(states(&app).await, expected);
}

#[tokio::test]
async fn without_further_addresses_nothing_differs() {
    let calls = ["GetItem", "GetItem", "SendEmail", "UpdateItem"];
    let plain = TestApp::start().await;
    let contacts = json!(["b@b.example"]);
    plain.set_user("demo", "contacts", contacts).await;
    for app in [plain, app(&json!(null)).await] {
        app.change_password().await;
        app.deliver().await;
        assert_eq!(app.aws.take_calls(), calls);
        assert_eq!(notified(&app), [DEMO]);
        let notice = app.notice().await;
        for name in ["others", "deliveries"] {
            assert_eq!(notice.get(name), None);
        }
    }
}

#[tokio::test]
async fn a_link_that_is_mailed_goes_to_the_account_alone() {
    let app = app(&json!(["b@b.example"])).await;
    app.add_user("next", "next@example.com", OLD_PASSWORD).await;
    app.mailed_reset(DEMO).await;
    app.clock.advance(Duration::from_mins(1));
    app.mailed_reset("next@example.com").await;
    let to: Vec<_> = app.ses.mails().into_iter().flat_map(|it| it.to).collect();
    assert_eq!(to, [DEMO, "next@example.com"]);
}
