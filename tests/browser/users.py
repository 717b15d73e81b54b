"""Accounts, written into the emulated users table."""

import boto3

TABLE = "UsersTable"
DEMO = "demo@example.com"
# The emulator asks for a signature and believes any.
ANYBODY = {"aws_access_key_id": "local", "aws_secret_access_key": "local", "region_name": "us-east-1"}


class Users:
    def __init__(self, url: str):
        self.table = boto3.resource("dynamodb", endpoint_url=url, **ANYBODY).Table(TABLE)

    def add(self, email: str, **facts: str) -> str:
        """Adds an account with the demo account's password and these facts; gives its address."""
        item = {"id": email, "email": email, "password_hash": self.password_hash(DEMO)}
        self.table.put_item(Item=item | facts)
        return email

    def password_hash(self, email: str) -> str:
        items = self.table.scan()["Items"]
        return next(it["password_hash"] for it in items if it["email"] == email)
