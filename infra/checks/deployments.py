"""The kinds of deployment that the rules look at."""

from dataclasses import dataclass, field

import expected
import sam


@dataclass
class Deployment:
    """A template with one set of parameters, before and after its functions are resolved."""

    name: str
    parameters: dict
    statements: dict
    users_table: str
    source: dict = field(repr=False)

    def __post_init__(self):
        self.template = sam.transform(self.source, self.parameters)
        self.resources = sam.resolve(self.template, self.parameters)

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
    """With as many defaults as can be."""
    return Deployment(
        name="own users table",
        parameters={"SenderIdentity": "example.com"},
        statements=expected.statements(expected.OWN_USERS, "email-index", None),
        users_table="${UsersTable}",
        source=source,
    )


def other_table(source: dict) -> Deployment:
    """In front of a table whose key is the address, with every optional part."""
    return Deployment(
        name="existing users table",
        parameters={
            "SenderIdentity": "example.com",
            "SesConfigurationSet": "resets",
            "UsersTableName": "people",
            "UsersKeyAttribute": "email",
            "UsersEmailIndex": "",
            "AllowedOrigins": "https://a.example.com,https://b.example.com",
            "ReservedConcurrency": "5",
            "AlarmTopicArn": "arn:aws:sns:us-east-1:000000000000:alarms",
            "LogLevel": "debug",
            "LinkLifetimeSeconds": 3600,
        },
        statements=expected.statements(expected.OTHER_USERS, None, "resets"),
        users_table="people",
        source=source,
    )


def indexed_table(source: dict) -> Deployment:
    """In front of a table that has an index on the address, with apps that have their own."""
    return Deployment(
        name="existing users table with an index",
        parameters={
            "SenderIdentity": "example.com",
            "UsersTableName": "people",
            "UsersEmailIndex": "by-mail",
            "AppUsersTableArns": ",".join(expected.APP_USERS),
            "AppUsersIndexArns": expected.APP_USERS[0] + "/index/by-mail",
        },
        statements=expected.statements(
            expected.OTHER_USERS,
            "by-mail",
            None,
            expected.APP_USERS,
            [expected.APP_USERS[0] + "/index/by-mail"],
        ),
        users_table="people",
        source=source,
    )


ALL = [own_table, other_table, indexed_table]
