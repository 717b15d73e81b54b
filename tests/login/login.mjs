import { pbkdf2, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import bcrypt from "bcryptjs";
import { argon2Verify } from "hash-wasm";

/** Whether the password that was typed is the one whose hash is stored. */
export async function passwordMatches(stored, typed) {
  const password = Buffer.from(typed.normalize("NFC"));
  const parts = stored.split("$");
  if (stored.startsWith("$argon2id$")) {
    // It throws where nothing was typed.
    return password.length > 0 && argon2Verify({ password, hash: stored });
  }
  if (stored.startsWith("$2b$")) {
    // bcrypt looks at the first 72 bytes and lets the rest be anything.
    return password.length <= 72 && bcrypt.compare(password.toString(), stored);
  }
  if (stored.startsWith("$scrypt$")) {
    const [ln, r, p] = parts[2].split(",").map((part) => Number(part.split("=")[1]));
    const cost = { N: 2 ** ln, r, p, maxmem: 2 ** ln * r * 256 };
    const found = await promisify(scrypt)(password, Buffer.from(parts[3], "base64"), 32, cost);
    return timingSafeEqual(found, Buffer.from(parts[4], "base64"));
  }
  if (stored.startsWith("pbkdf2_sha256$")) {
    const [, iterations, salt, expected] = parts;
    const found = await promisify(pbkdf2)(password, salt, Number(iterations), 32, "sha256");
    return timingSafeEqual(found, Buffer.from(expected, "base64"));
  }
  return false;
}
