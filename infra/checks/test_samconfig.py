"""The settings that `make deploy` uses are parameters of the template, and within their limits."""

import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import sam

sys.path.insert(0, str(sam.ROOT / "infra" / "operate"))

from deploy import misfits, overrides, settings  # noqa: E402

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CONFIG = sam.ROOT / "infra" / "samconfig.toml"
# What a make that runs this would pass on.
INHERITED = {"MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "ARCH", "ENV"}


def built_for(config: Path, environment: str) -> str:
    """The processor that `make build` would build for."""
    command = ["make", "--dry-run", "build", f"SAMCONFIG={config}", f"ENV={environment}"]
    clean = {name: value for name, value in os.environ.items() if name not in INHERITED}
    ran = subprocess.run(
        command, cwd=sam.ROOT, env=clean, text=True, capture_output=True, check=True
    )
    return re.search(r"--parameter-overrides Architecture=(\S+)", ran.stdout)[1]


class Config(unittest.TestCase):
    def test_names_only_what_there_is(self):
        config = tomllib.loads(CONFIG.read_text())
        self.assertEqual(config.keys(), {"version", "default", "dev", "prod"})
        for section in ("dev", "prod"):
            self.assertEqual(misfits(overrides(settings(config, section))), [])

    def test_what_is_built_is_what_the_section_deploys(self):
        config = tomllib.loads(CONFIG.read_text())
        for section in ("default", "dev", "prod"):
            wanted = overrides(settings(config, section)).get("Architecture", "arm64")
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
