use std::collections::BTreeMap;

use aws_config::SdkConfig;
use aws_lambda_events::event::dynamodb::Event;
use local_stack::invoke::InvokeError;
use local_stack::template::Template;
use serde_json::Value;
use shared::adapters::{Argon2Memory, ConfiguredHasher, SystemEntropy};
use shared::config::{ConfirmConfig, RequestResetConfig, VerifyConfig};
use shared::functions::confirm_reset::{self, ConfirmFunction};
use shared::functions::mail_reports::{self, MailReporting};
use shared::functions::mail_worker::{self, MailWorker};
use shared::functions::request_reset::{self, HttpFunction};
use shared::functions::verify_token::{self, VerifyFunction};

use super::variables;
use crate::clock::TestClock;

/// The real handlers, with the environment that the template gives them.
pub(super) struct Functions {
    request: HttpFunction<TestClock>,
    worker: MailWorker<TestClock>,
    reports: MailReporting<TestClock>,
    verify: VerifyFunction<TestClock>,
    confirm: ConfirmFunction<TestClock>,
}

impl Functions {
    pub(super) fn new(
        template: &Template,
        overrides: &BTreeMap<String, String>,
        sdk: &SdkConfig,
        clock: &TestClock,
    ) -> Self {
        let lookup = |function: &str| {
            let variables = variables(template, function, overrides);
            move |name: &str| variables.get(name).cloned()
        };
        let request = RequestResetConfig::read(lookup("RequestResetFunction"));
        let worker = RequestResetConfig::read(lookup("MailWorkerFunction"));
        let verify = VerifyConfig::read(lookup("VerifyTokenFunction")).expect("good settings");
        let confirm = ConfirmConfig::read(lookup("ConfirmResetFunction")).expect("good settings");
        let reports = RequestResetConfig::read(lookup("MailReportsFunction"));
        let (
            Ok(RequestResetConfig::Http(request)),
            Ok(RequestResetConfig::MailWorker(worker)),
            Ok(RequestResetConfig::MailReports(reports)),
        ) = (request, worker, reports)
        else {
            panic!("request-reset has wrong settings");
        };
        let hasher = ConfiguredHasher::new(confirm.hashing, Argon2Memory::default(), SystemEntropy)
            .expect("a good cost");
        Self {
            request: HttpFunction::new(*request, sdk, clock.clone()),
            worker: MailWorker::new(*worker, sdk, clock.clone()).expect("a worker"),
            reports: MailReporting::new(*reports, sdk, clock.clone()),
            verify: VerifyFunction::new(verify, sdk, clock.clone()).expect("a function"),
            confirm: ConfirmFunction::new(confirm, hasher, sdk, clock.clone()).expect("a list"),
        }
    }

    /// Runs a function as Lambda would.
    pub(super) async fn call(&self, function: String, event: Value) -> Result<Value, InvokeError> {
        if function == "MailWorkerFunction" {
            let event: Event = serde_json::from_value(event).map_err(|error| failed(&error))?;
            let response = mail_worker::handle_batch(&self.worker, event).await;
            return serde_json::to_value(response).map_err(|error| failed(&error));
        }
        if function == "MailReportsFunction" {
            let noted = mail_reports::handle_report(&self.reports, event).await;
            let noted = noted.map(|()| Value::Null);
            return noted.map_err(|error| InvokeError::function("Error", error.to_string()));
        }
        let event = serde_json::from_value(event).map_err(|error| failed(&error))?;
        let response = match function.as_str() {
            "RequestResetFunction" => request_reset::handle(&self.request, event).await,
            "VerifyTokenFunction" => verify_token::handle(&self.verify, event).await,
            "ConfirmResetFunction" => confirm_reset::handle(&self.confirm, event).await,
            _ => return Err(InvokeError::Unreachable(function)),
        };
        serde_json::to_value(response).map_err(|error| failed(&error))
    }
}

fn failed(error: &serde_json::Error) -> InvokeError {
    InvokeError::function("Error", error.to_string())
}
