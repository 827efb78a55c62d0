/* The customer's window: which screen is shown when, and who is told. Each behaviour lives in its own module. */
import { Composer } from "./composer.js";
import { Gone, snapshotOf } from "./contact.js";
import { contrast } from "./contrast.js";
import { find, say, show } from "./dom.js";
import { ending } from "./ending.js";
import { Parent } from "./frame-messages.js";
import { Header } from "./header.js";
import { nameOf, paramsOfAddress } from "./params.js";
import { Presence } from "./presence.js";
import { Queue } from "./queue.js";
import { forget, remember, remembered } from "./resume.js";
import { Sound } from "./sound.js";
import { StartForm } from "./start-form.js";
import { textSize } from "./text-size.js";
import { receipt } from "./transcript.js";
import { Typing } from "./typing.js";

const SETUP_MS = 2000; // how long the page that frames us may take to answer
const root = document.getElementById("window");
const { poc } = root.dataset;
const views = { start: "start", waiting: "talk", active: "talk", ended: "ended", error: "error" };

const announce = (text) => {
  find("status").textContent = text;
};
const parent = new Parent(root.dataset.parent);
const presence = new Presence(!parent.present);
const header = new Header();
const queue = new Queue(announce);
const composer = new Composer();
const sound = new Sound();
const typing = new Typing({ tell: (on) => chat?.typing(on), announce });
const dialog = ending(() => chat.end());
let chat = null;
let token = null;
let params = [];
let page = document.referrer;
let state = "loading";

const start = new StartForm({
  poc,
  describe: () => ({ params, locale: document.documentElement.lang, page_url: page }),
});

function enter(next) {
  const entered = next !== state;
  const hadFocus = entered && (composer.focused || root.contains(document.activeElement) || dialog.open);
  state = root.dataset.state = next;
  for (const view of ["start", "talk", "ended", "error"]) show(find(`view=${view}`), views[next] === view);
  // What was said stays readable above the receipt.
  if (next === "ended") show(find("view=talk"), true);
  composer.show(next === "waiting" || next === "active" ? chat.contact : null);
  header.show(next, chat ?? {});
  if (next === "waiting") queue.show(chat.place, chat.waitSeconds);
  else queue.hide();
  if (next !== "active") typing.other(false);
  if (entered && (hadFocus || next === "start") && presence.shown) focus();
}

function focus() {
  if (state === "start") start.focus();
  else if (state === "waiting" || state === "active") composer.focus();
  else find(state === "ended" ? "ended-title" : "error-title")?.focus();
}

function keep(open) {
  const here = remember(poc, { token, open });
  parent.tell("running", { running: true, ...(here ? {} : { token }) });
}

function changed() {
  const before = state;
  if (chat.state === "ended") {
    receipt(chat);
    if (dialog.open) dialog.close();
    banner("");
    if (before === "active" || before === "waiting") {
      sound.play("ended");
      announce(find("end-reason").textContent);
    }
  }
  if (chat.state === "active" && before === "waiting") {
    sound.play("joined");
    announce(say("chatting_with", { name: chat.agent?.name }));
  }
  enter(chat.state);
}

function heard({ detail: line }) {
  if (!line.own && line.kind === "text") typing.other(false);
  if (!line.fresh || line.own || line.kind === "ended") return;
  presence.missed();
  if (line.kind === "text") sound.play("message");
}

function banner(text) {
  const element = find("banner");
  if (find("banner-text").textContent === text && element.hidden === !text) return;
  find("banner-text").textContent = text;
  show(element, text !== "");
}

function status({ detail }) {
  const away = ["reconnecting", "offline"].includes(detail.status) && chat.state !== "ended";
  const was = "reconnecting" in root.dataset;
  if (away) root.dataset.reconnecting = "";
  else delete root.dataset.reconnecting;
  banner(away ? say("reconnecting") : "");
  if (away && !was) announce(say("reconnecting"));
  if (was && detail.status === "online") announce(say("online"));
}

/* The conversation's code is fetched when a chat is about to run, so the window opens sooner. */
const conversation = () => import("./chat.js");

async function run(snapshot) {
  const { Chat } = await conversation();
  chat = new Chat(token, find("log"));
  chat.addEventListener("change", changed);
  chat.addEventListener("line", heard);
  chat.addEventListener("status", status);
  chat.addEventListener("typing", ({ detail }) => typing.other(detail.on, chat.agent?.name));
  show(find("view=talk"), true);
  chat.open(snapshot);
}

function leave() {
  chat?.close();
  chat = token = null;
  forget(poc);
  presence.reset();
  parent.tell("running", { running: false });
  enter("start");
}

/* snapshot: what the start answered; without it the server is asked how the chat stands. */
async function resume(snapshot) {
  keep(presence.shown);
  try {
    await run(snapshot ?? (await snapshotOf(token)));
  } catch (error) {
    if (error instanceof Gone) leave();
    else enter("error");
  }
}

async function boot() {
  parent.tell("window");
  const setup = await parent.wait("setup", SETUP_MS);
  if (setup?.open) presence.shown = true;
  params = setup?.params?.length ? setup.params : paramsOfAddress(location.search);
  page = setup?.page ?? page;
  start.fill(nameOf(params));
  token ??= remembered(poc)?.token ?? setup?.token ?? null;
  if (token) await resume();
  else enter("start");
}

function hidden() {
  presence.shown = false;
  if (chat) keep(false);
}

function minimise() {
  if (!parent.present || !presence.shown) return;
  hidden(); // at once: the next page may already be on its way
  parent.tell("minimise");
}

start.addEventListener("started", ({ detail }) => {
  token = detail.token;
  resume(detail);
});
composer.addEventListener("send", ({ detail }) => chat.send(detail));
composer.addEventListener("typing", ({ detail }) => typing.own(detail));
presence.addEventListener("unread", ({ detail: count }) => {
  header.unread(count);
  parent.tell("unread", { count });
});
parent.addEventListener("shown", ({ detail }) => {
  presence.shown = true;
  if (chat) keep(true);
  if (detail.focus) focus();
});
parent.addEventListener("hidden", hidden);
find("start").addEventListener("input", () => conversation().catch(() => null), { once: true });
find("new-chat").addEventListener("click", leave);
find("reload").addEventListener("click", boot);
find("minimise")?.addEventListener("click", minimise);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !dialog.open && !event.isComposing) minimise();
});
show(find("tools"), true); // without this script they would do nothing
textSize();
contrast();
boot();
