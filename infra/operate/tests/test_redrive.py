"""Dead letters, in a bucket and a worker that answer by hand."""

import io
import json
import os
import re
import unittest
from unittest import mock

from botocore.config import Config
from botocore.response import StreamingBody

import aws
import redrive
from answers import SESSION, Answered
from served import serving

NOW = 1_800_000_000.0
DAY = 24 * 60 * 60


def body(text: str) -> StreamingBody:
    data = text.encode()
    return StreamingBody(io.BytesIO(data), len(data))


def record(pk: str, created: float) -> dict:
    return {
        "eventName": "INSERT",
        "dynamodb": {
            "Keys": {"pk": {"S": pk}},
            "ApproximateCreationDateTime": created,
            "SequenceNumber": f"n-{pk}",
        },
    }


def listed(*keys: str) -> tuple:
    """What S3 says of a bucket with these objects."""
    return "s3", "list_objects_v2", {"Contents": [{"Key": key} for key in keys], "IsTruncated": False}


def dead_letter(records: list) -> str:
    return json.dumps({"version": "1.0", "payload": json.dumps({"Records": records})})


class Redrive(unittest.TestCase):
    def answered(self, *bodies: str, **parameters) -> Answered:
        keys = [f"k{number}" for number, _ in enumerate(bodies)]
        answered = Answered(listed(*keys), **parameters)
        # Each is read just before it is sent, so that the answers stand in this order.
        self.objects = iter(zip(keys, bodies, strict=True))
        return answered

    def read(self, answered: Answered):
        key, content = next(self.objects)
        expected = {"Bucket": "dead-letters", "Key": key}
        answered.answer("s3", "get_object", {"Body": body(content)}, expected)

    def lines(self, answered: Answered, really: bool) -> list[str]:
        return list(map(str, redrive.redrive(answered.deployment, really, NOW)))

    def test_nothing_is_sent_unless_it_is_said(self):
        answered = self.answered(dead_letter([record("request#a", NOW)]))
        self.read(answered)
        self.assertEqual(self.lines(answered, False), ["k0: 1 to send, 0 too old"])
        answered.used_up()

    def test_what_was_dealt_with_is_deleted(self):
        records = [record("request#a", NOW), record("notice#b", 0), record("request#c", 0)]
        answered = self.answered(dead_letter(records))
        self.read(answered)
        payload = json.dumps({"Records": records[:2]}).encode()
        expected = {"FunctionName": "worker:live", "Payload": payload}
        done = {"StatusCode": 200, "Payload": body('{"batchItemFailures": []}')}
        answered.answer("lambda", "invoke", done, expected)
        answered.answer("s3", "delete_object", {}, {"Bucket": "dead-letters", "Key": "k0"})
        self.assertEqual(
            self.lines(answered, True), ["k0: 2 to send, 1 too old; 2 dealt with"]
        )
        answered.used_up()

    def test_a_request_is_worth_sending_for_a_day_after_it_was_given_up(self):
        for lifetime in (1800, DAY):
            for age, worth in ((lifetime, 1), (lifetime + DAY - 1, 1), (lifetime + DAY, 0)):
                content = dead_letter([record("request#a", NOW - age)])
                answered = self.answered(content, LinkLifetimeSeconds=str(lifetime))
                self.read(answered)
                (line,) = self.lines(answered, False)
                self.assertIn(f"{worth} to send", line, (lifetime, age))

    def test_what_fails_again_stays_and_what_was_sent_goes(self):
        records = [record("notice#a", 0), record("notice#b", 0)]
        partly = {"Payload": body('{"batchItemFailures": [{"itemIdentifier": "n-notice#b"}]}')}
        wholly = {"FunctionError": "Unhandled", "Payload": body("{}")}
        kept = json.dumps({"payload": json.dumps({"Records": records[1:]})}).encode()
        self.assertEqual(redrive.parse("k0", kept), records[1:])
        for answer, body_kept in ((partly, kept), (wholly, None)):
            answered = self.answered(dead_letter(records))
            self.read(answered)
            answered.answer("lambda", "invoke", answer)
            if body_kept:
                where = {"Bucket": "dead-letters", "Key": "k0", "Body": body_kept}
                answered.answer("s3", "put_object", {}, where)
            (line,) = redrive.redrive(answered.deployment, True, NOW)
            self.assertIn("the rest failed again", line.text)
            self.assertTrue(line.is_bad)
            answered.used_up()

    def test_an_object_of_somebody_else_ends_nothing(self):
        for strange in ("hello", "[]", "{}", '{"payload": "{}"}', '{"payload": {"Records": [1]}}'):
            answered = self.answered(strange, dead_letter([record("notice#a", 0)]))
            self.read(answered)
            self.read(answered)
            lines = self.lines(answered, False)
            self.assertEqual(lines[0], "k0: no record that Lambda wrote")
            self.assertEqual(lines[1], "k1: 1 to send, 0 too old")

    def test_no_dead_letters_are_said(self):
        answered = Answered(listed())
        self.assertEqual(self.lines(answered, True), ["there are no dead letters"])


