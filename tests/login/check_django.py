"""Answers as check.py does, by Django itself, and complains when Django would replace the hash."""

import base64
import sys

from django.conf import settings

settings.configure(PASSWORD_HASHERS=["login_django.NfcPasswordHasher"])

from django.contrib.auth.hashers import check_password  # noqa: E402


def replaced(_):
    sys.exit("Django would replace the hash")


for line in sys.stdin:
    stored, typed = line.rstrip("\n").split(" ")
    typed = base64.b64decode(typed).decode()
    print("yes" if check_password(typed, stored, setter=replaced) else "no")
