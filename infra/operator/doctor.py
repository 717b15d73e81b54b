"""What is wrong with a deployment, and what to do about it."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass

from botocore.exceptions import ClientError

import mapping
from aws import Deployment, apps

SIMULATOR = "success@simulator.amazonses.com"
# An origin that nobody has; RFC 2606 keeps it so.
FOREIGN = "https://foreign.invalid"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    verdict: str
    what: str
    todo: str = ""

    @property
    def is_bad(self) -> bool:
        return self.verdict == "bad"

    def __str__(self) -> str:
        return f"{self.verdict:4} {self.what}" + (f"\n     {self.todo}" if self.todo else "")


def good(what: str) -> Finding:
    return Finding("ok", what)


def warn(what: str, todo: str) -> Finding:
    return Finding("warn", what, todo)


def bad(what: str, todo: str) -> Finding:
    return Finding("bad", what, todo)


def stack(deployment: Deployment):
    status = deployment.description["StackStatus"]
    if status.endswith("_COMPLETE") and "ROLLBACK" not in status:
        yield good(f"the stack is {status}")
    else:
        yield bad(
            f"the stack is {status}", "Look at its events: aws cloudformation describe-stack-events"
        )


def account(deployment: Deployment):
    found = deployment.client("sesv2").get_account()
    if found.get("ProductionAccessEnabled"):
        yield good("SES mails everybody")
    else:
        yield warn(
            "SES is in the sandbox: it mails verified recipients alone",
            "Ask for production access: see DEPLOYMENT.md; until then name them in SandboxRecipients.",
        )
    if not found.get("SendingEnabled") or found.get("EnforcementStatus") != "HEALTHY":
        yield bad(
            f"SES sends nothing, or not for long ({found.get('EnforcementStatus')})",
            "Read AWS's mail about the account, and BounceRateAlarm in RUNBOOK.md.",
        )
    quota = found["SendQuota"]
    cap = int(deployment.parameters.get("MailsPerHour", 1000))
    if 0 <= quota["Max24HourSend"] < cap:
        yield warn(
            f"SES sends {quota['Max24HourSend']:.0f} mails a day, MailsPerHour allows {cap} an hour",
            "Lower MailsPerHour, or ask for a higher quota.",
        )
    yield good(f"SES sends {quota['MaxSendRate']:.0f} mails a second")


def identities(deployment: Deployment):
    client = deployment.client("sesv2")
    for identity in deployment.senders():
        try:
            found = client.get_email_identity(EmailIdentity=identity)
        except ClientError as error:
            if error.response["Error"]["Code"] != "NotFoundException":
                raise
            todo = "Make it, in this Region: CreateSenderIdentities=true, or in the console of SES."
            yield bad(f"SES knows no identity {identity}", todo)
            continue
        if found.get("VerifiedForSendingStatus"):
            yield good(f"{identity} is verified")
        else:
            todo = (
                "Set the records of the outputs SenderDkimRecord1 to 3; SES looks for three days."
            )
            yield bad(f"{identity} is not verified", todo)
        if "@" not in identity and found.get("DkimAttributes", {}).get("Status") != "SUCCESS":
            todo = "Set the three CNAME records; without DKIM mails end in spam."
            yield bad(f"{identity} does not sign with DKIM", todo)
        mail_from = found.get("MailFromAttributes", {})
        if mail_from.get("MailFromDomain") and mail_from.get("MailFromDomainStatus") != "SUCCESS":
            todo = "Set its MX and TXT records; see DEPLOYMENT.md."
            yield warn(f"{mail_from['MailFromDomain']} is not in use yet", todo)


def covers(identity: str, sender: str) -> bool:
    """Whether an identity lets this address send: the address itself, its domain or one above it."""
    domain = sender.rpartition("@")[2]
    if "@" in identity:
        return identity.lower() == sender
    return domain == identity.lower() or domain.endswith("." + identity.lower())


def senders(deployment: Deployment):
    for app in apps()["apps"]:
        sender = app["sender"].rpartition("<")[2].rstrip("> ").lower()
        if any(covers(identity, sender) for identity in deployment.senders()):
            yield good(f"the sender of {app['id']} is one that the stack may send from")
        else:
            todo = "Set SenderIdentity or SecondSenderIdentity, or the app's sender."
            yield bad(f"the stack may not send from {sender}, the sender of {app['id']}", todo)


def users(deployment: Deployment):
    name = deployment.outputs["UsersTableName"]
    client = deployment.client("dynamodb")
    try:
        table = client.describe_table(TableName=name)["Table"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        yield bad(
            f"there is no table {name}", "UsersTableName names a table of this account and Region."
        )
        return
    index = deployment.parameters.get("UsersEmailIndex")
    states = {it["IndexName"]: it["IndexStatus"] for it in table.get("GlobalSecondaryIndexes", [])}
    if index and states.get(index) != "ACTIVE":
        yield bad(
            f"{name} has no active index {index}", "UsersEmailIndex names an index on the address."
        )
    else:
        yield good(f"{name} is there, with the index that addresses are looked up by")
    backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus")
    if recovery != "ENABLED":
        todo = "aws dynamodb update-continuous-backups; passwords that are overwritten are gone."
        yield warn(f"{name} cannot be restored to a point in time", todo)


def users_mapping(deployment: Deployment):
    todo = "See \"The users table\" in README.md; make check-users tries other settings."
    for verdict, what in mapping.check(deployment):
        if verdict == "BAD":
            yield bad(what, todo)
        elif verdict == "note":
            yield warn(what, "Nothing to do where that is meant.")
        else:
            yield good(what)


def lowered(headers) -> dict:
    return {name.lower(): value for name, value in dict(headers).items()}


def fetch(url: str, method: str, headers: dict) -> tuple[int, dict, bytes]:
    request = urllib.request.Request(url, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, lowered(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, lowered(error.headers), error.read()
    except urllib.error.URLError as error:
        return 0, {}, str(error.reason).encode()


def api(deployment: Deployment):
    url = deployment.outputs["ApiUrl"]
    status, _, body = fetch(f"{url}/v1/settings", "GET", {})
    if status != 200:
        todo = "Name and certificate: DEPLOYMENT.md. 503: make on. 404 behind an edge: its secret."
        yield bad(f"{url} answers {status}", todo)
        return
    on = json.loads(body).get("user:reset-password")
    yield good(f"{url} answers") if on else warn("resets are switched off", "ResetEnabled=true")
    allowed = [it for it in deployment.parameters.get("AllowedOrigins", "").split(",") if it]
    if "https://app.example.com" in allowed:
        yield warn("AllowedOrigins is still the placeholder", "Set it to your frontends' origins.")
    well = True
    for origin in [*allowed, FOREIGN]:
        preflight = {"origin": origin, "access-control-request-method": "POST"}
        _, headers, _ = fetch(f"{url}/v1/request-reset", "OPTIONS", preflight)
        answered = headers.get("access-control-allow-origin")
        if answered != (None if origin == FOREIGN else origin):
            well = False
            todo = "Deploy again: the API's CORS differs from AllowedOrigins."
            yield bad(f"a page of {origin} is answered with {answered}", todo)
    if well:
        yield good(f"pages of {len(allowed)} origins may call it, and no others")


def outbox(deployment: Deployment):
    client = deployment.client("lambda")
    mapping = client.get_event_source_mapping(UUID=deployment.resources["MailWorkerFunctionOutbox"])
    if mapping["State"] in ("Enabled", "Enabling", "Updating"):
        yield good("the outbox is read")
    else:
        todo = "aws lambda update-event-source-mapping --enabled; mails wait meanwhile."
        yield bad(f"the outbox is {mapping['State']}", todo)
    for name in ("RequestResetFunction", "ConfirmResetFunction"):
        found = client.get_function_concurrency(FunctionName=deployment.resources[name])
        if found.get("ReservedConcurrentExecutions") == 0:
            yield warn(f"{name} is switched off", "make on")


def alarms(deployment: Deployment):
    pages = deployment.client("cloudwatch").get_paginator("describe_alarms")
    found = [
        alarm
        for page in pages.paginate(
            AlarmNamePrefix=f"{deployment.stack}-", AlarmTypes=["MetricAlarm"]
        )
        for alarm in page["MetricAlarms"]
    ]
    ringing = [alarm["AlarmName"] for alarm in found if alarm["StateValue"] == "ALARM"]
    for name in ringing:
        yield bad(f"{name} rings", "infra/RUNBOOK.md has a section of its name.")
    if not any(alarm.get("AlarmActions") for alarm in found):
        yield warn("nobody is told when an alarm rings", "Set AlarmTopicArn to an SNS topic.")
    if not ringing:
        yield good(f"{len(found)} alarms, and none rings")


def simulator(deployment: Deployment):
    """One mail to SES's simulator, with the rights of whoever calls: it counts towards no quota of
    bounces, and shows that the account sends."""
    sender = apps()["apps"][0]["sender"]
    try:
        sent = deployment.client("sesv2").send_email(
            FromEmailAddress=sender,
            Destination={"ToAddresses": [SIMULATOR]},
            ConfigurationSetName=deployment.outputs["ConfigurationSetName"],
            Content={
                "Simple": {
                    "Subject": {"Data": "A mail of make doctor"},
                    "Body": {"Text": {"Data": "It shows that mails can be sent."}},
                }
            },
        )
    except ClientError as error:
        yield bad(f"SES takes no mail from {sender}", error.response["Error"]["Message"])
    else:
        yield good(f"SES took a mail to its simulator ({sent['MessageId']})")


# What is looked at, in this order.
LOOKS = (stack, account, identities, senders, users, users_mapping, api, outbox, alarms)


def examine(deployment: Deployment, looks=LOOKS) -> list[Finding]:
    """All findings. One that fails for want of a right is said, and the others go on."""
    findings = []
    for look in looks:
        try:
            findings.extend(look(deployment))
        except ClientError as error:
            findings.append(bad(f"{look.__name__} could not be looked at", str(error)))
    return findings
