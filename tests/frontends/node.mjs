/** A screen by HTTP alone: node node.mjs ADDRESS API, then a line of JSON for each time it is sent. */
import { createInterface } from "node:readline";
import { Screen } from "./screen.mjs";

const [here, api] = process.argv.slice(2);
const screen = new Screen(here, api);
const show = (seen) => console.log(JSON.stringify(seen));

show(await screen.open());
for await (const line of createInterface({ input: process.stdin })) {
  show(await screen.submit(JSON.parse(line)));
}
