"""The guides name what there is, and the checks of them notice when they do not."""

import unittest

import guides
import sam

SOURCE = sam.load()
COSTS = guides.COSTS.read_text()


class Guides(unittest.TestCase):
    def test_name_only_what_a_stack_has(self):
        for guide in guides.GUIDES:
            self.assertEqual(guides.unknown(guide.read_text(), SOURCE), [], guide.name)

    def test_of_costs_add_up(self):
        self.assertEqual(guides.wrong_sums(COSTS), [])
        self.assertGreater(len(guides.rows(COSTS)), 12)


class Faults(unittest.TestCase):
    """Texts with one fault each."""

    def test_a_name_of_nothing_is_noticed(self):
        for text, name in [
            ("$(resource MailFunction)", "MailFunction"),
            ("$(output Url)", "Url"),
            ("aws logs tail /aws/lambda/$STACK-worker --since 15m", "/aws/lambda/$STACK-worker"),
            ("make kill STACK=$STACK", "kill"),
        ]:
            self.assertEqual(guides.unknown(text, SOURCE), [name])

    def test_a_sum_that_is_wrong_is_noticed(self):
        for old, new in [("| 5.85 |", "| 4.60 |"), ("**260**", "**225**"), ("| 8.75 |", "| 8.57 |")]:
            self.assertIn(old, COSTS)
            self.assertNotEqual(guides.wrong_sums(COSTS.replace(old, new)), [])
