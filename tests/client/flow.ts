// Resets passwords with the client that is generated from infra/openapi.yaml, as a frontend would:
// npm run flow -- API SES ADDRESS ADDRESS
// API and SES are parts of a local stack. The first person uses the mailed link, the second the code.
import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import createClient from "openapi-fetch";
import type { components, paths } from "./generated/api.js";

type Proof = components["schemas"]["VerifyToken"];
interface Mail {
  destination: { to: string[] };
  body: { text: string };
}

const PASSWORD = "seven lanterns over the bay";
// The stack answers within seconds; a machine that is busy may need longer.
const MAIL_ATTEMPTS = 1200;

const [api, ses, byLink, byCode] = process.argv.slice(2);
assert(api && ses && byLink && byCode, "API SES ADDRESS ADDRESS");
const client = createClient<paths>({ baseUrl: api });

/** The problem of this name, with the fields that the document gives it. */
function problem<Errors extends object, Name extends string>(error: Errors | undefined, name: Name) {
  const type = `urn:problem-type:forgot-password:${name}` as const;
  assert(error && "type" in error && error.type === type, `${JSON.stringify(error)} is no ${name}`);
  return error as Extract<Errors, { type: typeof type }>;
}

/** The text of the first mail to an address. */
async function mailTo(email: string): Promise<string> {
  for (let attempt = 0; attempt < MAIL_ATTEMPTS; attempt++) {
    const answer = await fetch(`${ses}/store`);
    const { emails } = (await answer.json()) as { emails: Mail[] };
    const mail = emails.find((it) => it.destination.to.includes(email));
    if (mail) return mail.body.text;
    // The endpoint cannot be waited on, only asked.
    await setTimeout(50);
  }
  throw new Error(`no mail to ${email}`);
}

function found(text: string, pattern: RegExp): string {
  const [it] = text.match(pattern) ?? [];
  assert(it, `the mail has no ${pattern}`);
  return it;
}

async function reset(email: string, proofIn: (mail: string) => Proof): Promise<void> {
  const requested = await client.POST("/v1/request-reset", {
    body: { email, locale: null, resetPasswordUrl: null },
  });
  assert.equal(requested.data?.status, "accepted");
  assert(requested.data.resend_after > 0);

  const proof = proofIn(await mailTo(email));
  const verified = await client.POST("/v1/verify-token", { body: proof });
  assert.equal(verified.data?.email, email);
  const shortest = verified.data.password_policy.min_length;

  const confirm = (password: string, repeated?: string | null) =>
    client.POST("/v1/confirm-reset", { body: { ...proof, password, confirm: repeated } });
  const mismatch = problem((await confirm(PASSWORD, "another")).error, "invalid-request");
  assert.equal(mismatch.errors[0]?.pointer, "#/confirm");
  const short = "x".repeat(shortest - 1);
  const rejected = problem((await confirm(short)).error, "password-rejected");
  assert.equal(rejected.reasons[0]?.code, "too-short");
  assert.equal(rejected.password_policy.min_length, shortest);

  const changed = await confirm(PASSWORD, null);
  assert.equal(changed.data?.status, "password-changed");
  const again = await confirm(PASSWORD);
  assert.equal(problem(again.error, "invalid-token").status, again.response.status);
}

const settings = await client.GET("/v1/settings");
assert.equal(settings.data?.["user:reset-password"], true);
const page = await client.GET("/auth/forgot-password", { parseAs: "text" });
assert(page.data?.startsWith("<!doctype html>"));
await reset(byLink, (mail) => ({ token: found(mail, /fpr_[\w-]+/) }));
await reset(byCode, (mail) => ({ email: byCode, code: found(mail, /^\w{4}-\w{4}$/m) }));
