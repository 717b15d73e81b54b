"""The kinds of deployment that the rules and the snapshots look at."""

from dataclasses import dataclass, field

import sam

ACCOUNT = "us-east-1:000000000000"
KEY = f"arn:aws:kms:{ACCOUNT}:key/k"
USERS_KEYS = [f"arn:aws:kms:{ACCOUNT}:key/users-{it}" for it in ("ab", "cd")]
APP_USERS = [f"arn:aws:dynamodb:{ACCOUNT}:table/{it}-users" for it in ("ab", "cd")]
CERTIFICATE = f"arn:aws:acm:{ACCOUNT}:certificate/c"


@dataclass
class Deployment:
    """A template with one set of parameters, before and after its functions are resolved."""

    name: str
    about: str
    parameters: dict
    source: dict = field(repr=False)

    def __post_init__(self):
        known = self.parameters | {"AWS::Partition": "aws"}
        self.template = sam.transform(self.source, self.parameters)
        self.resources = sam.resolve(self.template, known)
        self.outputs = sam.outputs(self.template, known)

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


def plain(source: dict) -> Deployment:
    parameters = {"SenderIdentity": "example.com"}
    about = "With a users table of its own, and every default."
    return Deployment("plain", about, parameters, source)


def edge(source: dict) -> Deployment:
    parameters = {
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
        "AlarmTopicArn": f"arn:aws:sns:{ACCOUNT}:alarms",
        "LogLevel": "debug",
        "LinkLifetimeSeconds": 3600,
        "SurgeThreshold": 1000,
        "LogRetentionDays": 90,
    }
    about = "In front of a table whose key is the address, behind the edge, with every optional part."
    return Deployment("edge", about, parameters, source)


def domain(source: dict) -> Deployment:
    parameters = {
        "SenderIdentity": "no-reply@example.com",
        "SecondSenderIdentity": "example.org",
        "CreateSenderIdentities": "true",
        "MailFromSubdomain": "bounce",
        "AccountUsesVdm": "true",
        "UsersTableName": "people",
        "UsersEmailIndex": "by-mail",
        "AppUsersTableArns": ",".join(APP_USERS),
        "AppUsersIndexArns": APP_USERS[0] + "/index/by-mail",
        "UsersTableKeyArns": ",".join(USERS_KEYS),
        "DomainName": "api.example.com",
        "DomainCertificateArn": CERTIFICATE,
        "DomainHostedZoneId": "Z123",
    }
    about = "In front of tables with indexes on the address, by a name of its own, an address as sender."
    return Deployment("domain", about, parameters, source)


ALL = [plain, edge, domain]
