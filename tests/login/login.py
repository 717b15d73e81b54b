import base64
import hashlib
import hmac
import unicodedata

import argon2  # argon2-cffi
import bcrypt


def password_matches(stored: str, typed: str) -> bool:
    """Whether the password that was typed is the one whose hash is stored."""
    password = unicodedata.normalize("NFC", typed).encode()
    if stored.startswith("$argon2id$"):
        try:
            return argon2.PasswordHasher().verify(stored, password)
        except argon2.exceptions.VerifyMismatchError:
            return False
    if stored.startswith("$2b$"):
        # Beyond 72 bytes bcrypt raises an error or looks at the first 72, by its version.
        return len(password) <= 72 and bcrypt.checkpw(password, stored.encode())
    if stored.startswith("$scrypt$"):
        _, _, cost, salt, expected = stored.split("$")
        ln, r, p = (int(part.split("=")[1]) for part in cost.split(","))
        options = {"n": 2**ln, "r": r, "p": p, "maxmem": 2**ln * r * 256, "dklen": 32}
        found = hashlib.scrypt(password, salt=unpadded(salt), **options)
        return hmac.compare_digest(found, unpadded(expected))
    if stored.startswith("pbkdf2_sha256$"):
        _, iterations, salt, expected = stored.split("$")
        found = hashlib.pbkdf2_hmac("sha256", password, salt.encode(), int(iterations))
        return hmac.compare_digest(found, base64.b64decode(expected))
    return False


def unpadded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4))
