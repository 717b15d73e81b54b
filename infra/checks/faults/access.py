"""Faults of what the functions may do."""

from faults.changes import (
    drop,
    extra,
    extra_statement,
    get,
    in_statement,
    keys,
    policy,
    properties,
    put,
    ref,
    statement,
)

IDENTITY = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/${SenderIdentity}"

MOVE_ALIASES = properties("DeploymentPolicy", "PolicyDocument", "Statement", 0)
OF_THE_STACK = (
    "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${AWS::StackName}-*"
)


def any_item(template: dict):
    del statement(template, "RequestResetRole", "WriteTokens")["Condition"]


def drop_condition(role: str, sid: str, key: str):
    """Takes a condition key out of a statement, under whichever operators it stands."""

    def change(template: dict):
        for keys_of_operator in statement(template, role, sid)["Condition"].values():
            keys_of_operator.pop(key, None)

    return change


def drop_from(role: str, sid: str, operator: str, attribute: str):
    """Takes an attribute out of the condition of a statement."""

    def change(template: dict):
        condition = statement(template, role, sid)["Condition"][operator]
        condition["dynamodb:Attributes"].remove(attribute)

    return change


def conditional(template: dict, role: str, sid: str) -> dict:
    """A statement that only some deployments have."""
    found = (each["Fn::If"][1] for each in policy(template, role) if "Fn::If" in each)
    return next(each for each in found if each["Sid"] == sid)


def in_conditional(role: str, sid: str, **changes):
    """Changes such a statement."""
    return lambda template: conditional(template, role, sid).update(changes)


def reads_nothing(template: dict):
    del statement(template, "MailWorkerRole", "ReadTokens")["Action"]


FAULTS = {
    "access.statements": {
        "request-reset reads": in_statement(
            "RequestResetRole", "WriteTokens", Action=["dynamodb:UpdateItem", "dynamodb:GetItem"]
        ),
        "request-reset makes tokens": keys(
            "RequestResetRole", "WriteTokens", ["request#*", "source#*", "token#*"]
        ),
        "request-reset writes any item": any_item,
        "request-reset writes without a key": in_statement(
            "RequestResetRole",
            "WriteTokens",
            Condition={
                "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["request#*", "source#*"]}
            },
        ),
        "request-reset sends": extra_statement(
            "RequestResetRole", Action="ses:SendEmail", Resource={"Fn::Sub": IDENTITY}
        ),
        "verify reads users": extra_statement(
            "VerifyTokenRole", Action="dynamodb:GetItem", Resource=get("UsersTable", "Arn")
        ),
        "verify makes codes": drop_from(
            "VerifyTokenRole", "NeverIssue", "ForAnyValue:StringEquals", "codes"
        ),
        "verify makes links": in_statement("VerifyTokenRole", "NeverIssue", Effect="Allow"),
        "verify puts tokens": in_statement(
            "VerifyTokenRole", "CountTries", Action=["dynamodb:UpdateItem", "dynamodb:PutItem"]
        ),
        "confirm deletes users": in_statement(
            "ConfirmResetRole",
            "ChangePasswords",
            Action=["dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"],
        ),
        "confirm leaves no notice": keys("ConfirmResetRole", "LeaveNotices", ["token#*"]),
        "confirm names what it may not": in_statement(
            "ConfirmResetRole", "ChangePasswords", NotResource="arn:aws:dynamodb:::table/other"
        ),
        "the worker changes users": in_statement(
            "MailWorkerRole", "ReadUsers", Action=["dynamodb:GetItem", "dynamodb:UpdateItem"]
        ),
        "the worker counts sources": keys(
            "MailWorkerRole", "IssueTokens", ["token#*", "notice#*", "source#*"]
        ),
        "request-reset counts mails": keys(
            "RequestResetRole", "WriteTokens", ["request#*", "source#*", "mail-cap#*"]
        ),
        "reports see links": drop_condition(
            "MailReportsRole", "ReadDeliveries", "dynamodb:Attributes"
        ),
        "reports answer with links": drop_condition(
            "MailReportsRole", "NoteReports", "dynamodb:ReturnValues"
        ),
        "reports of any item": drop_condition(
            "MailReportsRole", "NoteReports", "dynamodb:LeadingKeys"
        ),
        "the key for anything": in_conditional("RequestResetRole", "UseTableKey", Condition={}),
        "the users' keys for anything": in_conditional(
            "ConfirmResetRole", "UseUsersKeys", Condition={}
        ),
        "the worker writes with the users' keys": in_conditional(
            "MailWorkerRole", "UseUsersKeys", Action=["kms:Decrypt", "kms:GenerateDataKey"]
        ),
        "a users table that cannot be read": in_conditional(
            "MailWorkerRole", "UseUsersKeys", Resource=ref("TableKeyArn")
        ),
        "a recipient of the sandbox less": lambda template: statement(
            template, "MailWorkerRole", "SendMails"
        )["Resource"].pop(5),
        "dead letters for anybody's bucket": drop_condition(
            "MailWorkerRole", "KeepDeadLetters", "aws:ResourceAccount"
        ),
        "the worker sends as anyone": in_statement(
            "MailWorkerRole", "SendMails", Resource={"Fn::Sub": "arn:${AWS::Partition}:ses:*:*:*"}
        ),
        "the worker reads nothing": reads_nothing,
        "logs of others": in_statement("ConfirmResetRole", "Logs", Resource="arn:aws:logs:*:*:*"),
    },
    "access.deploying": {
        "any function": put(*MOVE_ALIASES, "Resource", "*"),
        "aliases alone": put(*MOVE_ALIASES, "Resource", {"Fn::Sub": f"{OF_THE_STACK}:live"}),
        "functions of other stacks": put(*MOVE_ALIASES, "Resource", {"Fn::Sub": OF_THE_STACK}),
        "a function less": drop(*MOVE_ALIASES, "Resource", 3),
        "code too": put(
            *MOVE_ALIASES, "Action", ["lambda:UpdateAlias", "lambda:UpdateFunctionCode"]
        ),
        "another's role": put(*properties("DeploymentPolicy"), "Roles", [ref("MailWorkerRole")]),
    },
    "access.roles": {
        "a shared role": put(
            *properties("VerifyTokenFunction"), "Role", get("ConfirmResetRole", "Arn")
        ),
        "a role that SAM makes": drop(*properties("MailWorkerFunction", "Role")),
        "a managed policy": put(
            *properties("VerifyTokenRole"),
            "ManagedPolicyArns",
            ["arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess"],
        ),
        "a policy from aside": extra(
            "Aside",
            "AWS::IAM::Policy",
            PolicyName="aside",
            Roles=[ref("VerifyTokenRole")],
            PolicyDocument={"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]},
        ),
        "every way to assume it": put(
            *properties("MailWorkerRole", "AssumeRolePolicyDocument", "Statement", 0), "Action", "*"
        ),
        "anyone assumes it": put(
            *properties("RequestResetRole", "AssumeRolePolicyDocument", "Statement", 0),
            "Principal",
            {"AWS": "*"},
        ),
    },
    "access.wildcards": {
        "every action": in_statement("MailWorkerRole", "ReadUsers", Action="dynamodb:*"),
        "every table": in_statement("MailWorkerRole", "ReadUsers", Resource="*"),
        "every stream": in_statement("MailWorkerRole", "FindOutbox", Resource="*"),
        "X-Ray and more": in_statement(
            "VerifyTokenRole", "Traces", Action=["xray:PutTraceSegments", "xray:GetTraceSummaries"]
        ),
    },
}
