/** Draws a screen, and sends what was typed. */
import { Screen } from "./screen.mjs";

// The test says where the API is, as a frontend's configuration does.
const screen = new Screen(location.href, globalThis.API);
const main = document.querySelector("main");
const form = document.createElement("form");
for (const field of screen.page.fields) {
  form.append(Object.assign(document.createElement("input"), { name: field }));
}
form.append(Object.assign(document.createElement("button"), { textContent: "Send" }));
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  main.dataset.state = "busy";
  show(await screen.submit(Object.fromEntries(new FormData(form))));
});

function show({ state, said }) {
  main.querySelector("[role=status]").textContent = said;
  main.dataset.state = state;
  if (state === "form") {
    main.append(form);
  } else {
    form.remove();
  }
}

show(await screen.open());
