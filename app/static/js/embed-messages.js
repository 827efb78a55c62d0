/* What the two frames say to the loader. Only a known frame of the known origin, a page of ours, comes this far. */
import { kept } from "./embed-options.js";
import { CORNERS, SMALL, dressFrame, view } from "./embed-place.js";
import { LIGHT, arrange, entitle, widgets } from "./embed-widget.js";

const RUNNING_ID = "chat-div-wrap"; // pages write its style.zIndex

export const FROM_BUTTON = {
  launcher(widget, { position, x, y, running, open, phones, titles }) {
    if (widget.ready) return;
    clearTimeout(widget.timer);
    widget.corner = CORNERS[position] ?? widget.corner;
    widget.offset = [x, y];
    widget.phones = phones;
    widget.titles = titles;
    [widget.button.firstChild.title] = widget.titles;
    widget.ready = true;
    widget.found = widget.running || running || kept(widget.options.poc);
    widget.mustEnd &&= widget.found;
    const asked = widget.asked && widget.open;
    widget.asked = false;
    // A chat that runs is found again; it opens by itself only where it leaves the page visible.
    if (widget.found) {
      widget.makeChat();
      widget.open ||= open === true && !view().full && !widgets.some((other) => other.open);
    }
    widget.show(asked);
    widget.emit("ready");
  },
  /* The frame grows out of its box, away from its corner: the box itself stays, so that nothing of the page is covered or shifted. */
  size({ button, corner }, { width }) {
    const over = corner[0] === "right" ? width - SMALL : 0;
    dressFrame(button.firstChild, { ...LIGHT, width: `${width}px`, transform: `translateX(${-over}px)` });
  },
  click: (widget) => widget.set(!(widget.open && widget.up)),
};

export const FROM_CHAT = {
  window(widget) {
    const { options, customer, identity, open } = widget;
    const page = location.href.split("#")[0];
    widget.tell(widget.chat, "setup", { params: options.params, token: kept(options.poc), page, open, customer, identity });
    if (open) widget.show(widget.focused);
  },
  /* contact: once the chat stands; before, it is only looked for. */
  running(widget, { running, contact, token }) {
    widget.running = widget.found = running === true;
    if (!widget.running) widget.chat.removeAttribute("id");
    else if (!document.getElementById(RUNNING_ID)) widget.chat.id = RUNNING_ID;
    kept(widget.options.poc, token ?? null);
    widget.stands = Boolean(contact);
    if (widget.stands && widget.mustEnd) widget.end();
    widget.mustEnd &&= widget.running;
    arrange();
  },
  minimise: (widget) => widget.set(false),
  /* Back from a window of its own: to where the eyes are. */
  popped: (widget, { out }) => out || widget.set(true, document.activeElement === document.body),
  unread(widget, { count }) {
    widget.tell(widget.button, "unread", { count });
    widget.emit("unread", { count });
    widget.unread = count;
    entitle();
  },
  event: (widget, { name, detail }) => widget.emit(name, detail),
};
