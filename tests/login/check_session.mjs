// Answers lines of {"event", "user"} with ended or alive: node check_session.mjs
import { createInterface } from "node:readline";
import { sessionEnded } from "./session.mjs";

for await (const line of createInterface({ input: process.stdin })) {
  const { event, user } = JSON.parse(line);
  console.log(sessionEnded(event, user) ? "ended" : "alive");
}
