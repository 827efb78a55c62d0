/* The receipt: who ended it, in words, and the whole conversation to read or keep. */
import { find, say, show } from "./dom.js";

const WORDS = {
  customer_left: "end_customer",
  customer_ended: "end_customer",
  agent_ended: "end_agent",
  supervisor_ended: "end_agent",
  customer_idle: "end_idle",
  closed_hours: "end_closed",
  queue_full: "end_full",
};

export function receipt({ reason, agent, token, transcript }) {
  const key = WORDS[reason] ?? "end_other";
  find("end-reason").textContent = key === "end_agent" && !agent?.name ? say("end_other") : say(key, { name: agent?.name });
  find("token").value = token;
  show(find("transcript"), transcript);
}
