"""The guides name what there is, and the checks of them notice when they do not."""

import re
import unittest

import guides
import sam
from cfnlint.helpers import REGIONS
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER, ResourceNotFoundError

SOURCE = sam.load()
COSTS = guides.COSTS.read_text()


class Guides(unittest.TestCase):
    def test_name_only_what_a_stack_has(self):
        for guide in guides.GUIDES:
            self.assertEqual(guides.unknown(guide.read_text(), SOURCE), [], guide.name)

    def test_name_the_regions_in_which_cloudformation_has_no_ses(self):
        missing = set()
        for region in REGIONS:
            try:
                PROVIDER_SCHEMA_MANAGER.get_resource_schema(region, "AWS::SES::ConfigurationSet")
            except ResourceNotFoundError:
                missing.add(region)
        text = (guides.DOCS / "deployment.md").read_text()
        sentence = text[text.index("Not every Region will do.") :].split("\n\n")[0]
        named = set(re.findall(r"`([a-z]+-[a-z]+-\d)`", sentence))
        self.assertEqual(named, {it for it in missing if not it.startswith("cn-")})

    def test_of_costs_add_up(self):
        self.assertEqual(guides.wrong_sums(COSTS), [])
        self.assertGreater(len(guides.rows(COSTS)), 12)
        self.assertEqual(guides.wrong_products(COSTS), [])
        self.assertEqual(guides.wrong_flood(COSTS), [])


class Faults(unittest.TestCase):
    """Texts with one fault each."""

    def test_a_name_of_nothing_is_noticed(self):
        for text, name in [
            ("$(resource MailFunction)", "MailFunction"),
            ("$(resource MailPipe $(resource Events))", "MailPipe"),
            ("$(output Url)", "Url"),
            ("aws logs tail /aws/lambda/$STACK-worker --since 15m", "/aws/lambda/$STACK-worker"),
            ("make kill STACK=$STACK", "kill"),
        ]:
            self.assertEqual(guides.unknown(text, SOURCE), [name])

    def test_a_sum_that_is_wrong_is_noticed(self):
        for old, new in [("| 5.85 |", "| 4.60 |"), ("**264**", "**229**"), ("| 15.00 |", "| 14.00 |")]:
            self.assertIn(old, COSTS)
            self.assertNotEqual(guides.wrong_sums(COSTS.replace(old, new)), [])

    def test_a_product_that_is_wrong_is_noticed(self):
        for old, new in [("| 360,000 |", "| 288,000 |"), ("x 4 = 1,440,000", "x 4 = 1,152,000")]:
            self.assertIn(old, COSTS)
            self.assertEqual(len(guides.wrong_products(COSTS.replace(old, new))), 1)

    def test_a_column_of_the_flood_that_is_wrong_is_noticed(self):
        for old, new in [("| 43 + 6 |", "| 52 + 8 |"), ("**76**", "**75**")]:
            self.assertIn(old, COSTS)
            self.assertEqual(len(guides.wrong_flood(COSTS.replace(old, new))), 1)
