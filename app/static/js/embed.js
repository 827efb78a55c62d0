/* Clavardage on a page: icPatronChat.init({serverHost, bus_no, poc, params}) and icPatronChat.setStateWindowToggle().
   Styles go through CSSOM only (a page may forbid style attributes); nothing is stored before a chat runs; nothing is thrown. */
(() => {
  "use strict";
  const MARK = "icPatronChat";
  if (window[MARK]) return;

  const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
  const CORNERS = { BottomRight: ["right", "bottom"], BottomLeft: ["left", "bottom"], TopRight: ["right", "top"], TopLeft: ["left", "top"] };
  const ROOM = 8; // px round the button inside its frame, for its shadow and the badge
  const PATIENCE_MS = 15000;
  let options, wrapper, button, chat, opener, timer;
  let corner = CORNERS.BottomRight;
  let offset = [20, 20];
  let ready = false;
  let open = false;
  let warned = false;

  const warn = (code) => {
    if (!warned) console.warn(`icPatronChat: ${code}`);
    warned = true;
  };
  const safely = (action) => (...values) => {
    try {
      action(...values);
    } catch {
      warn("internal");
    }
  };
  const style = (element, rules) => {
    for (const name in rules) element.style.setProperty(name, rules[name]);
  };
  /* Only to frames that have spoken: before, they still show the page's own origin and the browser complains. */
  const spoken = new WeakSet();
  const tell = (frame, type, detail) => {
    const to = frame?.firstChild.contentWindow;
    if (to && spoken.has(to)) to.postMessage({ ...detail, mark: MARK, type }, options.server);
  };

  /* Where a frame's storage may not be touched, the page keeps the token for the tab. */
  const kept = (token) => {
    const key = `${MARK}:${options.poc}`;
    try {
      if (token === undefined) return sessionStorage.getItem(key);
      if (token) sessionStorage.setItem(key, token);
      else if (sessionStorage.getItem(key)) sessionStorage.removeItem(key);
    } catch {
      return null;
    }
  };

  function serverOf(host) {
    let text = String(host ?? "").trim();
    if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) text = `https://${text.replace(/^\/+/, "")}`;
    const url = new URL(text);
    if (location.protocol === "https:") url.protocol = "https:";
    if (!/^https?:$/.test(url.protocol)) throw new Error("scheme");
    return url.origin;
  }

  function param(item) {
    const pair = item !== null && typeof item === "object";
    const value = String((pair ? item.value : item) ?? "");
    return { name: pair ? String(item.name ?? "").slice(0, 80) : "", value: value.slice(0, 1000), cut: value.length > 1000 };
  }

  function read({ serverHost, bus_no: bus, poc, params } = {}) {
    const read = { poc: String(poc ?? "").trim().toLowerCase(), bus: String(bus ?? "").trim() };
    try {
      read.server = serverOf(serverHost);
    } catch {
      return warn("serverHost");
    }
    if (!GUID.test(read.poc)) return warn("poc");
    if (!/^\d*$/.test(read.bus)) return warn("bus_no");
    if (location.origin === "null") return warn("origin");
    read.params = Array.isArray(params) ? Array.from(params.slice(0, 9), param) : [];
    return read;
  }

  function frameIn(className, page, title, rules) {
    const box = document.createElement("div");
    const frame = document.createElement("iframe");
    const query = { poc: options.poc, bu: options.bus, frame: 1, from: location.origin };
    box.className = className;
    style(box, { all: "initial", position: "fixed", "z-index": "2147483000", ...rules });
    style(frame, { all: "initial", display: "block", width: "100%", height: "100%", border: "0", visibility: "inherit" });
    frame.title = title;
    frame.allow = "autoplay";
    frame.src = `${options.server}/inContact/ChatClient/${page}?${new URLSearchParams(query)}`;
    box.append(frame);
    wrapper.append(box);
    return box;
  }

  function build() {
    wrapper = document.createElement("div");
    wrapper.className = "ie-div-position-customer-chat";
    document.body.append(wrapper);
    button = frameIn("button-iframe-wrap", "launcher.html", "Chat", { display: "block", width: "72px", height: "72px", visibility: "hidden" });
    // A see-through frame needs the same colour scheme on both sides, or the browser paints it opaque.
    style(button.firstChild, { "color-scheme": "light" });
    addEventListener("message", safely(hear));
    timer = setTimeout(warn, PATIENCE_MS, "no_answer");
  }

  function place() {
    const [x, y] = offset;
    style(button, { [corner[0]]: `${Math.max(0, x - ROOM)}px`, [corner[1]]: `${Math.max(0, y - ROOM)}px` });
  }

  function fit() {
    const [x, y] = offset;
    const full = matchMedia("(max-width: 479px)").matches;
    style(chat, {
      [corner[0]]: full ? "0" : `max(8px, min(${x}px, 100vw - 388px))`,
      [corner[1]]: full ? "0" : `${y}px`,
      width: full ? "100%" : "380px",
      height: full ? "100%" : `min(640px, 100vh - ${y + 20}px)`,
      "border-radius": full ? "0" : "12px",
    });
  }

  function makeChat() {
    chat = frameIn("chat-iframe-wrap", "ChatClient.aspx", "Chat", {
      display: "block",
      overflow: "hidden",
      visibility: "hidden",
      "box-shadow": "0 2px 6px rgba(16,26,36,.16), 0 12px 32px rgba(16,26,36,.22)",
    });
    style(chat.firstChild, { "color-scheme": "light dark" });
    fit();
    matchMedia("(max-width: 479px)").addEventListener("change", safely(fit));
  }

  function show(focus) {
    if (open && !chat) makeChat();
    if (chat) style(chat, { visibility: open ? "visible" : "hidden" });
    style(button, { visibility: open ? "hidden" : "visible" });
    tell(chat, open ? "shown" : "hidden", { focus });
    if (!focus) return;
    if (open) chat.firstChild.focus();
    else if (opener?.isConnected) opener.focus();
    else {
      button.firstChild.focus();
      tell(button, "focus");
    }
  }

  function toggle() {
    open = !open;
    if (!ready) return; // remembered, done when the button stands
    const active = document.activeElement;
    if (open) opener = active && active !== document.body && !wrapper.contains(active) ? active : null;
    show(true);
  }

  function remove(code) {
    warn(code);
    clearTimeout(timer);
    wrapper.remove();
    ready = false;
  }

  const fromButton = {
    launcher({ position, x, y, running, open: wasOpen }) {
      if (ready) return;
      corner = CORNERS[position] ?? corner;
      offset = [x, y].map((value) => Math.min(200, Math.max(0, Number(value) || 0)));
      clearTimeout(timer);
      place();
      ready = true;
      const asked = open;
      // A chat that runs is found again; it opens by itself only where it leaves the page visible.
      if (running || kept()) {
        makeChat();
        open ||= wasOpen === true && !matchMedia("(max-width: 479px)").matches;
      }
      show(asked);
    },
    size({ width, height }) {
      style(button, { width: `${Math.min(320, Number(width) || 72)}px`, height: `${Math.min(96, Number(height) || 72)}px` });
    },
    click: toggle,
    refused: ({ code }) => remove(String(code)),
  };

  const fromChat = {
    window() {
      tell(chat, "setup", { params: options.params, token: kept(), page: location.href.split("#")[0].slice(0, 1000), open });
    },
    running({ running, token }) {
      if (running) chat.id = "chat-div-wrap";
      else chat.removeAttribute("id");
      kept(running && typeof token === "string" ? token : null);
    },
    minimise: () => open && toggle(),
    unread: ({ count }) => tell(button, "unread", { count: Number(count) || 0 }),
    refused: ({ code }) => warn(String(code)),
  };

  function hear({ source, origin, data }) {
    if (origin !== options.server || data?.mark !== MARK) return;
    spoken.add(source);
    const words = source === button.firstChild.contentWindow ? fromButton : chat && source === chat.firstChild.contentWindow ? fromChat : {};
    if (Object.hasOwn(words, data.type)) words[data.type](data);
  }

  window[MARK] = {
    init: safely((given) => {
      if (options) return;
      options = read(given);
      if (!options) return;
      if (document.body) build();
      else addEventListener("DOMContentLoaded", safely(build));
    }),
    setStateWindowToggle: safely(toggle),
  };
})();
