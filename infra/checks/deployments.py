"""The kinds of deployment that the rules and the snapshots look at."""

import json
from dataclasses import dataclass, field
from functools import partial

import sam

ACCOUNT = "us-east-1:000000000000"
KEY = f"arn:aws:kms:{ACCOUNT}:key/k"
USERS_KEYS = [f"arn:aws:kms:{ACCOUNT}:key/users-{it}" for it in ("ab", "cd")]
SESSIONS = f"arn:aws:dynamodb:{ACCOUNT}:table/sessions"
APP_USERS = [f"arn:aws:dynamodb:{ACCOUNT}:table/{it}-users" for it in ("ab", "cd")]
CERTIFICATE = f"arn:aws:acm:{ACCOUNT}:certificate/c"
BOUNDARY = "arn:aws:iam::000000000000:policy/boundary"


@dataclass
class Deployment:
    """A template with one set of parameters, before and after its functions are resolved."""

    name: str
    about: str
    parameters: dict
    source: dict = field(repr=False)

    def __post_init__(self):
        self.parameters = {"SenderIdentity": "example.com"} | self.parameters
        known = self.parameters | {"AWS::Partition": "aws"}
        self.template = sam.transform(self.source, self.parameters)
        self.resources = sam.resolve(self.template, known)
        self.outputs = sam.outputs(self.template, known)
        # The nested stacks' resources stand beside the others, by what each is handed and hands out.
        for name, nested in sam.stacks(self.source).items():
            if name in self.resources:
                inner, handed = nested["TemplateURL"], known | self.properties(name)["Parameters"]
                text = json.dumps(self.resources)
                for key, value in sam.outputs(inner, handed).items():
                    text = text.replace(f"${{{name}.Outputs.{key}}}", json.dumps(value)[1:-1])
                self.resources = json.loads(text) | sam.resolve(inner, handed)

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


# A kind of deployment, called with a template, is one.
plain = partial(Deployment, "plain", "With a users table of its own, and every default.", {})
edge = partial(
    Deployment,
    "edge",
    "In front of a table whose key is the address, behind the edge, with every optional part.",
    {
        "CreateSenderIdentity": "true",
        "OtherSenders": "*@example.org,help@example.net",
        "SesConfigurationSet": "resets",
        "AllowedOrigins": "https://a.example.com,https://b.example.com",
        "ThrottlingRate": 50,
        "HostMode": "edge",
        "PublicHostName": "auth.example.com",
        "UsersTableArns": APP_USERS[0],
        "LinkLifetimeSeconds": 3600,
        "TableKeyArn": KEY,
        "DeploymentStyle": "AllAtOnce",
        "WorkerParallelism": 5,
        "PermissionsBoundaryArn": BOUNDARY,
        "LogRetentionDays": 90,
        "AlarmTarget": f"arn:aws:sns:{ACCOUNT}:alarms",
        "EventBusName": "company",
    },
)
domain = partial(
    Deployment,
    "domain",
    "In front of tables with an index on the address, by a name of its own, an address as sender.",
    {
        "SenderIdentity": "no-reply@example.com",
        "CreateSenderIdentity": "true",
        "HostMode": "domain",
        "PublicHostName": "api.example.com",
        "CertificateArn": CERTIFICATE,
        "HostedZoneId": "Z123",
        "UsersTableArns": ",".join(APP_USERS),
        "UsersIndexArns": APP_USERS[0] + "/index/by-mail",
        "UsersKeyArns": ",".join(USERS_KEYS),
        "SessionsTableArns": f"{SESSIONS},{SESSIONS}/index/by-user",
        "TableMaxUnits": 300,
        "AlarmTarget": "alarms@example.com",
    },
)
ALL = [plain, edge, domain]


def built(source: dict) -> list[Deployment]:
    """A template in every kind of deployment."""
    return [kind(source) for kind in ALL]
