/** FlowFuse (Vue): axios without a base URL, so that its API is its own origin. It says by itself
 * what it says; of an answer it reads the status. */
import axios from "axios";

const client = (here) =>
  // No base URL in a browser is the page's origin, and nothing in Node.
  axios.create({ baseURL: here.origin, timeout: 30_000, headers: { "Content-Type": "application/json" } });

// A script of the old kind, which a browser's import puts beside everything.
const zxcvbn = (await import("zxcvbn")).default ?? globalThis.zxcvbn;

export default {
  "/account/forgot-password": {
    fields: ["email"],
    /** Its own settings say whether passwords can be reset at all. */
    async open({ here }) {
      const { data } = await client(here).get("/api/v1/settings");
      return data["user:reset-password"] && data.version ? {} : { done: "" };
    },
    submit: ({ here }, { email }) =>
      client(here)
        .post("/account/forgot_password", { email })
        .then(
          () => ({ done: "We have mailed you instructions." }),
          ({ response }) =>
            response?.status === 429 ? { errors: { email: "Try again in 5 minutes." } } : {},
        ),
  },
  "/account/change-password/": {
    fields: ["password", "confirm"],
    async submit({ here }, { password, confirm }) {
      if (password.length < 8 || password.length > 128 || zxcvbn(password).score < 2) {
        return { errors: { password: "Password too weak." } };
      }
      if (password !== confirm) {
        // The button cannot be pressed.
        return {};
      }
      const token = here.pathname.split("/").at(-1);
      return client(here)
        .post(`/account/reset_password/${token}`, { password })
        .then(
          () => ({ done: "Password reset successful." }),
          // Silent, whatever was answered.
          () => ({}),
        );
    },
  },
};
