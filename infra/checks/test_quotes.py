"""README quotes the logins that are tested, and the check of it notices when it does not."""

import unittest

import quotes

TEXT = quotes.DOCUMENT.read_text()


class Document(unittest.TestCase):
    """The document itself."""

    def test_quotes_the_examples_as_they_are(self):
        self.assertEqual(quotes.differing(TEXT), [])

    def test_quotes_five_languages_django_and_the_session(self):
        self.assertEqual(len(list(quotes.QUOTE.finditer(TEXT))), 7)


class Faults(unittest.TestCase):
    """Texts with one fault each."""

    def test_each_is_noticed(self):
        for name, old, new in [
            ("login.py", 'normalize("NFC", typed)', "typed"),
            ("login.mjs", "<!-- tests/login/login.mjs -->", ""),
            ("login.go", "<= 72", "<= 73"),
            ("session.mjs", "tests/login/session.mjs", "tests/login/elsewhere.mjs"),
        ]:
            with self.subTest(name):
                self.assertIn(old, TEXT)
                changed = quotes.differing(TEXT.replace(old, new))
                self.assertIn(f"tests/login/{name}", changed)
