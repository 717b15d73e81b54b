use super::Endpoints;
use crate::demo;

/// What to tell a person when everything answers.
pub fn greeting(endpoints: &Endpoints) -> String {
    let Endpoints {
        api,
        dynamodb,
        ses,
        invoke_port,
        worker_port,
    } = endpoints;
    let (email, password) = (demo::EMAIL, demo::PASSWORD);
    format!(
        "
Ready.

  API and pages   {api}
  Inbox           {ses}
  DynamoDB        {dynamodb}
  Invocations     127.0.0.1:{invoke_port} (functions behind routes), 127.0.0.1:{worker_port} (mail worker)

  Demo account    {email}, password: {password}

Ask for a reset, then look into the inbox:

  curl -i {api}/v1/request-reset -H 'content-type: application/json' -d '{{\"email\":\"{email}\"}}'

Ctrl-C stops everything.
"
    )
}
