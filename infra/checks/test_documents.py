"""SECURITY.md names tests that there are, and the check of it notices when it does not."""

import unittest

import deployments
import documents
import rules
import sam

TEXT = documents.DOCUMENT.read_text()
GOOD = """\
| 6.5.1 | used once | met | `races::of_fifty_confirms_at_once_one_wins` |
| 6.5.2 | hashed | not met | nothing |
"""


class Document(unittest.TestCase):
    """The document itself."""

    def test_names_only_tests_that_there_are(self):
        self.assertEqual(documents.missing(TEXT), [])

    def test_names_many(self):
        self.assertGreater(len(set(documents.named(TEXT))), 60)

    def test_shows_whatever_it_calls_met(self):
        self.assertEqual(documents.rows_without_a_test(TEXT), [])


class Readme(unittest.TestCase):
    """Whoever deploys finds every parameter in it, and every variable in the document of the settings."""

    def test_names_every_parameter_and_every_variable(self):
        places = (sam.ROOT / "README.md", sam.ROOT / "docs" / "configuration.md")
        text = "".join(it.read_text() for it in places)
        functions = deployments.plain(sam.load()).of_type(rules.FUNCTION).values()
        names = set(sam.load()["Parameters"])
        names = names.union(*(it["Environment"]["Variables"] for it in functions))
        self.assertEqual(documents.unnamed(text, names), [])

    def test_a_setting_that_is_not_named_is_noticed(self):
        self.assertEqual(
            documents.unnamed("`LogLevel` and Another", {"LogLevel", "Another"}), ["Another"]
        )


class Faults(unittest.TestCase):
    """Texts with one fault each."""

    def test_a_good_text_passes(self):
        self.assertEqual(documents.missing(GOOD), [])
        self.assertEqual(documents.rows_without_a_test(GOOD), [])

    def test_each_name_of_nothing_is_noticed(self):
        for name in [
            "`races::of_fifty_confirms_two_win`",
            "`nowhere::of_fifty_confirms_at_once_one_wins`",
            "`domain/email.rs`: `look_alikes_never_fold_to_another_address`, `another`",
            "`domain/nothing.rs`: `look_alikes_never_fold_to_another_address`",
            # A function of the file, but no test.
            "`limits::wrong_code`",
            "`rules.nothing`",
        ]:
            with self.subTest(name):
                self.assertEqual(len(documents.missing(name)), 1)

    def test_a_requirement_that_is_met_by_nothing_is_noticed(self):
        rows = GOOD.replace("`races::of_fifty_confirms_at_once_one_wins`", "the design")
        self.assertEqual(documents.rows_without_a_test(rows), ["6.5.1"])
