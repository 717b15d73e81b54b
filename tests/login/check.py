"""Answers lines of a hash, a space and a password in base64 with yes or no: python check.py"""

import base64
import sys

from login import password_matches

for line in sys.stdin:
    stored, typed = line.rstrip("\n").split(" ")
    print("yes" if password_matches(stored, base64.b64decode(typed).decode()) else "no")
