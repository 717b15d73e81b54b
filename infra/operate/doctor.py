"""What is wrong with a deployment, and what to do about it."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from botocore.exceptions import ClientError

import check_users
import grants
import switch
import web
from aws import SETTINGS, Deployment, apps, setting, settings
from lines import FAILURES, error_text

SIMULATOR = "success@simulator.amazonses.com"
# An origin that nobody has; RFC 2606 keeps it so.
FOREIGN = "https://foreign.invalid"
# This machine itself, to which nobody else can listen.
LOOPBACK = re.compile(r"http://(localhost|127(\.\d+){3})(:\d+)?")
# Those that `make off` leaves on.
ALWAYS_ON = ("VerifyTokenFunction", "MailWorkerFunction", "MailReportsFunction")
# What an account may run at once before it has asked for more.
NEW_ACCOUNT = 10


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
    whose = deployment.client("sts").get_caller_identity()["Account"]
    yield good(f"account {whose}, Region {deployment.session.region_name}")
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
            "Ask for production access: see docs/deployment.md. Until then verify whom you mail: "
            "aws sesv2 create-email-identity --email-identity ADDRESS",
        )
    if not found.get("SendingEnabled") or found.get("EnforcementStatus") != "HEALTHY":
        yield bad(
            f"SES sends nothing, or not for long ({found.get('EnforcementStatus')})",
            "Read AWS's mail about the account, and BounceRateAlarm in docs/operations.md.",
        )
    quota = found["SendQuota"]
    cap = setting("mail", "per_hour")
    if 0 <= quota["Max24HourSend"] < 24 * cap:
        yield warn(
            f"SES sends {quota['Max24HourSend']:.0f} mails a day, mail.per_hour allows {24 * cap}",
            "Lower mail.per_hour, or ask for a higher quota: a flood would use up the day's.",
        )
    yield good(f"SES sends {quota['MaxSendRate']:.0f} mails a second")


def tracking(deployment: Deployment):
    """Where the account measures engagement, SES puts a pixel and links of its own into mails."""
    client = deployment.client("sesv2")
    vdm = client.get_account().get("VdmAttributes", {})
    measured = vdm.get("DashboardAttributes", {}).get("EngagementMetrics") == "ENABLED"
    if vdm.get("VdmEnabled") != "ENABLED" or not measured:
        return
    name = deployment.outputs["ConfigurationSetName"]
    options = client.get_configuration_set(ConfigurationSetName=name).get("VdmOptions", {})
    if options.get("DashboardOptions", {}).get("EngagementMetrics") == "DISABLED":
        yield good("the account measures engagement, and not of these mails")
        return
    todo = (
        f"aws sesv2 put-configuration-set-vdm-options --configuration-set-name {name} "
        "--vdm-options DashboardOptions={EngagementMetrics=DISABLED}"
    )
    yield bad("SES replaces the links of mails by its own: the account measures engagement", todo)


def identities(deployment: Deployment):
    client = deployment.client("sesv2")
    for identity in grants.identities(deployment.parameters):
        try:
            found = client.get_email_identity(EmailIdentity=identity)
        except client.exceptions.NotFoundException:
            todo = "Make it, in this Region: CreateSenderIdentity=true, or in the console of SES."
            yield bad(f"SES knows no identity {identity}", todo)
            continue
        if found.get("VerifiedForSendingStatus"):
            yield good(f"{identity} is verified")
        else:
            yield bad(f"{identity} is not verified", verify(deployment, identity))
        if "@" not in identity and found.get("DkimAttributes", {}).get("Status") != "SUCCESS":
            todo = "Set the three CNAME records; without DKIM mails end in spam."
            yield bad(f"{identity} does not sign with DKIM", todo)
        mail_from = found.get("MailFromAttributes", {})
        if mail_from.get("MailFromDomain") and mail_from.get("MailFromDomainStatus") != "SUCCESS":
            todo = "Set its MX and TXT records; see docs/deployment.md."
            yield warn(f"{mail_from['MailFromDomain']} is not in use yet", todo)


def verify(deployment: Deployment, identity: str) -> str:
    """How an identity is verified."""
    if "@" in identity:
        return "Click the link that SES has mailed there; create-email-identity mails it once more."
    made = deployment.parameters.get("CreateSenderIdentity") == "true"
    if made and identity == deployment.parameters["SenderIdentity"]:
        return "Set the records of the outputs SenderDkimRecord1 to 3; SES looks for three days."
    return "aws sesv2 get-email-identity shows its DKIM tokens."


def senders(deployment: Deployment):
    for name, app in apps().items():
        if grants.may_send(deployment.parameters, app["sender"]):
            yield good(f"the sender of {name} is one that the stack may send from")
        else:
            todo = "Set SenderIdentity or OtherSenders, or the app's sender, capitals as they are there."
            sender = grants.address(app["sender"])
            yield bad(f"the stack may not send from {sender}, the sender of {name}", todo)


def own_tables() -> dict[str, str]:
    """The users tables that apps have of their own, by the app."""
    return {name: app["users"]["table"] for name, app in apps().items() if app.get("users")}


def users(deployment: Deployment):
    whole = settings().get("users", {}).get("table") or deployment.outputs["UsersTableName"]
    yield from users_table(deployment, whole)
    for name in sorted(set(own_tables().values())):
        if name not in [whole, *grants.tables(deployment.parameters)]:
            yield bad(f"the functions may not use {name}", "Name its ARN in UsersTableArns.")
        yield from users_table(deployment, name)
    for name in grants.ungranted_session_tables(settings(), deployment.parameters):
        yield bad(f"sessions of {name} cannot be deleted", "Name its ARN in SessionsTableArns alone.")


def users_table(deployment: Deployment, name: str):
    """How a table is kept. Whether it is there and fits the settings is said by users_mapping."""
    client = deployment.client("dynamodb")
    try:
        table = client.describe_table(TableName=name)["Table"]
    except client.exceptions.ResourceNotFoundException:
        return
    yield from encryption(deployment, name, table.get("SSEDescription", {}))
    if name == deployment.resources.get("UsersTable") and not table.get("DeletionProtectionEnabled"):
        todo = f"aws dynamodb update-table --table-name {name} --deletion-protection-enabled"
        yield warn(f"{name} can be deleted by a slip", todo)
    backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus")
    if recovery != "ENABLED":
        todo = "aws dynamodb update-continuous-backups; passwords that are overwritten are gone."
        yield warn(f"{name} cannot be restored to a point in time", todo)


def encryption(deployment: Deployment, name: str, described: dict):
    """Whether the functions may use the key of a users table, as far as the stack says it."""
    key = described.get("KMSMasterKeyArn")
    named = deployment.parameters.get("UsersKeyArns", "").split(",")
    if key and key not in [*named, deployment.parameters.get("TableKeyArn")]:
        todo = "Name it in UsersKeyArns, unless it is aws/dynamodb, which needs no right."
        yield warn(f"{name} is encrypted with {key}, which the stack does not name", todo)


def users_mapping(deployment: Deployment):
    yield from mapped("", check_users.of_deployment(deployment))
    for app in own_tables():
        yield from mapped(f"{app}: ", check_users.of_app(deployment, app))


def mapped(whose: str, found: list[tuple[str, str]]):
    todo = "See docs/users-table.md; make check-users looks again when users is fixed."
    for verdict, what in found:
        what = whose + what
        if verdict == "BAD":
            yield bad(what, todo)
        elif verdict == "note":
            yield warn(what, "Nothing to do where that is meant.")
        else:
            yield good(what)


def layered(deployment: Deployment, function: str, layer: int) -> zipfile.ZipFile:
    """What is in one of a function's layers."""
    client = deployment.client("lambda")
    found = client.get_function_configuration(FunctionName=function, Qualifier="live")
    found = client.get_layer_version_by_arn(Arn=found["Layers"][layer]["Arn"])
    status, _, body = web.send(found["Content"]["Location"], "GET", {})
    if status != 200:
        raise OSError(f"the layer's content answers {status}")
    return zipfile.ZipFile(io.BytesIO(body))


