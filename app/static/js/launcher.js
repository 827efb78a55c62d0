/* The button in the corner: says where it stands, whether a chat runs, when it is pressed and how much room it needs. */
import { find, show } from "./dom.js";
import { Parent } from "./frame-messages.js";
import { remembered } from "./resume.js";

const { position, x, y, poc, parent: origin } = document.body.dataset;
const button = find("launcher");
const parent = new Parent(origin);
const running = remembered(poc);

function measure() {
  // The hover label may need more than the frame has, so its natural width is taken, not the visible one.
  parent.tell("size", { width: Math.ceil(button.scrollWidth) + 20, height: button.offsetHeight + 16 });
}

button.addEventListener("click", () => parent.tell("click"));
for (const moment of ["pointerenter", "pointerleave", "focus", "blur"]) {
  button.addEventListener(moment, () => requestAnimationFrame(measure));
}
parent.addEventListener("focus", () => button.focus());
parent.addEventListener("unread", ({ detail }) => {
  const count = Number(detail.count) || 0;
  find("count").textContent = count > 9 ? "9+" : String(count);
  show(find("badge"), count > 0);
});
parent.tell("launcher", {
  position,
  x: Number(x),
  y: Number(y),
  running: running !== null,
  open: running?.open === true,
});
measure();
