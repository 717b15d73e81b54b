"""The way of a mail from the stream to the worker, and what becomes of those that fail."""

import json

SENDERS = {"Sender": "SenderIdentity", "SecondSender": "SecondSenderIdentity"}
REQUESTS = {
    "eventName": ["INSERT", "MODIFY"],
    "dynamodb": {"Keys": {"pk": {"S": [{"prefix": "request#"}]}}},
}
NOTICES = {
    "eventName": ["INSERT"],
    "dynamodb": {"Keys": {"pk": {"S": [{"prefix": "notice#"}]}}},
}


def mapping(deployment):
    """Two mappings, of jobs only, that try as long as a link lives and then keep the record: no notice
    stands behind a request. Lambda takes one of a stream for each name of a function."""
    mappings = deployment.of_type("AWS::Lambda::EventSourceMapping")
    own = {
        "MailWorkerFunctionOutbox": (
            REQUESTS,
            {
                "FunctionName": "${MailWorkerFunctionAliaslive}",
                "ParallelizationFactor": deployment.parameters.get("OutboxParallelism", 2),
                "MaximumBatchingWindowInSeconds": 1,
            },
        ),
        "NoticesMapping": (NOTICES, {"FunctionName": "${MailWorkerFunction}:notices"}),
    }
    if mappings.keys() != own.keys():
        yield f"the mappings are {sorted(mappings)}"
    alias = deployment.properties("NoticesAlias")
    if alias.get("Name") != "notices" or alias.get("FunctionName") != "${MailWorkerFunction}":
        yield f"notices go to {alias}"
    for name in mappings.keys() & own.keys():
        found, (pattern, properties) = mappings[name], own[name]
        filters = found.get("FilterCriteria", {}).get("Filters", [])
        if [json.loads(one["Pattern"]) for one in filters] != [pattern]:
            yield f"the filters of {name} are {filters}"
        wanted = properties | {
            "EventSourceArn": "${TokensTable.StreamArn}",
            "StartingPosition": "TRIM_HORIZON",
            "BatchSize": 100,
            "BisectBatchOnFunctionError": True,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "MaximumRecordAgeInSeconds": deployment.parameters.get("LinkLifetimeSeconds", 1800),
            "MaximumRetryAttempts": -1,
            "DestinationConfig": {"OnFailure": {"Destination": "${DeadLetterBucket.Arn}"}},
            "MetricsConfig": {"Metrics": ["EventCount"]},
        }
        for key, value in wanted.items():
            if found.get(key) != value:
                yield f"{key} of {name} is {found.get(key)}"


DESTINATION = {
    "ConfigurationSetName": "${ConfigurationSet}",
    "EventDestination": {
        "Name": "reports",
        "Enabled": True,
        "MatchingEventTypes": ["BOUNCE", "COMPLAINT", "DELIVERY", "DELIVERY_DELAY", "REJECT"],
        "EventBridgeDestination": {
            "EventBusArn": "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}"
            ":event-bus/default"
        },
    },
}


def configuration_set(deployment) -> dict:
    """The set that is made here: it tracks nobody, even where the account does, and keeps TLS."""
    vdm = {
        "DashboardOptions": {"EngagementMetrics": "DISABLED"},
        "GuardianOptions": {"OptimizedSharedDelivery": "DISABLED"},
    }
    return {
        "ReputationOptions": {"ReputationMetricsEnabled": True},
        "SendingOptions": {"SendingEnabled": True},
        "SuppressionOptions": {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]},
        "DeliveryOptions": {"TlsPolicy": deployment.parameters.get("MailTlsPolicy", "REQUIRE")},
        **({"VdmOptions": vdm} if deployment.parameters.get("AccountUsesVdm") == "true" else {}),
    }