def settings_file(deployment: Deployment):
    """The settings that the commands know are those that the functions have."""
    with layered(deployment, deployment.outputs["MailWorkerFunctionName"], 0) as content:
        deployed = json.loads(content.read("settings.json"))
    if deployed == settings():
        yield good(f"{SETTINGS} is the one that is deployed")
    else:
        todo = (
            "Check out what was deployed, or deploy again: make why and make kill-tokens look for "
            "the apps of this file."
        )
        yield bad(f"{SETTINGS} is not the one that is deployed", todo)


def known_passwords(deployment: Deployment):
    """What is in the list that new passwords are compared with."""
    known = setting("passwords", "known_list")
    if known == "off":
        todo = "Set passwords.known_list to on: NIST SP 800-63B-4 asks for a list."
        yield warn("passwords are compared with no list of known ones", todo)
    elif known == "on":
        with (
            layered(deployment, deployment.resources["ConfirmResetFunction"], 1) as content,
            content.open("known-passwords") as file,
        ):
            header = json.loads(file.readline())
            is_whole = hashlib.sha256(file.read()).hexdigest() == header["sha256"]
        if not is_whole:
            todo = "Build it and deploy it again."
            yield bad("the list of known passwords is not as it was built", todo)
        mistakes = header["mistakes_in_a_million"]
        yield good(
            f"{header['keys']} known passwords are refused, and at most {mistakes} of a million others"
        )
        for source in header["sources"]:
            parts = [f"{part} {it}" for part, it in source.items() if part not in ("name", "sha256")]
            yield good(f"they are of {source['name']}: {', '.join(parts)}")
    else:
        yield good(f"new passwords are compared with those of {known}, which nothing looks at from here")


