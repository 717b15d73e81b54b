/** What a person has before them: a page of one of the frontends, without what draws it. */
import backstack from "./backstack.mjs";
import flowfuse from "./flowfuse.mjs";
import novel from "./novel.mjs";
import razi from "./razi.mjs";

const PAGES = Object.entries({ ...backstack, ...flowfuse, ...novel, ...razi });

export class Screen {
  /** `here` is the address in the bar, `api` the one setting that a frontend changes. */
  constructor(here, api) {
    this.here = new URL(here);
    this.api = api;
    [, this.page] = PAGES.find(([path]) => this.here.pathname.startsWith(path));
  }

  open() {
    return this.#see(() => this.page.open?.(this) ?? {});
  }

  submit(values) {
    return this.#see(() => this.page.submit(this, values));
  }

  /** `done` takes the place of the form, `alert` stands above it, `errors` at those fields that the
   * form has. What a frontend does not catch leaves it without a form, or turning for ever. */
  async #see(act) {
    try {
      const { done, alert, errors } = { errors: {}, ...(await act()) };
      // A sentence that stands at two fields is one.
      const said = new Set([alert, ...this.page.fields.map((field) => errors[field])]);
      return done === undefined
        ? { state: "form", said: [...said].filter(Boolean).join(" ") }
        : { state: "done", said: done };
    } catch (failure) {
      return { state: "stuck", said: String(failure) };
    }
  }
}
