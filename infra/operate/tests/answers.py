"""Answers of AWS, given by hand and checked by botocore against AWS's description of each service."""

import os

import boto3
from botocore.stub import Stubber

from aws import PATIENCE, Deployment

# No profile and no machine's role is looked for.
SESSION = boto3.Session(
    aws_access_key_id="local", aws_secret_access_key="local", region_name="eu-west-1"
)
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"

OUTPUTS = {
    "ApiUrl": "https://api.example.com",
    "TokensTableName": "TokensTable",
    "UsersTableName": "UsersTable",
    "DeadLetterBucketName": "dead-letters",
    "MailWorkerFunctionName": "worker",
    "ConfigurationSetName": "set",
}
PARAMETERS = {
    "SenderIdentity": "example.com",
    "AllowedOrigins": "https://shop.example",
    "LinkLifetimeSeconds": "1800",
}
RESOURCES = {
    "RequestResetFunction": "request",
    "ConfirmResetFunction": "confirm",
    "VerifyTokenFunction": "verify",
    "MailWorkerFunction": "worker",
    "MailReportsFunction": "reports",
    "AnswerErrorAlarm": "forgot-password-AnswerErrorAlarm-1",
    "AlarmTopic": "arn:aws:sns:eu-west-1:000000000000:forgot-password-AlarmTopic-3",
    "RequestResetLogGroup": "/aws/lambda/request",
    "ConfirmResetLogGroup": "/aws/lambda/confirm",
    "MailWorkerLogGroup": "/aws/lambda/worker",
    "MailReportsLogGroup": "/aws/lambda/reports",
    "MailWorkerFunctionOutbox": "00000000-0000-0000-0000-000000000000",
    "NoticesMapping": "00000000-0000-0000-0000-000000000001",
    "PseudonymKey": "arn:aws:secretsmanager:eu-west-1:000000000000:secret:key",
    "OperatorLogGroup": "operators",
}
# The nested stack, and what is in it.
NESTED = "arn:aws:cloudformation:eu-west-1:000000000000:stack/forgot-password-Observability/1"
INNER = {
    "MailDelayAlarm": "forgot-password-Observability-MailDelayAlarm-2",
    "EventsPipe": "EventsPipe-4",
}


class Answered:
    """A deployment whose services answer what they are told to, in order, and nothing else: each service
    by its method with this, or with an error of this code."""

    def __init__(self, *answers: tuple, **changes):
        self.deployment = Deployment("forgot-password", SESSION)
        self.stubs = {}
        self.answer("cloudformation", "describe_stacks", {"Stacks": [stack(**changes)]})
        nested = summary("Observability", NESTED, "AWS::CloudFormation::Stack")
        for asked, resources, more in (("forgot-password", RESOURCES, [nested]), (NESTED, INNER, [])):
            listed = {"StackResourceSummaries": [summary(*it) for it in resources.items()] + more}
            self.answer("cloudformation", "list_stack_resources", listed, {"StackName": asked})
        # Both are read once, and not everything needs them.
        self.deployment.description, self.deployment.resources
        for it in answers:
            self.answer(*it)

    def answer(self, service: str, method: str, answer: dict | str, expected: dict | None = None):
        if isinstance(answer, str):
            self._stub(service).add_client_error(method, answer, answer)
        else:
            self._stub(service).add_response(method, answer, expected)

    def _stub(self, service: str) -> Stubber:
        if service not in self.stubs:
            client = SESSION.client(service, config=PATIENCE["short"])
            for patience in PATIENCE:
                self.deployment.clients[service, patience] = client
            self.stubs[service] = Stubber(client)
            self.stubs[service].activate()
        return self.stubs[service]

    def client(self, service: str):
        """The client of a service, which answers from now on."""
        self._stub(service)
        return self.deployment.clients[service, "short"]

    def used_up(self):
        for stub in self.stubs.values():
            stub.assert_no_pending_responses()


def stack(status: str = "CREATE_COMPLETE", **parameters) -> dict:
    pairs = (PARAMETERS | parameters).items()
    return {
        "StackName": "forgot-password",
        "CreationTime": 0,
        "StackStatus": status,
        "Outputs": [{"OutputKey": k, "OutputValue": v} for k, v in OUTPUTS.items()],
        "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in pairs],
    }


def summary(logical: str, physical: str, kind: str = "AWS::Any::Thing") -> dict:
    return {
        "LogicalResourceId": logical,
        "PhysicalResourceId": physical,
        "ResourceType": kind,
        "LastUpdatedTimestamp": 0,
        "ResourceStatus": "CREATE_COMPLETE",
    }