def api(deployment: Deployment):
    url = deployment.outputs["ApiUrl"]
    try:
        status, _, body = web.send(f"{url}/v1/settings", "GET", {})
        on = json.loads(body).get("user:reset-password") if status == 200 else None
    except (*FAILURES, AttributeError) as error:
        todo = "Its name, its certificate, and what answers there: docs/deployment.md."
        yield bad(f"{url} does not answer as the API does: {error_text(error)}", todo)
        return
    if status != 200:
        todo = "404 behind an edge: its secret. 503: ThrottleAlarm in docs/operations.md."
        yield bad(f"{url} answers {status}", todo)
        return
    yield good(f"{url} answers") if on else warn("resets are switched off", "Set enabled to true.")
    if deployment.parameters.get("HostMode") == "edge":
        yield from edge_bypass(deployment.outputs["ApiHost"])
    allowed = [it for it in deployment.parameters.get("AllowedOrigins", "").split(",") if it]
    if "https://app.example.com" in allowed:
        yield warn("AllowedOrigins is still the placeholder", "Set it to your frontends' origins.")
    well = True
    for origin in [*allowed, FOREIGN]:
        preflight = {"origin": origin, "access-control-request-method": "POST"}
        _, headers, _ = web.send(f"{url}/v1/request-reset", "OPTIONS", preflight)
        answered = headers.get("access-control-allow-origin")
        if answered != (None if origin == FOREIGN else origin):
            well = False
            todo = "Deploy again: the API's CORS differs from AllowedOrigins."
            yield bad(f"a page of {origin} is answered with {answered}", todo)
    if well:
        yield good(f"pages of {len(allowed)} origins may call it, and no others")


def insecure(deployment: Deployment):
    """Pages over http: anybody between them and their visitors reads links and passwords."""
    origins = deployment.parameters.get("AllowedOrigins", "").split(",")
    for origin in origins:
        if origin.startswith("http://") and not LOOPBACK.fullmatch(origin):
            yield warn(f"AllowedOrigins has {origin}", "Serve that page over https.")
    for name, app in apps().items():
        if app.get("insecure_redirects"):
            todo = "Serve its page over https, and take insecure_redirects out of the settings."
            yield warn(f"links of the app {name} may lead over http", todo)


def edge_bypass(host: str):
    """Nobody passes the edge by."""
    status, _, _ = web.send(f"https://{host}/v1/settings", "GET", {})
    if status == 200:
        todo = "Deploy again: the functions do not ask for its secret."
        yield bad(f"{host} answers without the edge", todo)
    else:
        yield good(f"{host} answers nobody but the edge ({status})")


# By what they bring to the worker.
MAPPINGS = {"MailWorkerFunctionOutbox": "requests", "NoticesMapping": "notices of changes"}


def outbox(deployment: Deployment):
    client = deployment.client("lambda")
    for name, what in MAPPINGS.items():
        # Requests and notices share one then.
        if name == "NoticesMapping" and deployment.parameters.get("EventBusName"):
            continue
        mapping = client.get_event_source_mapping(UUID=deployment.resources[name])
        result = mapping.get("LastProcessingResult", "")
        if mapping["State"] not in ("Enabled", "Enabling", "Updating"):
            todo = "aws lambda update-event-source-mapping --enabled; mails wait meanwhile."
            yield bad(f"{what} are {mapping['State']}", todo)
        elif "PROBLEM" in result.upper():
            yield bad(f"{what} are not read: {result}", "See MailDelayAlarm in docs/operations.md.")
        else:
            yield good(f"{what} are read")


