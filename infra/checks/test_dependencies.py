"""The gate on the functions' dependencies notices what it is there for."""

import unittest

from dependencies import banned

GOOD = """\
request-reset v0.1.0 (/somewhere/functions/request-reset)
aws-smithy-http-client v1.2.0
hyper v1.10.0
rustls v0.23.40
rustls v0.23.40 (*)
stringprep v0.1.5
"""


class Dependencies(unittest.TestCase):
    def test_a_good_tree_passes(self):
        self.assertEqual(banned(GOOD), [])

    def test_each_banned_crate_is_noticed(self):
        for crate in ["ring v0.17.14", "rustls v0.21.12", "hyper v0.14.32", "aws-sdk-sso v1.90.0"]:
            with self.subTest(crate):
                self.assertEqual(banned(f"{GOOD}{crate}\n"), [crate.replace(" v", " ")])

    def test_an_empty_tree_is_no_good_tree(self):
        with self.assertRaises(ValueError):
            banned("")
