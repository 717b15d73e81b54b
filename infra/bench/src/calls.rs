//! What each step of a flow asks of AWS.

use serde_json::{Value, json};

use crate::Failure;
use crate::meter::Call;
use crate::process::Process;
use crate::subjects::{Aws, Subject, Subjects};
use crate::world::{PASSWORD, Secrets, World, secrets_in};

pub(crate) fn measure(world: &mut World, subjects: &Subjects) -> Result<Value, Failure> {
    let mut measured = serde_json::Map::new();
    let mut start = |subject: Subject| {
        let (process, _) = subjects.start(subject, world, Aws::Metered)?;
        let calls = summary(&world.meter().take());
        measured.insert(format!("start of {}", subject.name()), calls);
        Ok::<_, Failure>(process)
    };
    let mut flow = Flow {
        request: start(Subject::Request)?,
        worker: start(Subject::Worker)?,
        verify: start(Subject::Verify)?,
        confirm: start(Subject::Confirm)?,
        world,
        measured,
    };
    // What other measures have left in the outbox.
    flow.deliver("")?;
    flow.by_link()?;
    flow.by_code()?;
    flow.of_nobody()?;
    flow.cancelled()?;
    Ok(Value::Object(flow.measured))
}

/// The processes, each behind the meter and past its start, and what each step asks of AWS.
struct Flow<'a> {
    world: &'a mut World,
    measured: serde_json::Map<String, Value>,
    request: Process,
    worker: Process,
    verify: Process,
    confirm: Process,
}

impl Flow<'_> {
    fn by_link(&mut self) -> Result<(), Failure> {
        let secrets = self.mailed("request", "reset mail")?;
        let body = json!({ "token": secrets.token });
        self.verify("verify by link", &body)?;
        self.confirm("confirm by link", "/v1/confirm-reset", &with_password(body))?;
        self.deliver("changed mail")
    }

    fn by_code(&mut self) -> Result<(), Failure> {
        let secrets = self.mailed("", "")?;
        let body = json!({ "email": secrets.email, "code": secrets.code });
        let wrong = json!({ "email": secrets.email, "code": "0000-0000" });
        self.verify("verify by a wrong code", &wrong)?;
        self.verify("verify by code", &body)?;
        self.confirm("confirm by code", "/v1/confirm-reset", &with_password(body))?;
        self.deliver("")
    }

    fn of_nobody(&mut self) -> Result<(), Failure> {
        let email = self.world.stranger();
        self.request("request, unknown address", &email)?;
        self.deliver("no mail, unknown address")
    }

    fn cancelled(&mut self) -> Result<(), Failure> {
        let secrets = self.mailed("", "")?;
        self.confirm(
            "cancel",
            "/v1/cancel-reset",
            &json!({ "token": secrets.token }),
        )
    }

    fn mailed(&mut self, request: &str, mail: &str) -> Result<Secrets, Failure> {
        let email = self.world.person()?;
        self.world.mails();
        self.request(request, &email)?;
        self.deliver(mail)?;
        let mails = self.world.mails();
        let secrets = mails.first().and_then(secrets_in);
        Ok(secrets.ok_or("no mail came")?)
    }

    fn request(&mut self, step: &str, email: &str) -> Result<(), Failure> {
        let event = self
            .world
            .event("/v1/request-reset", &json!({ "email": email }))?;
        self.request.invoke(&event)?;
        self.note(step);
        Ok(())
    }

    fn deliver(&mut self, step: &str) -> Result<(), Failure> {
        self.world.deliver(&mut self.worker)?;
        self.note(step);
        Ok(())
    }

    fn verify(&mut self, step: &str, body: &Value) -> Result<(), Failure> {
        let event = self.world.event("/v1/verify-token", body)?;
        self.verify.invoke(&event)?;
        self.note(step);
        Ok(())
    }

    fn confirm(&mut self, step: &str, path: &str, body: &Value) -> Result<(), Failure> {
        let event = self.world.event(path, body)?;
        let (answer, _) = self.confirm.invoke(&event)?;
        if answer["statusCode"] != 200 {
            return Err(format!("{step}: {answer}").into());
        }
        self.note(step);
        Ok(())
    }

    /// A step without a name was noted before.
    fn note(&mut self, step: &str) {
        let calls = self.world.meter().take();
        if !step.is_empty() {
            self.measured.insert(step.to_owned(), summary(&calls));
        }
    }
}

fn with_password(mut body: Value) -> Value {
    body["password"] = json!(PASSWORD);
    body
}

fn summary(calls: &[Call]) -> Value {
    let mails = calls
        .iter()
        .filter(|call| call.operation == "SendEmail")
        .count();
    json!({
        "calls": calls.iter().map(|call| call.operation.as_str()).collect::<Vec<_>>(),
        "dynamodb": calls.len() - mails,
        "ses": mails,
        "read_units": calls.iter().map(|call| call.read_units).sum::<f64>(),
        "write_units": calls.iter().map(|call| call.write_units).sum::<f64>(),
    })
}