def events(deployment: Deployment):
    """The pipe to the event bus runs, where there is one."""
    if not deployment.parameters.get("EventBusName"):
        return
    pipe = deployment.client("pipes").describe_pipe(Name=deployment.resources["EventsPipe"])
    if pipe["CurrentState"] == "RUNNING":
        yield good("events of changed passwords are published")
    else:
        what = f"the pipe of events is {pipe['CurrentState']}: {pipe.get('StateReason', 'no reason')}"
        yield bad(what, "See EventsAlarm in docs/operations.md.")


def concurrency(deployment: Deployment):
    client = deployment.client("lambda")
    for name in (*switch.FUNCTIONS, *ALWAYS_ON):
        function = deployment.resources[name]
        found = client.get_function_concurrency(FunctionName=function)
        if found.get("ReservedConcurrentExecutions") == 0:
            by_hand = f"aws lambda delete-function-concurrency --function-name {function}"
            switched = name in switch.FUNCTIONS
            yield (warn if switched else bad)(
                f"{name} is switched off", "make on" if switched else by_hand
            )
    limit = client.get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    if limit <= NEW_ACCOUNT:
        todo = "Ask for more (Service Quotas, Lambda); docs/costs.md says how much."
        yield warn(f"the account runs {limit} calls at once, of all its functions", todo)
    else:
        yield good(f"the account runs {limit} calls at once")


def alarms(deployment: Deployment):
    wanted = [name for logical, name in deployment.resources.items() if logical.endswith("Alarm")]
    found = {}
    # It takes a hundred names at once.
    if wanted:
        asked = deployment.client("cloudwatch").describe_alarms(
            AlarmNames=wanted, AlarmTypes=["MetricAlarm"]
        )
        found = {alarm["AlarmName"]: alarm for alarm in asked["MetricAlarms"]}
    missing = [name for name in wanted if name not in found]
    if missing or not wanted:
        what = f"alarms are missing: {', '.join(missing) or 'all'}"
        yield bad(what, "Deploy again: they were deleted by hand, or the stack is not whole.")
    firing = [name for name, alarm in found.items() if alarm["StateValue"] == "ALARM"]
    for name in firing:
        yield bad(f"{name} fires", "docs/operations.md has a section of its name.")
    silent = [
        name
        for name, alarm in found.items()
        if not alarm.get("AlarmActions") or not alarm.get("ActionsEnabled", True)
    ]
    if silent:
        todo = "Set AlarmTarget to an address or an SNS topic; aws cloudwatch enable-alarm-actions."
        yield warn(f"{len(silent)} of {len(found)} alarms notify nobody", todo)
    if found and not firing:
        yield good(f"{len(found)} alarms, and none fires")


def alarm_subscriptions(deployment: Deployment):
    """Somebody has confirmed to be told."""
    target = deployment.parameters.get("AlarmTarget")
    if not target:
        return
    topic = deployment.resources["AlarmTopic"] if "@" in target else target
    found = deployment.client("sns").get_topic_attributes(TopicArn=topic)["Attributes"]
    if int(found.get("SubscriptionsConfirmed", 0)):
        yield good(f"{found['SubscriptionsConfirmed']} are told when an alarm fires")
    else:
        todo = (
            f"Click the link in the mail that AWS has sent to {target}; the next deployment does not "
            "send it again, aws sns subscribe does."
            if "@" in target
            else "aws sns subscribe; a person who is subscribed by mail has to confirm it."
        )
        yield warn(f"nobody has confirmed to be told by {topic}", todo)


def simulator(deployment: Deployment):
    """One mail to SES's simulator, with the rights of the caller: it counts towards no quota of
    bounces, and shows that the account sends."""
    sender = grants.address(apps()[settings()["default_app"]]["sender"])
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
LOOKS = (
    stack,
    account,
    tracking,
    identities,
    senders,
    users,
    users_mapping,
    settings_file,
    known_passwords,
    api,
    insecure,
    outbox,
    events,
    concurrency,
    alarms,
    alarm_subscriptions,
)


def examine(deployment: Deployment, looks=LOOKS) -> Iterator[Finding]:
    """All findings, as they are made. What fails is one of them, and the others go on; without the
    stack there is nothing to look at."""
    for look in looks:
        try:
            yield from look(deployment)
        except FAILURES as error:
            yield bad(f"{look.__name__} could not be looked at", error_text(error))
            if look is stack:
                return
