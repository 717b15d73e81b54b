"""The settings that `make deploy` uses are parameters of the template, and within their limits."""

import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import sam

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CONFIG = sam.ROOT / "infra" / "samconfig.toml"
# What a make that runs this would pass on.
INHERITED = {"MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "ARCH", "ENV"}


def overrides(found) -> dict:
    """The parameters of a section, which may be a list or one text."""
    text = " ".join(found) if isinstance(found, list) else found
    return dict(re.findall(r"(\w+)=\"?([^\s\"]*)\"?", text))


def problems(config: dict, declared: dict):
    """Parameters that there are not, or that have other values than they may have."""
    for section, commands in config.items():
        if section == "version":
            continue
        for name, value in overrides(
            commands["deploy"]["parameters"]["parameter_overrides"]
        ).items():
            parameter = declared.get(name)
            if parameter is None:
                yield f"{section}: there is no parameter {name}"
            elif not re.search(parameter.get("AllowedPattern", ""), value):
                yield f"{section}: {name} may not be {value}"
            elif value not in map(str, parameter.get("AllowedValues", [value])):
                yield f"{section}: {name} is none of its values: {value}"


def built_for(config: Path, environment: str) -> str:
    """The processor that `make build` would build for."""
    command = ["make", "--dry-run", "build", f"SAMCONFIG={config}", f"ENV={environment}"]
    clean = {name: value for name, value in os.environ.items() if name not in INHERITED}
    ran = subprocess.run(
        command, cwd=sam.ROOT, env=clean, text=True, capture_output=True, check=True
    )
    return re.search(r"--parameter-overrides Architecture=(\S+)", ran.stdout)[1]


class Config(unittest.TestCase):
    declared = sam.load()["Parameters"]

    def test_names_only_what_there_is(self):
        config = tomllib.loads(CONFIG.read_text())
        self.assertEqual(config.keys(), {"version", "default", "dev", "prod"})
        self.assertEqual(list(problems(config, self.declared)), [])

    def test_has_what_has_no_default_and_tags(self):
        config = tomllib.loads(CONFIG.read_text())
        for section in ("dev", "prod"):
            found = config[section]["deploy"]["parameters"]
            self.assertIn("SenderIdentity", overrides(found["parameter_overrides"]))
            self.assertIn("service=", found["tags"])

    def test_what_is_built_is_what_the_section_deploys(self):
        config = tomllib.loads(CONFIG.read_text())
        for section in ("default", "dev", "prod"):
            found = config[section]["deploy"]["parameters"]["parameter_overrides"]
            wanted = overrides(found).get("Architecture", "arm64")
            environment = "" if section == "default" else section
            self.assertEqual(built_for(CONFIG, environment), wanted)

    def test_sections_may_differ(self):
        first, dev, prod = re.split(r"(?m)^(?=# To try|# For people)", CONFIG.read_text())
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "samconfig.toml")
            named = 'parameter_overrides = [\n  "Architecture=x86_64",'
            path.write_text(first + dev.replace("parameter_overrides = [", named) + prod)
            found = [built_for(path, environment) for environment in ("", "dev", "prod")]
        self.assertEqual(found, ["arm64", "x86_64", "arm64"])

    def test_what_is_wrong_is_noticed(self):
        for wrong in ("Sender=x.org", "LogLevel=loud", "AllowedOrigins=*"):
            config = {"dev": {"deploy": {"parameters": {"parameter_overrides": [wrong]}}}}
            self.assertEqual(len(list(problems(config, self.declared))), 1)
