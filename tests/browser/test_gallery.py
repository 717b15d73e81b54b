"""Every state of every page and mail, of an app with a logo and a colour, without a stack."""

import os
import subprocess

import screens
from playwright.sync_api import expect
from stack import ROOT, TARGET

from case import BrowserCase
from visitor import NARROW

SETTINGS = ROOT / "tests" / "browser" / "brand" / "settings.json"
GALLERY = ROOT / "target" / "preview"
PHONE = {"width": 360, "height": 640}
# The documents show these dark.
DARK = ("reset-rejected", "code-wrong")


class Gallery(BrowserCase):
    @classmethod
    def setUpClass(cls):
        variables = os.environ | {"SETTINGS_FILE": str(SETTINGS)}
        program = TARGET / "debug" / "check"
        subprocess.run([program, "preview"], cwd=ROOT, env=variables, check=True)

    def setUp(self):
        pass

    def test_every_state_is_accessible_and_fits_a_phone(self):
        with self.visitor(device_scale_factor=2, width=PHONE["width"]) as visitor:
            for language in ("en", "ar", "de"):
                for file in sorted((GALLERY / "main" / language).glob("*.html")):
                    self.look_at(visitor, language, file)

    def look_at(self, visitor, language: str, file) -> None:
        page, name = visitor.page, file.stem
        page.set_viewport_size(PHONE)
        # The page that success goes on from would go on while the next one is looked at.
        page.goto("about:blank")
        page.set_content(file.read_text())
        if name == "reset":
            page.locator("#password").fill("quiet otters")
        if not name.startswith("mail-"):
            expect(page.get_by_role("img", name="Lanternfish")).to_be_visible()
            loaded = "document.images[0].complete && document.images[0].naturalWidth > 0"
            page.wait_for_function(loaded)
        for scheme in self.judged(visitor, f"{name} {language}"):
            if language == "en" and (scheme == "dark") == (name in DARK):
                screens.take(page, f"docs-{name}")
        page.set_viewport_size({"width": NARROW, "height": 640})
        self._fits(visitor, f"{name} {language}")

    def test_the_logo_is_the_dark_one_where_people_like_it_dark(self):
        with self.visitor() as visitor:
            page = visitor.page
            page.set_content((GALLERY / "main" / "en" / "request.html").read_text())
            source = "document.images[0].currentSrc"
            page.wait_for_function(f"{source} === document.images[0].src")
            page.emulate_media(color_scheme="dark")
            page.wait_for_function(f"{source} === document.querySelector('source').srcset")