def reports(deployment):
    """SES tells what became of mails, tracks nobody, and does not mail whoever bounced again."""
    own = "SesConfigurationSet" not in deployment.parameters
    for kind, wanted in {
        "AWS::SES::ConfigurationSet": configuration_set(deployment),
        "AWS::SES::ConfigurationSetEventDestination": DESTINATION,
    }.items():
        found = list(deployment.of_type(kind).values())
        if found != ([wanted] if own else []):
            yield f"of {kind} there is {found}"
    rule = deployment.properties("MailReportsFunctionReport")
    name = deployment.parameters.get("SesConfigurationSet", "${ConfigurationSet}")
    pattern = {
        "source": ["aws.ses"],
        "detail": {
            "eventType": ["Bounce", "Complaint", "Delivery", "DeliveryDelay", "Reject"],
            "mail": {"tags": {"ses:configuration-set": [name]}},
        },
    }
    if rule.get("EventPattern") != pattern:
        yield f"the rule matches {rule.get('EventPattern')}"
    targets = rule.get("Targets", [])
    if [target["Arn"] for target in targets] != ["${MailReportsFunctionAliaslive}"]:
        yield f"the reports go to {targets}"
    for target in targets:
        if target.get("RetryPolicy") != {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 30}:
            yield f"the reports are brought by {target.get('RetryPolicy')}"
    invoked = {
        "FunctionName": "${MailReportsFunction}",
        "Qualifier": "live",
        "MaximumEventAgeInSeconds": 3600,
        "MaximumRetryAttempts": 2,
        # As SAM writes none.
        "DestinationConfig": {},
    }
    found = list(deployment.of_type("AWS::Lambda::EventInvokeConfig").values())
    if found != [invoked]:
        yield f"a failed report is tried again by {found}"


def identity(name: str, subdomain: str | None) -> dict:
    """How an identity is made; an address has no DNS records, so SES takes nothing about them."""
    if "@" in name:
        return {"EmailIdentity": name}
    mail_from = {
        "MailFromDomain": f"{subdomain}.{name}",
        "BehaviorOnMxFailure": "USE_DEFAULT_VALUE",
    }
    return {
        "EmailIdentity": name,
        "DkimAttributes": {"SigningEnabled": True},
        "DkimSigningAttributes": {"NextSigningKeyLength": "RSA_2048_BIT"},
    } | ({"MailFromAttributes": mail_from} if subdomain else {})


def senders(deployment):
    """Identities are made where asked for, domains with DKIM and MAIL FROM, and outlive the stack."""
    parameters = deployment.parameters
    wanted = {
        name: identity(parameters[parameter], parameters.get("MailFromSubdomain"))
        for name, parameter in SENDERS.items()
        if parameter in parameters and parameters.get("CreateSenderIdentities") == "true"
    }
    found = deployment.of_type("AWS::SES::EmailIdentity")
    for name in sorted(found.keys() | wanted.keys()):
        if found.get(name) != wanted.get(name):
            yield f"{name} is made as {found.get(name)}"
    for name in found:
        for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
            if deployment.resources[name].get(policy) != "Retain":
                yield f"{name} goes with the stack"


def dead_letters(deployment):
    """The bucket is closed, encrypted and emptied."""
    bucket = deployment.properties("DeadLetterBucket")
    key = deployment.parameters.get("TableKeyArn")
    encryption = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    if key:
        by = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
        encryption = {"ServerSideEncryptionByDefault": by, "BucketKeyEnabled": True}
    if bucket.get("BucketEncryption") != {"ServerSideEncryptionConfiguration": [encryption]}:
        yield f"the bucket encrypts by {bucket.get('BucketEncryption')}"
    ownership = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    if bucket.get("OwnershipControls") != ownership:
        yield f"the bucket's objects are owned by {bucket.get('OwnershipControls')}"
    block = bucket.get("PublicAccessBlockConfiguration", {})
    if len(block) != 4 or not all(block.values()):
        yield "the bucket can be made public"
    expire = {
        "Id": "expire",
        "Status": "Enabled",
        "ExpirationInDays": 14,
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
    }
    if bucket.get("LifecycleConfiguration") != {"Rules": [expire]}:
        yield f"the bucket is emptied by {bucket.get('LifecycleConfiguration')}"
    policy = deployment.properties("DeadLetterBucketPolicy")
    denied = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["${DeadLetterBucket.Arn}", "${DeadLetterBucket.Arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    if policy.get("PolicyDocument", {}).get("Statement") != [denied]:
        yield "the bucket can be used without TLS"
