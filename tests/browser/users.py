"""Accounts, written into the emulated users table."""

import json

import http_client

# The emulator asks for a signature and believes any.
SIGNED = (
    "AWS4-HMAC-SHA256 Credential=local/20000101/us-east-1/dynamodb/aws4_request, "
    "SignedHeaders=host, Signature=0"
)
TABLE = "UsersTable"
DEMO = "demo@example.com"


class Users:
    def __init__(self, url: str):
        self.url = url

    def add(self, email: str, **facts: str) -> str:
        """Adds an account with the demo account's password and these facts; gives its address."""
        item = {"id": email, "email": email, "password_hash": self.password_hash(DEMO)} | facts
        item = {name: {"S": value} for name, value in item.items()}
        self._call("PutItem", TableName=TABLE, Item=item)
        return email

    def password_hash(self, email: str) -> str:
        items = self._call("Scan", TableName=TABLE)["Items"]
        return next(it["password_hash"]["S"] for it in items if it["email"]["S"] == email)

    def _call(self, operation: str, **body) -> dict:
        headers = {
            "authorization": SIGNED,
            "content-type": "application/x-amz-json-1.0",
            "x-amz-date": "20000101T000000Z",
            "x-amz-target": f"DynamoDB_20120810.{operation}",
        }
        status, _, answer = http_client.send(self.url, json.dumps(body).encode(), headers)
        if status != 200:
            raise RuntimeError(f"{operation}: {answer.decode()}")
        return json.loads(answer)
