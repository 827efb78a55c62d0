/* The button in the corner: says where it stands, whether a chat runs, when it is pressed and how much room it needs. */
import { Parent } from "./frame-messages.js";
import { remembered } from "./resume.js";

const find = (hook) => document.querySelector(`[data-${hook}]`);
const { position, x, y, phones, poc, colours, parent: origin } = document.body.dataset;
const button = find("launcher");
const parent = new Parent(origin);
const running = remembered(poc);
const ROOM = 16; // px beside the button inside the frame: the shadow and the badge
const MOST = 320;
const label = find("label");
const small = button.offsetWidth;
let hovered = false;
let needed = small;

for (const [name, value] of Object.entries(JSON.parse(colours))) document.documentElement.style.setProperty(name, value);

/* The frame grows before the label shows, and shrinks after it is gone: nothing of it is ever cut off. */
function fit() {
  const wanted = hovered || button.matches(":focus-visible");
  needed = small + (wanted ? Math.ceil(label.scrollWidth) + ROOM : 0);
  if (!wanted) delete button.dataset.wide;
  parent.tell("size", { width: Math.min(needed + ROOM, MOST) });
  grown();
}

function grown() {
  if (needed > small && innerWidth >= Math.min(needed + ROOM, MOST)) button.dataset.wide = "";
}

button.addEventListener("click", () => parent.tell("click"));
for (const moment of ["pointerenter", "pointerleave", "focus", "blur"]) {
  button.addEventListener(moment, ({ type }) => {
    if (type.startsWith("pointer")) hovered = type === "pointerenter";
    fit();
  });
}
addEventListener("resize", grown);
parent.addEventListener("focus", () => button.focus());
parent.addEventListener("unread", ({ detail }) => {
  const count = Number(detail.count) || 0;
  find("count").textContent = count > 9 ? "9+" : String(count);
  find("badge").hidden = count === 0;
});
parent.tell("launcher", {
  position,
  x: Number(x),
  y: Number(y),
  running: running !== null,
  open: running?.open === true,
  phones: phones === "1",
  titles: [document.title, find("title").textContent],
});
fit();
