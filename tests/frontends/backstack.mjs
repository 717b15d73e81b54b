/** Backstack (Vue): axios, an API key in every call, and errors that stand at fields or nowhere. */
import axios from "axios";

const OPTIONS = {
  timeout: 60_000,
  // The key as it is, without a scheme.
  headers: { Authorization: "app_key_5f2c", "X-Provider-ID": "provider" },
};

/** Throws where the answer has no such object, and leaves no form where the object has no fields. */
const fieldsOf = (failure) => ({ errors: failure.response.data.error.fields });

export default {
  "/backstack/forgot-password": {
    fields: ["email"],
    submit: ({ api }, { email }) =>
      axios
        .post(`${api}/app/forgot-password`, { email }, OPTIONS)
        .then(() => ({ done: "Check your email!" }), fieldsOf),
  },
  "/backstack/reset-password": {
    fields: ["password", "confirm_password"],
    /** Looks whether the link is alive; the form needs the token that comes back. */
    async open(screen) {
      const token = screen.here.searchParams.get("token");
      const answer = await axios
        .get(`${screen.api}/app/reset-password/${token}`, OPTIONS)
        .catch(() => null);
      screen.token = answer?.data.token;
      return screen.token ? {} : { done: "This link is dead. Ask for a new one." };
    },
    submit: ({ api, token }, { password, confirm_password }) =>
      axios
        .post(`${api}/app/reset-password`, { token, password, confirm_password }, OPTIONS)
        .then(({ data }) => ({ done: `Log in as ${data.email}.` }), fieldsOf),
  },
};
