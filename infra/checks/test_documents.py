"""The documents name what there is, and the check of it notices when they do not."""

import unittest

import deployments
import documents
import rules
import sam

TEXTS = {it: it.read_text() for it in documents.ALL}
MET = "`races::link_and_code_at_once_change_the_password_once`"
GOOD = f"""\
| 6.5.1 | used once | met | {MET} |
| 6.5.2 | hashed | not met | nothing |
"""


class Documents(unittest.TestCase):
    """The documents themselves."""

    def test_name_only_tests_that_there_are(self):
        for document, text in TEXTS.items():
            self.assertEqual(documents.missing(text), [], document.name)

    def test_every_source_file_is_compiled(self):
        folders = ["functions/*/src", "infra/**/src", "shared/src", "tests/src", "tests/integration"]
        files = [it for folder in folders for it in sam.ROOT.glob(f"{folder}/**/*.rs")]
        self.assertGreater(len(files), 300)
        self.assertEqual([str(it) for it in files if not documents.is_compiled(it)], [])

    def test_name_many(self):
        for document in documents.PROMISES:
            self.assertGreater(len(set(documents.named(TEXTS[document]))), 60, document.name)

    def test_met_rows_name_a_test(self):
        self.assertEqual(documents.rows_without_a_test(TEXTS[documents.DOCS / "compliance.md"]), [])

    def test_the_map_names_source_files_that_there_are(self):
        text = TEXTS[documents.MAP]
        self.assertGreater(len(documents.SOURCE.findall(text)), 15)
        self.assertEqual(documents.missing_files(text), [])

    def test_link_to_what_there_is(self):
        for document, text in TEXTS.items():
            self.assertEqual(documents.broken(document, text), [], document.name)

    def test_link_to_five_languages_django_and_the_session(self):
        files = documents.examples()
        self.assertEqual(len(files), 7)
        self.assertEqual(documents.not_linked(TEXTS[documents.LOGIN], documents.LOGIN, files), [])


class Settings(unittest.TestCase):
    """Deploying teams find every parameter and every variable."""

    def test_every_parameter_and_every_variable_is_named(self):
        places = (documents.DOCS / "deployment.md", documents.DOCS / "configuration.md")
        text = "".join(TEXTS[it] for it in places)
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

    def test_a_file_that_no_module_declares_is_noticed(self):
        self.assertTrue(documents.is_compiled(documents.INTEGRATION / "races.rs"))
        self.assertFalse(documents.is_compiled(documents.INTEGRATION / "undeclared.rs"))
        self.assertFalse(documents.is_compiled(documents.UNITS / "domain" / "undeclared" / "mod.rs"))

    def test_each_name_of_nothing_is_noticed(self):
        for look, name in [
            (documents.missing, "`races::link_and_code_at_once_change_it_twice`"),
            (documents.missing, "`nowhere::link_and_code_at_once_change_the_password_once`"),
            (documents.missing, "`domain/email.rs`: `look_alikes_never_fold_to_another_address`, `another`"),
            (documents.missing, "`domain/nothing.rs`: `look_alikes_never_fold_to_another_address`"),
            # A function of the file, but no test.
            (documents.missing, "`limits::wrong_code`"),
            (documents.missing, "`rules.nothing`"),
            (documents.missing, "attack line 4, attack line 99"),
            (documents.missing_files, "`domain/limits.rs`, `tests/src/app.rs`, `worker/limits.rs`"),
            (documents.rows_without_a_test, GOOD.replace(MET, "the design")),
        ]:
            with self.subTest(name):
                self.assertEqual(len(look(name)), 1)

    def test_each_link_to_nothing_is_noticed(self):
        for link in ["nothing.md", "../LICENSE#terms", "#nothing", "costs.md#nothing"]:
            for text in (f"# A\n\n[there]({link})", f'# A\n\n<img src="{link}" alt="">'):
                with self.subTest(text):
                    self.assertEqual(documents.broken(documents.LOGIN, text), [link])

    def test_links_to_what_there_is_pass(self):
        text = "# A `b`, c\n\n[a](#a-b-c) [b](../LICENSE) [c](https://example.com/#c) `[d](nothing)`"
        self.assertEqual(documents.broken(documents.LOGIN, text), [])

    def test_an_example_that_is_not_linked_is_noticed(self):
        text = TEXTS[documents.LOGIN].replace("../tests/login/login.go", "../tests/login/check.go")
        found = documents.not_linked(text, documents.LOGIN, documents.examples())
        self.assertEqual(found, ["login.go"])
