/* Alt+A, R, T, E and 1 … 9 from anywhere; "?" where nothing is being typed. The Alt keys can be switched off. */
import { find } from "../dom.js";
import { choice } from "../resume.js";

const typing = (target) => target.matches?.("input, textarea, select, [contenteditable]");

export function keys({ offers, desk, transfer }) {
  const help = find("help-dialog");
  const on = find("keys-on");
  on.checked = choice("keys") !== "off";
  on.addEventListener("change", () => choice("keys", on.checked ? "on" : "off"));
  find("help").addEventListener("click", () => help.showModal());

  // By the key's place, as Alt turns letters into signs on some keyboards.
  const does = {
    KeyA: () => offers.decide("accept"),
    KeyR: () => offers.decide("refuse"),
    KeyT: () => transfer.ask(),
    KeyE: () => desk.askEnd(),
  };

  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "?" && !typing(event.target)) {
      help.showModal();
      event.preventDefault();
    }
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || !on.checked) return;
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
    const work = digit ? () => desk.go(desk.ids[digit - 1]) : does[event.code];
    if (!work) return;
    event.preventDefault();
    work();
  });
}
