// Answers as check.mjs does, by implementations in C, compiled to WebAssembly.
import { timingSafeEqual } from "node:crypto";
import { createInterface } from "node:readline";
import { argon2Verify, bcryptVerify, createSHA256, pbkdf2, scrypt } from "hash-wasm";

async function matches(stored, password) {
  // It throws where nothing was typed.
  if (password.length === 0) return false;
  const parts = stored.split("$");
  if (stored.startsWith("$argon2id$")) return argon2Verify({ password, hash: stored });
  if (stored.startsWith("$2b$")) {
    // It knows bcrypt by the name of before 2014; what differs is passwords over 255 bytes.
    const hash = stored.replace("$2b$", "$2a$");
    return password.length <= 72 && bcryptVerify({ password, hash });
  }
  const common = { password, hashLength: 32, outputType: "binary" };
  if (stored.startsWith("$scrypt$")) {
    const [ln, r, p] = parts[2].split(",").map((part) => Number(part.split("=")[1]));
    const salt = Buffer.from(parts[3], "base64");
    const cost = { costFactor: 2 ** ln, blockSize: r, parallelism: p };
    return timingSafeEqual(await scrypt({ ...common, ...cost, salt }), Buffer.from(parts[4], "base64"));
  }
  const [, iterations, salt, expected] = parts;
  const cost = { iterations: Number(iterations), hashFunction: createSHA256() };
  return timingSafeEqual(await pbkdf2({ ...common, ...cost, salt }), Buffer.from(expected, "base64"));
}

for await (const line of createInterface({ input: process.stdin })) {
  const [stored, typed] = line.split(" ");
  const password = Buffer.from(Buffer.from(typed, "base64").toString().normalize("NFC"));
  console.log((await matches(stored, password)) ? "yes" : "no");
}
