"""Faults on the way of a mail."""

from faults.changes import drop, event, get, properties, put, ref, resource

OUTBOX = event("MailWorkerFunction", "Outbox")
EVERY_NOTICE = '{"dynamodb": {"Keys": {"pk": {"S": [{"prefix": "notice#"}]}}}}'
SECOND = {
    "Type": "DynamoDB",
    "Properties": {"Stream": get("TokensTable", "StreamArn"), "StartingPosition": "LATEST"},
}

FAULTS = {
    "outbox.mapping": {
        "no filter": drop(*OUTBOX, "FilterCriteria"),
        "notices twice": put(*OUTBOX, "FilterCriteria", "Filters", 1, "Pattern", EVERY_NOTICE),
        "no bisecting": drop(*OUTBOX, "BisectBatchOnFunctionError"),
        "no age": drop(*OUTBOX, "MaximumRecordAgeInSeconds"),
        "a fixed age": put(*OUTBOX, "MaximumRecordAgeInSeconds", 1800),
        "three tries": put(*OUTBOX, "MaximumRetryAttempts", 3),
        "no destination": drop(*OUTBOX, "DestinationConfig"),
        "all or nothing": drop(*OUTBOX, "FunctionResponseTypes"),
        "starts late": put(*OUTBOX, "StartingPosition", "LATEST"),
        "no metrics": drop(*OUTBOX, "MetricsConfig"),
        "a second one": put(*properties("VerifyTokenFunction", "Events"), "Second", SECOND),
    },
    "outbox.dead_letters": {
        "no encryption": drop(*properties("DeadLetterBucket", "BucketEncryption")),
        "public": put(
            *properties("DeadLetterBucket", "PublicAccessBlockConfiguration"),
            "BlockPublicPolicy",
            False,
        ),
        "never emptied": drop(*properties("DeadLetterBucket", "LifecycleConfiguration")),
        "without TLS": drop(*resource("DeadLetterBucketPolicy")),
    },
    "outbox.alarms": {
        "no dead-letter alarm": drop(*resource("MailDeadLetterAlarm")),
        "another function": put(
            *properties("MailDelayAlarm", "Dimensions", 0), "Value", ref("VerifyTokenFunction")
        ),
        "rings too late": put(*properties("MailDelayAlarm"), "Threshold", 3_600_000),
        "rings when well": put(
            *properties("MailLostAlarm"), "ComparisonOperator", "LessThanThreshold"
        ),
        "parked jobs unnoticed": drop(*resource("MailAttentionFilter")),
        "no alarm on parked jobs": drop(*resource("MailAttentionAlarm")),
        "held jobs unnoticed": drop(*resource("MailHeldFilter")),
        "held jobs counted as others": put(
            *properties("MailHeldFilter", "MetricTransformations", 0), "MetricName", "Held"
        ),
        "no alarm on held jobs": drop(*resource("MailHeldAlarm")),
        "tells nobody": drop(*properties("MailLostAlarm", "AlarmActions")),
    },
}
