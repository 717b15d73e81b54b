import unicodedata

from django.contrib.auth.hashers import PBKDF2PasswordHasher


# The first of PASSWORD_HASHERS.
class NfcPasswordHasher(PBKDF2PasswordHasher):
    # PBKDF2_ITERATIONS of the reset: a hash with another number is replaced at the next login.
    iterations = 600_000

    # Setting and checking a password both come here.
    def encode(self, password, salt, iterations=None):
        return super().encode(unicodedata.normalize("NFC", password), salt, iterations)
