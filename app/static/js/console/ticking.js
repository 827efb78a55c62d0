/* Everything that counts: [data-since] up, [data-until] down, once a second for the whole page. */
import { locale } from "../locale.js";

let offset = 0;

/* The server's clock decides; this page's may be minutes off. */
export const correct = (now) => {
  if (now) offset = Date.parse(now) - Date.now();
};

export const now = () => Date.now() + offset;

const two = (number) => String(number).padStart(2, "0");

export function span(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

const listeners = new Set();
export const eachSecond = (work) => listeners.add(work);

const set = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

export function paint(root = document) {
  for (const element of root.querySelectorAll("[data-since]")) set(element, span(now() - Date.parse(element.dataset.since)));
  for (const element of root.querySelectorAll("[data-until]")) set(element, span(Date.parse(element.dataset.until) - now()));
}

/* Moments in the reader's own zone; the server writes them in UTC. */
const local = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });

export function moments(root = document) {
  for (const element of root.querySelectorAll("time[data-moment]")) set(element, local.format(new Date(element.dateTime)));
}

export function tick() {
  const round = () => {
    paint();
    for (const work of listeners) work();
  };
  round();
  setInterval(round, 1000);
}
