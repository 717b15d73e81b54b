// Answers lines of a hash, a space and a password in base64 with yes or no: node check.mjs
import { createInterface } from "node:readline";
import { passwordMatches } from "./login.mjs";

for await (const line of createInterface({ input: process.stdin })) {
  const [stored, typed] = line.split(" ");
  const matches = await passwordMatches(stored, Buffer.from(typed, "base64").toString());
  console.log(matches ? "yes" : "no");
}
