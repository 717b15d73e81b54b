"""What SpamAssassin thinks of every mail of `make preview`, without asking anybody over the network.

python infra/checks/spam.py
"""

import re
import subprocess
import sys
from email.message import EmailMessage
from email.utils import format_datetime, localtime, make_msgid
from pathlib import Path

GALLERY = Path(__file__).resolve().parents[2] / "target" / "preview"
MOST = 1.0


def message(html: Path) -> bytes:
    """The mail as SES would send it, but for the signature and the way that it came."""
    subject, _, text = html.with_suffix(".txt").read_text().partition("\n\n")
    mail = EmailMessage()
    mail["From"] = "Example <no-reply@example.com>"
    mail["To"] = "ann@example.com"
    mail["Subject"] = subject.removeprefix("Subject: ")
    mail["Date"] = format_datetime(localtime())
    mail["Message-ID"] = make_msgid(domain="email.amazonses.com")
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(html.read_text(), subtype="html", cte="quoted-printable")
    return mail.as_bytes()


def score(mail: bytes) -> tuple[float, str]:
    """The score, and the rules that it is made of."""
    command = ["spamassassin", "--local", "--test-mode"]
    found = subprocess.run(command, input=mail, capture_output=True, check=True).stdout
    status = re.search(rb"^X-Spam-Status: (.*?)\n\S", found, re.MULTILINE | re.DOTALL)[1].decode()
    return float(re.search(r"score=(-?[\d.]+)", status)[1]), " ".join(status.split())


def main() -> bool:
    good = True
    mails = sorted(GALLERY.glob("*/*/mail-*.html"))
    for html in mails:
        found, rules = score(message(html))
        if found >= MOST:
            good = False
            print(f"{html.relative_to(GALLERY)}: {found}, by {rules}")
    print(f"spam: {len(mails)} mails, each below {MOST}" if good else "spam: see above")
    return good and bool(mails)


if __name__ == "__main__":
    sys.exit(not main())
