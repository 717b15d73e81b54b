/** Razi: the curl of its documents, whose link is http. Its frontend was never seen, so that what it
 * makes of an error is a guess: the title of the problem. */

async function call(method, url, body, done) {
  const answer = await fetch(url, {
    method,
    // Which app is meant stands empty there.
    headers: { "Content-Type": "application/json", "X-App-Name": "" },
    body: JSON.stringify(body),
  });
  const data = await answer.json();
  return answer.status === 200 ? { done } : { alert: data.title };
}

export default {
  "/razi/forgot": {
    fields: ["email"],
    submit: ({ api }, { email }) =>
      call(
        "POST",
        `${api}/v1/authentication/users/password/reset-request/email`,
        { email, resetPasswordUrl: "http://shop.example/razi/reset?code={{code}}" },
        "We have mailed you a link.",
      ),
  },
  "/razi/reset": {
    fields: ["email", "password"],
    submit: ({ api, here }, { email, password }) =>
      call(
        "PUT",
        `${api}/v1/authentication/users/password`,
        { email, verificationCode: here.searchParams.get("code"), newPassword: password },
        "Your password was changed.",
      ),
  },
};