class Sessions(unittest.TestCase):
    def test_a_change_is_handed_over_as_the_stream_brought_it(self):
        key = {"pk": {"S": "notice#ab"}}
        item = key | {"changed_at": {"N": "1800000000"}}
        for state, is_bad in (("ended", False), ("failed", True)):
            asked = {"TableName": "TokensTable", "Key": key, "ConsistentRead": True}
            done = {"StatusCode": 200, "Payload": body('{"batchItemFailures": []}')}
            known = {"M": {"state": {"S": state}, "detail": {"S": "3"}}}
            answered = Answered(
                ("dynamodb", "get_item", {"Item": item}, asked),
                ("lambda", "invoke", done),
                ("dynamodb", "get_item", {"Item": item | {"sessions": known}}, asked),
            )
            (line,) = redrive.redrive_change(answered.deployment, "ab-2", True)
            self.assertEqual((line.text, line.is_bad), (f"ab-2: sessions {state} (3)", is_bad))
            answered.used_up()

    def test_nothing_is_handed_over_unless_it_is_said_and_there_is_something(self):
        for item, said in (({}, "there is no such change"), ({"v": {"N": "1"}}, "unknown")):
            answered = Answered(("dynamodb", "get_item", {"Item": item}))
            (line,) = redrive.redrive_change(answered.deployment, "ab", False)
            self.assertIn(said, line.text)
            answered.used_up()


class Patience(unittest.TestCase):
    def test_a_call_of_the_worker_waits_for_longer_than_it_may_take(self):
        text = (aws.ROOT / "template.yaml").read_text()
        worker = text[text.index("  MailWorkerFunction:\n") :]
        timeout = int(re.search(r"^      Timeout: (\d+)$", worker, re.MULTILINE)[1])
        self.assertEqual(aws.WORKER_SECONDS, timeout)
        self.assertGreater(aws.PATIENCE["once"].read_timeout, timeout)

    def test_a_slow_worker_is_called_once(self):
        content = {"Body": body(dead_letter([record("notice#a", 0)]))}
        answered = Answered(listed("k"), ("s3", "get_object", content))
        hurried = aws.PATIENCE["once"].merge(Config(read_timeout=0.3))
        calls = []
        with serving(b'{"batchItemFailures": []}', seconds=1, seen=calls) as url:
            slow = SESSION.client("lambda", config=hurried, endpoint_url=url)
            answered.deployment.clients["lambda", "once"] = slow
            (line,) = redrive.redrive(answered.deployment, True, NOW)
        self.assertEqual(len(calls), 1)
        self.assertTrue(line.is_bad)
        self.assertIn("not known", line.text)
        self.assertIn("Wait for 5 minutes", line.text)
        # The dead letter is still there: nothing else was asked of S3.
        answered.used_up()
