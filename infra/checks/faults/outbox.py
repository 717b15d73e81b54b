"""Faults on the way of a mail."""

from faults.changes import drop, event, get, properties, put, resource

OUTBOX = event("MailWorkerFunction", "Outbox")
NOTICES = properties("NoticesMapping")
REPORT = event("MailReportsFunction", "Report")
EVERY_NOTICE = '{"dynamodb": {"Keys": {"pk": {"S": [{"prefix": "notice#"}]}}}}'
SECOND = {
    "Type": "DynamoDB",
    "Properties": {"Stream": get("TokensTable", "StreamArn"), "StartingPosition": "LATEST"},
}

FAULTS = {
    "outbox.mapping": {
        "no filter": drop(*OUTBOX, "FilterCriteria"),
        "notices behind strangers": put(
            *OUTBOX, "FilterCriteria", "Filters", 0, "Pattern", EVERY_NOTICE
        ),
        "notices twice": put(*NOTICES, "FilterCriteria", "Filters", 0, "Pattern", EVERY_NOTICE),
        "no notices": drop(*resource("NoticesMapping")),
        "notices by the same name": put(*NOTICES, "FunctionName", {"Ref": "MailWorkerFunction"}),
        "no window": drop(*OUTBOX, "MaximumBatchingWindowInSeconds"),
        "no bisecting": drop(*OUTBOX, "BisectBatchOnFunctionError"),
        "no age": drop(*OUTBOX, "MaximumRecordAgeInSeconds"),
        "a fixed age": put(*OUTBOX, "MaximumRecordAgeInSeconds", 1800),
        "three tries": put(*OUTBOX, "MaximumRetryAttempts", 3),
        "no destination": drop(*OUTBOX, "DestinationConfig"),
        "all or nothing": drop(*OUTBOX, "FunctionResponseTypes"),
        "starts late": put(*OUTBOX, "StartingPosition", "LATEST"),
        "no metrics": drop(*OUTBOX, "MetricsConfig"),
        "one at a time": drop(*OUTBOX, "ParallelizationFactor"),
        "a second one": put(*properties("VerifyTokenFunction", "Events"), "Second", SECOND),
    },
    "outbox.dead_letters": {
        "no encryption": drop(*properties("DeadLetterBucket", "BucketEncryption")),
        "not by one's own key": put(
            *properties("DeadLetterBucket"),
            "BucketEncryption",
            {
                "ServerSideEncryptionConfiguration": [
                    {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
                ]
            },
        ),
        "kept for ten years": put(
            *properties("DeadLetterBucket", "LifecycleConfiguration", "Rules", 0),
            "ExpirationInDays",
            3650,
        ),
        "objects of others": drop(*properties("DeadLetterBucket", "OwnershipControls")),
        "public": put(
            *properties("DeadLetterBucket", "PublicAccessBlockConfiguration"),
            "BlockPublicPolicy",
            False,
        ),
        "never emptied": drop(*properties("DeadLetterBucket", "LifecycleConfiguration")),
        "without TLS": drop(*resource("DeadLetterBucketPolicy")),
    },
    "outbox.reports": {
        "bounces unheard": put(
            *properties("MailEvents", "EventDestination"), "MatchingEventTypes", ["DELIVERY"]
        ),
        "opens tracked": put(
            *properties("ConfigurationSet"), "TrackingOptions", {"CustomRedirectDomain": "x.org"}
        ),
        "opens and clicks heard": put(
            *properties("MailEvents", "EventDestination"),
            "MatchingEventTypes",
            ["BOUNCE", "COMPLAINT", "DELIVERY", "DELIVERY_DELAY", "REJECT", "OPEN", "CLICK"],
        ),
        "tracked where the account tracks": drop(*properties("ConfigurationSet", "VdmOptions")),
        "engagement measured": put(
            *properties("ConfigurationSet", "VdmOptions", "Fn::If", 1, "DashboardOptions"),
            "EngagementMetrics",
            "ENABLED",
        ),
        "in clear": drop(*properties("ConfigurationSet", "DeliveryOptions")),
        "always by TLS": put(
            *properties("ConfigurationSet", "DeliveryOptions"), "TlsPolicy", "REQUIRE"
        ),
        "nothing sent": put(
            *properties("ConfigurationSet", "SendingOptions"), "SendingEnabled", False
        ),
        "no reputation": put(
            *properties("ConfigurationSet", "ReputationOptions"), "ReputationMetricsEnabled", False
        ),
        "brought once": put(*REPORT, "RetryPolicy", "MaximumRetryAttempts", 0),
        "tried once": drop(*properties("MailReportsFunction", "EventInvokeConfig")),
        "bounced and mailed again": drop(*properties("ConfigurationSet", "SuppressionOptions")),
        "another bus": put(
            *properties("MailEvents", "EventDestination", "EventBridgeDestination"),
            "EventBusArn",
            "arn:aws:events:us-east-1:000000000000:event-bus/mails",
        ),
        "everybody's events": drop(*REPORT, "Pattern", "detail", "mail"),
        "always a destination": drop(*resource("MailEvents", "Condition")),
    },
    "outbox.senders": {
        "always made": drop(*resource("Sender", "Condition")),
        "an address's DKIM": put(
            *properties("Sender"),
            "DkimSigningAttributes",
            {"NextSigningKeyLength": "RSA_2048_BIT"},
        ),
        "an address's MAIL FROM": put("Conditions", "SetMailFrom", {"Condition": "HasMailFrom"}),
        "everything an address": put(
            "Conditions", "SenderIsDomain", {"Fn::Equals": ["one", "another"]}
        ),
        "gone with the stack": put(*resource("Sender"), "DeletionPolicy", "Delete"),
        "the second gone with the stack": put(*resource("SecondSender"), "DeletionPolicy", "Delete"),
        "gone when replaced": drop(*resource("SecondSender", "UpdateReplacePolicy")),
        "a short key": put(
            *properties("Sender", "DkimSigningAttributes", "Fn::If", 1),
            "NextSigningKeyLength",
            "RSA_1024_BIT",
        ),
        "unsigned": put(
            *properties("SecondSender", "DkimAttributes", "Fn::If", 1), "SigningEnabled", False
        ),
        "bounces go elsewhere": drop(*properties("Sender", "MailFromAttributes")),
        "the second's bounces go elsewhere": drop(*properties("SecondSender", "MailFromAttributes")),
        "mails lost for want of a record": put(
            *properties("Sender", "MailFromAttributes", "Fn::If", 1),
            "BehaviorOnMxFailure",
            "REJECT_MESSAGE",
        ),
    },
}
