/** Novel (React): fetch with cookies. Whatever is not the one good status is read for its sentence. */

async function post(url, body, success) {
  const answer = await fetch(url, {
    method: "POST",
    credentials: "include",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (answer.status === success) {
    return { answer };
  }
  const data = await answer.json();
  // Throws where there is no such object, and nothing catches it.
  return { alert: data.error.message };
}

export default {
  "/novel/forgot": {
    fields: ["email"],
    async submit({ api }, { email }) {
      const { answer, ...error } = await post(`${api}/auth/forgot`, { email }, 204);
      return answer ? { done: "We have mailed you a link." } : error;
    },
  },
  "/novel/reset": {
    fields: ["email", "password"],
    async submit({ api, here }, { email, password }) {
      const token = here.searchParams.get("token");
      const body = { email, password, token };
      const { answer, ...error } = await post(`${api}/auth/reset`, body, 201);
      // Where it goes to then.
      return answer ? { done: new URL((await answer.json()).redirect_to).href } : error;
    },
  },
};
