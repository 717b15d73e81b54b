"""The kinds of deployment that the rules look at."""

from dataclasses import dataclass, field

import expected
import sam

KEY = "arn:aws:kms:us-east-1:000000000000:key/k"
USERS_KEYS = [f"arn:aws:kms:us-east-1:000000000000:key/users-{it}" for it in ("ab", "cd")]
CERTIFICATE = "arn:aws:acm:us-east-1:000000000000:certificate/c"


@dataclass
class Deployment:
    """A template with one set of parameters, before and after its functions are resolved."""

    name: str
    parameters: dict
    statements: dict
    users_table: str
    # What links in mails begin with.
    origin: str
    source: dict = field(repr=False)

    def __post_init__(self):
        self.template = sam.transform(self.source, self.parameters)
        self.resources = sam.resolve(self.template, self.parameters)
        self.outputs = sam.outputs(self.template, self.parameters)

    def of_type(self, kind: str) -> dict:
        """The properties of all resources of a type, by name."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.resources.items()
            if resource["Type"] == kind
        }

    def properties(self, name: str) -> dict:
        """The properties of a resource; none when it does not exist."""
        return self.resources.get(name, {}).get("Properties", {})


def own_table(source: dict) -> Deployment:
    """With a users table of its own, and nearly as many defaults as can be."""
    return Deployment(
        name="own users table",
        parameters={
            "SenderIdentity": "example.com",
            "TableMaxReads": 300,
            "TableMaxWrites": 200,
        },
        statements=expected.statements(expected.OWN_USERS, "email-index"),
        users_table="${UsersTable}",
        origin="${HttpApi.ApiEndpoint}",
        source=source,
    )


def other_table(source: dict) -> Deployment:
    """In front of a table whose key is the address, behind the edge, with every optional part."""
    return Deployment(
        name="existing users table",
        parameters={
            "SenderIdentity": "example.com",
            "SecondSenderIdentity": "example.org",
            "CreateSenderIdentities": "true",
            "MailFromSubdomain": "bounce",
            "SandboxRecipients": "ann@example.net,bob@example.net,cy@example.net",
            "SesConfigurationSet": "resets",
            "EdgeMode": "required",
            "EdgeDomainName": "auth.example.com",
            "TableKeyArn": KEY,
            "OutboxParallelism": 5,
            "DeploymentStyle": "AllAtOnce",
            "UsersTableName": "people",
            "UsersKeyAttribute": "email",
            "UsersEmailIndex": "",
            "AllowedOrigins": "https://a.example.com,https://b.example.com",
            "ReservedConcurrency": "5",
            "AlarmTopicArn": "arn:aws:sns:us-east-1:000000000000:alarms",
            "LogLevel": "debug",
            "LinkLifetimeSeconds": 3600,
            "SurgeThreshold": 1000,
            "LogRetentionDays": 90,
        },
        statements=expected.statements(
            expected.OTHER_USERS,
            None,
            configuration_set="resets",
            identities=["example.com", "example.org"]
            + [f"{name}@example.net" for name in ("ann", "bob", "cy")],
            key=KEY,
        ),
        users_table="people",
        origin="https://auth.example.com",
        source=source,
    )


def indexed_table(source: dict) -> Deployment:
    """In front of a table with an index on the address, and of apps' own, by a name of its own, with an
    address as sender."""
    return Deployment(
        name="existing users table with an index",
        parameters={
            "SenderIdentity": "no-reply@example.com",
            "SecondSenderIdentity": "example.org",
            "CreateSenderIdentities": "true",
            "MailFromSubdomain": "bounce",
            "MailTlsPolicy": "OPTIONAL",
            "AccountUsesVdm": "true",
            "UsersTableName": "people",
            "UsersEmailIndex": "by-mail",
            "AppUsersTableArns": ",".join(expected.APP_USERS),
            "AppUsersIndexArns": expected.APP_USERS[0] + "/index/by-mail",
            "UsersTableKeyArns": ",".join(USERS_KEYS),
            "DomainName": "api.example.com",
            "DomainCertificateArn": CERTIFICATE,
            "DomainHostedZoneId": "Z123",
        },
        statements=expected.statements(
            expected.OTHER_USERS,
            "by-mail",
            identities=["no-reply@example.com", "example.org"],
            app_tables=expected.APP_USERS,
            app_indexes=[expected.APP_USERS[0] + "/index/by-mail"],
            users_keys=USERS_KEYS,
        ),
        users_table="people",
        origin="https://api.example.com",
        source=source,
    )


ALL = [own_table, other_table, indexed_table]
