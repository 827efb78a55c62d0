/* Where the button and the window stand on somebody else's page. Styles go through CSSOM only: a page may forbid all others. */
export const CORNERS = { BottomRight: ["right", "bottom"], BottomLeft: ["left", "bottom"], TopRight: ["right", "top"], TopLeft: ["left", "top"] };
export const SMALL = 72; // px, the button's frame without its words; 8 of them on every side are for its shadow and the badge
export const WRAPPER = "ie-div-position-customer-chat";
const PLACED = ["top", "right", "bottom", "left", "width", "height", "radius"];

const BOX = { all: "initial", display: "block", position: "fixed", "z-index": "2147483000", visibility: "var(--seen,hidden)", transform: "var(--move)", "transform-origin": "var(--origin)" };
for (const name of PLACED.slice(0, 6)) BOX[name] = `var(--${name})`;
const RULES = {
  [WRAPPER]: { all: "initial", display: "contents" },
  "button-iframe-wrap": BOX,
  "chat-iframe-wrap": { ...BOX, overflow: "hidden", "border-radius": "var(--radius)", "box-shadow": "0 2px 6px rgba(16,26,36,.16),0 12px 32px rgba(16,26,36,.22)" },
};
export const glass = document.createElement("div"); // unseen; as large as that on which `fixed` hangs
let sheet;

export const write = (element, rules, priority = "") => {
  for (const name in rules) element.style.setProperty(name, rules[name], priority);
};

/* Pages put rules of their own on these classes, so ours are weaker than any class; but stronger than rules for bare elements. */
function adopt() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    const text = (rules) => Object.entries(rules).map((rule) => rule.join(":")).join(";");
    sheet.replaceSync(Object.entries(RULES).map(([name, rules]) => `html div:where(.${name}){${text(rules)}}`).join(""));
  }
  if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/* A page whose sheet wipes out every rule with !important would leave nothing standing: only there ours become important. It is
   known by caption-side, which nobody else touches. Browsers without adopted sheets get the rules on the elements. */
export function mend(wrapper) {
  write(wrapper, { "caption-side": "bottom" });
  const wiped = getComputedStyle(wrapper).captionSide !== "bottom";
  try {
    adopt();
    if (!wiped) return;
  } catch {
    sheet = null;
  }
  for (const element of [wrapper, ...wrapper.children]) write(element, RULES[element.className], wiped ? "important" : "");
}

export function dressFrame(frame, rules) {
  write(frame, { all: "initial", display: "block", width: "100%", height: "100%", border: "0", visibility: "inherit", ...rules }, "important");
}

/* What of the page can be seen, in px of the screen; its distance from the four sides on which `fixed` hangs; how much it is
   magnified. On a phone those sides are measured: a page wider than the screen pushes them out of its layout and of its eye. */
export function view() {
  if (!glass.isConnected) {
    dressFrame(glass, { position: "fixed", top: 0, left: 0, visibility: "hidden" });
    document.querySelector("." + WRAPPER)?.append(glass);
  }
  const { offsetLeft: left, offsetTop: top, width: w, height: h, scale } = visualViewport;
  const [width, height] = [w * scale, h * scale];
  const narrow = width < 480;
  const sides = glass.getBoundingClientRect();
  return { scale, left, top, right: sides.width - left - w, bottom: sides.height - top - h, width, height, narrow, full: narrow || height < 340 };
}

/* Puts a box into a corner of what is seen, in its own size; or where the page's layout has that corner (`still`). Moves with
   transform: a shift of the layout would be counted against the page. */
function put(box, seen, [side, level], rules, still) {
  const scale = still ? 1 : 1 / seen.scale;
  const shift = (name) => {
    const px = seen[name] + rules[name] * (scale - 1);
    return still || Math.abs(px) < 1 ? 0 : name === "left" || name === "top" ? px : -px;
  };
  const [x, y] = [shift(side), shift(level)];
  for (const name of PLACED) write(box, { [`--${name}`]: name in rules ? `${rules[name]}px` : "auto" });
  write(box, { "--origin": `${side} ${level}`, "--move": x || y || scale !== 1 ? `translate(${x}px,${y}px) scale(${scale})` : "none" });
}

/* before: how many buttons stand in this corner already. */
export function placeButton(box, seen, corner, [x, y], before) {
  const rules = { [corner[0]]: Math.max(0, x - 8), [corner[1]]: Math.max(0, y - 8 + before * 68), width: SMALL, height: SMALL };
  put(box, seen, corner, rules);
}

/* Fills small screens down to the keyboard. Who magnifies the page wants to read the chat magnified, too: then it stays as it is;
   a page without a viewport of its own shows everything too small: then it is made larger. */
export function placeChat(box, seen, corner, [x, y]) {
  const { width, height, full } = seen;
  const tall = Math.min(640, height - 40);
  const rules = full
    ? { left: 0, top: 0, width, height, radius: 0 }
    : { [corner[0]]: Math.max(8, Math.min(x, width - 388)), [corner[1]]: Math.min(y, height - 20 - tall), width: 380, height: tall, radius: 12 };
  put(box, seen, full ? CORNERS.TopLeft : corner, rules, seen.scale > 1);
}
