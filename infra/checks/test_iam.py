"""The roles are what IAM knows, and the linter notices when they are not."""

import unittest

import iam
import sam
from faults import DEPLOYMENT, change, put


FAULTS = {
    "an action that there is not": change(
        "MailWorkerRole", "ReadUsers", Action="dynamodb:TransactGetItem"
    ),
    "a condition that there is not": change(
        "VerifyTokenRole", "ReadTokens", Condition={"StringLike": {"dynamodb:LeadingKey": "token#*"}}
    ),
    "a resource of another service": change(
        "MailWorkerRole", "KeepDeadLetters", Resource="arn:aws:sqs:us-east-1:000000000000:queue"
    ),
    "an action that there is not, apart from its role": put(f"{DEPLOYMENT}/Action", "lambda:MoveAlias"),
    "a word that there is not": change("RequestResetRole", "WriteTokens", Effect="Permit"),
}


class Policies(unittest.TestCase):
    def test_the_linter_finds_nothing(self):
        self.assertEqual(iam.problems(sam.load()), [])

    def test_each_fault_is_noticed(self):
        for name, fault in FAULTS.items():
            with self.subTest(name):
                template = sam.load()
                fault(template)
                self.assertNotEqual(iam.problems(template), [])
