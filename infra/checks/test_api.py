"""Spectral's rules for the API's document find what they are there for."""

import copy
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

import yaml

import sam
from faults import put

CLIENT = sam.ROOT / "tests" / "client"
RULES = CLIENT / ".spectral.yaml"
REFERENCE = {"$ref": "#/components/schemas/Text"}
OBJECT = {"type": "object", "properties": {"name": REFERENCE}}
GOOD = {
    "openapi": "3.1.0",
    "info": {"title": "An API", "version": "1"},
    "servers": [{"url": "{api}", "variables": {"api": {"default": "http://127.0.0.1:9000"}}}],
    "paths": {},
    "components": {
        "responses": {"Some": {"description": "A text", "content": {"text": {"schema": REFERENCE}}}},
        "schemas": {
            "Text": {"type": "string"},
            "List": {"type": "array", "items": REFERENCE},
            "Object": OBJECT,
            "One": {"oneOf": [REFERENCE, REFERENCE]},
            "Any": {"anyOf": [REFERENCE, REFERENCE]},
        },
    },
}
SCHEMAS = "/components/schemas"
FAULTS = {
    "named-content": [put("/components/responses/Some/content/text/schema", {"type": "string"})],
    "named-variants": [
        put(f"{SCHEMAS}/One/oneOf/1", {"type": "string"}),
        put(f"{SCHEMAS}/Any/anyOf/1", {"type": "string"}),
    ],
    "named-objects": [
        put(f"{SCHEMAS}/Object/properties/name", OBJECT),
        put(f"{SCHEMAS}/List/items", OBJECT),
    ],
    "no-all-of": [put(f"{SCHEMAS}/Text/allOf", [REFERENCE])],
    "nobodys-host": [
        put("/servers/0/url", "https://example.com"),
        put("/servers/0/variables/api/default", "//example.com"),
    ],
}


def found(documents: dict) -> dict:
    """Which of this project's rules complain about each of these documents."""
    own = yaml.safe_load(RULES.read_text())["rules"]
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: Path(folder, f"{name}.json") for name in documents}
        for name, path in paths.items():
            path.write_text(json.dumps(documents[name]))
        command = [CLIENT / "node_modules/.bin/spectral", "lint", "--quiet", "--format", "json"]
        ran = subprocess.run(
            [*command, "--ruleset", RULES, *paths.values()], capture_output=True, text=True, check=False
        )
        complaints = json.loads(ran.stdout)
    codes = {name: set() for name in documents}
    for it in complaints:
        if it["code"] in own:
            codes[Path(it["source"]).stem].add(it["code"])
    return codes


class Rules(unittest.TestCase):
    def test_each_finds_its_faults_and_nothing_else(self):
        documents, expected = {"good": GOOD}, {"good": set()}
        for rule, edits in FAULTS.items():
            for number, edit in enumerate(edits):
                name = f"{rule}-{number}"
                documents[name] = copy.deepcopy(GOOD)
                edit(documents[name])
                expected[name] = {rule}
        self.assertEqual(found(documents), expected)

    def test_each_is_tried(self):
        rules = yaml.safe_load(RULES.read_text())["rules"]
        own = {name for name, rule in rules.items() if isinstance(rule, dict)}
        self.assertEqual(FAULTS.keys(), own)
