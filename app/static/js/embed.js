/* Clavardage on a page: icPatronChat, as docs/embedding.md tells it. Nothing is stored before a chat runs; nothing is thrown.
   The parts embed-*.js come along in the same answer (app/customer/loader.py). */
import { optionsOf } from "./embed-options.js";
import { glass, mend } from "./embed-place.js";
import { MARK, Widget, arrange, safely, warn, widgets } from "./embed-widget.js";

let watched = false;

function watch() {
  watched = true;
  const again = safely(arrange);
  addEventListener("message", safely((event) => {
    if (event.data?.mark !== MARK) return;
    for (const widget of [...widgets]) if (event.origin === widget.options.server) widget.hear(event);
  }));
  new ResizeObserver(again).observe(glass);
  for (const type of ["resize", "scroll"]) visualViewport.addEventListener(type, again);
  addEventListener("online", safely(() => widgets.forEach((widget) => widget.chat && widget.makeChat())));
  addEventListener("load", safely(() => widgets.forEach(({ wrapper }) => wrapper && mend(wrapper))));
  const eye = new MutationObserver(safely((records) => {
    const withAll = records.some(({ removedNodes }) => [...removedNodes].some(({ nodeName }) => /^(body|html)$/i.test(nodeName)));
    for (const widget of [...widgets]) widget.lost(withAll);
    eye.observe(document.documentElement, { childList: true });
  }));
  for (const node of [document, document.documentElement]) eye.observe(node, { childList: true });
}

function init(given) {
  const options = optionsOf(given);
  if (typeof options === "string") return warn(options);
  const known = widgets.find(({ options: { poc, server } }) => poc === options.poc && server === options.server);
  if (known) {
    known.options.params = options.params; // a later view of the same page
    return known.handle;
  }
  const widget = main.options ? new Widget() : main;
  widget.options = options;
  if (!watched) watch();
  widgets.push(widget);
  const build = safely(() => widget.build());
  if (document.body) build();
  else addEventListener("DOMContentLoaded", build, { once: true });
  return widget.handle;
}

const main = new Widget();
if (!window[MARK]) {
  window[MARK] = { init: safely(init), setStateWindowToggle: safely(() => main.set(!main.open)), ...main.handle };
}
