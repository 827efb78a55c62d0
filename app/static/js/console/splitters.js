/* The widths of the side columns: dragged, or moved with the arrow keys; kept for the next visit. */
import { choice } from "../resume.js";

const STEP = 16;

function splitter(handle) {
  const name = handle.dataset.splitter;
  const least = Number(handle.getAttribute("aria-valuemin"));
  const most = Number(handle.getAttribute("aria-valuemax"));
  const rtl = () => getComputedStyle(handle).direction === "rtl";
  // The details stand behind their handle: there, towards the start means wider.
  const sign = () => (name === "details" ? -1 : 1) * (rtl() ? -1 : 1);
  const width = () => Number(handle.getAttribute("aria-valuenow"));

  function set(px, keep = true) {
    const value = Math.round(Math.min(most, Math.max(least, px)));
    handle.setAttribute("aria-valuenow", value);
    handle.parentElement.style.setProperty(`--${name}-width`, `${value}px`);
    if (keep) choice(`width-${name}`, value);
  }

  handle.addEventListener("keydown", ({ key }) => {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (way) set(width() + way * sign() * STEP);
  });
  handle.addEventListener("pointerdown", (down) => {
    const start = width();
    handle.setPointerCapture(down.pointerId);
    const move = ({ clientX }) => set(start + (clientX - down.clientX) * sign());
    handle.addEventListener("pointermove", move);
    handle.addEventListener("lostpointercapture", () => handle.removeEventListener("pointermove", move), { once: true });
  });
  const kept = Number(choice(`width-${name}`));
  if (kept) set(kept, false);
}

export const splitters = () => document.querySelectorAll("[data-splitter]").forEach(splitter);
