/* The customer's window: which screen is shown when, and who is told. Each behaviour lives in its own module. */
import { Composer } from "./composer.js";
import { Gone, snapshotOf } from "./contact.js";
import { contrast } from "./contrast.js";
import { find, say, show } from "./dom.js";
import { Entrance } from "./entrance.js";
import { Parent } from "./frame-messages.js";
import { Header } from "./header.js";
import { inAnotherLanguage, languageMenu } from "./languages.js";
import { Places } from "./places.js";
import { Presence } from "./presence.js";
import { Sound } from "./sound.js";
import { announce, banner, link, warn } from "./telling.js";
import { textSize } from "./text-size.js";
import { Typing } from "./typing.js";
import { Visit } from "./visit.js";

const SETUP_MS = 2000; // how long the page that frames us may take to answer
const AGAIN_MS = 5000; // after which a server that could not be reached is asked again
const root = document.getElementById("window");
const { poc } = root.dataset;
const views = { start: "start", closed: "closed", waiting: "talk", active: "talk", ending: "ended", ended: "ended", error: "error", elsewhere: "elsewhere" };

const parent = new Parent(root.dataset.parent);
const presence = new Presence(!parent.present);
const header = new Header();
const composer = new Composer();
const sound = new Sound(poc);
const typing = new Typing({ tell: (on) => chat?.typing(on), announce });
const visit = new Visit(poc);
const places = new Places({ visit, composer, chat: () => chat });
const entrance = new Entrance({ poc, visit });
languageMenu(async (language) => (await chat?.speak(language), !chat || parent.present || visit.keep(presence.shown)));
let chat = null;
let [ending, queue, receipt] = [null, null, null]; // there once a chat runs
let state = "loading";
let turns = 0; // of bringing a chat here

function enter(next) {
  const entered = next !== state;
  const hadFocus = entered && (composer.focused || root.contains(document.activeElement) || ending?.asking);
  state = root.dataset.state = next;
  const shown = views[next];
  for (const view of new Set(Object.values(views))) show(find(`view=${view}`), view === shown);
  // What was said stays readable above the receipt.
  if (shown === "ended") show(find("view=talk"), true);
  composer.show(next === "ending" || shown === "talk" ? chat.contact : null, shown === "talk"); // an end may be taken back
  show(find("next"), next === "ended");
  header.show(next, chat ?? {});
  places.buttons(shown === "talk");
  receipt?.offer(next === "active");
  if (next === "waiting") queue.show(chat.place, chat.facts);
  else queue?.hide();
  if (next !== "active") typing.other(false);
  if (entered && shown === "ended") receipt.reveal();
  if (entered && (hadFocus || next === entrance.state) && presence.shown) focus();
}

function focus() {
  if (state === entrance.state) entrance.focus();
  else if (views[state] === "talk") composer.focus();
  else find(`${views[state]}-title`)?.focus({ preventScroll: true });
}

function keep(open) {
  const here = visit.keep(open, chat?.contact, chat?.state === "ended");
  parent.tell("running", { running: true, contact: chat?.contact, ...(here ? {} : { token: visit.note(chat?.contact) }) });
}

/* To whoever listens on the page that frames us; never what was written. */
function event(name, detail) {
  const told = { name, detail: { contact: chat.contact, ...detail } };
  if (!places.pass(told)) parent.tell("event", told);
}

function changed() {
  const [before, text] = [state, composer.text];
  receipt.show(chat);
  ending.show(chat);
  enter(chat.state);
  if (chat.state === "ended" && views[before] && before !== "ended") over(before, text);
  if (chat.state === "active" && before === "waiting") {
    sound.play("joined");
    announce(say("chatting_with", { name: chat.agent?.name }));
  }
}

function over(before, text) {
  banner("");
  if (!["waiting", "active", "ending"].includes(before)) return;
  chat.lose(text);
  if (chat.ender !== "customer") sound.play("ended");
  announce(before === "ending" ? say("has_ended") : receipt.words);
  event("ended", { by: chat.ender });
}

function heard({ detail: line }) {
  if (!line.own && line.kind === "text") typing.other(false);
  if (!line.fresh && views[state] === "ended") receipt.reveal();
  presence.heard(line, !line.own && line.data?.by !== "customer");
  if (!line.fresh || line.kind === "ended") return;
  if (line.kind === "joined") event("joined");
  if (line.kind === "text") event("message", { by: line.by });
  if (!line.own && line.kind === "text") sound.play("message");
}

/* The conversation's code is fetched when a chat is about to run, so the window opens sooner. */
const conversation = () => import("./chat.js");

function run(snapshot, { Chat, companions }) {
  ending ??= new companions.Ending(announce);
  queue ??= new companions.Queue(announce);
  receipt ??= new companions.Receipt(announce);
  chat = new Chat(visit.token, find("log"));
  chat.addEventListener("change", changed);
  chat.addEventListener("line", heard);
  chat.addEventListener("status", ({ detail }) => link(root, detail.status, chat.state === "ended"));
  chat.addEventListener("unsent", () => places.mirror());
  chat.addEventListener("gone", lost);
  chat.addEventListener("typing", ({ detail }) => typing.other(detail.on, chat.agent?.name));
  show(find("view=talk"), true);
  chat.open(snapshot);
  places.unpack();
  presence.begin(visit.seen, snapshot.seq ?? 0); // tells what is seen: so it is kept, and the other windows know
}

function leave() {
  stop();
  visit.forget();
  entrance.show();
  places.release();
  places.mirror();
  parent.tell("running", { running: false });
  enter(entrance.state);
}

function stop() {
  turns += 1;
  chat?.close();
  ending?.stop();
  chat = null;
  presence.reset();
  delete root.dataset.reconnecting;
  banner("");
}

/* The token leads nowhere: a fresh start, which takes along what was written and not sent. */
function lost() {
  const words = places.words();
  leave();
  for (const text of words) entrance.add(text);
  places.mirror();
  if (!visit.stored) parent.tell("running", { running: false, token: visit.note() });
  warn(say("lost"));
}

/* snapshot: what the start answered; without it the server is asked how the chat stands. Of several at once the last one runs,
   and none when the chat was taken away meanwhile. */
async function resume(snapshot, steal = Boolean(snapshot)) {
  if (!(await places.hold(steal)) || chat) return;
  const turn = (turns += 1);
  keep(presence.shown);
  banner("");
  try {
    const [facts, code] = await Promise.all([snapshot ?? snapshotOf(visit.token), conversation()]);
    if (turn === turns) run(facts, code);
  } catch (error) {
    if (turn !== turns) return;
    if (error instanceof Gone) lost();
    else {
      enter("error");
      setTimeout(() => turn === turns && again(), AGAIN_MS); // nobody should have to press a button for that
    }
  }
}

async function boot() {
  parent.tell("window");
  const setup = await parent.wait("setup", SETUP_MS);
  if (setup?.open) presence.shown = true;
  visit.carried ??= await places.parcel();
  visit.settle(visit.carried ?? setup ?? {});
  visit.token ??= visit.carried?.token ?? visit.record?.token ?? visit.noted(setup?.token) ?? null;
  entrance.know(visit.params, setup?.customer);
  if (visit.token) await resume();
  else enter(entrance.state);
}

/* Another tab of this customer started a chat, or left it. */
function others() {
  const token = visit.record?.token ?? null;
  if (state === entrance.state && token) {
    visit.token = token;
    resume();
  } else if (state === "elsewhere" && !token) enter(entrance.state);
}

function hidden() {
  presence.shown = false;
  if (chat) keep(false);
}

const again = () => state === "error" && resume();

function minimise() {
  if (!parent.present || !presence.shown) return;
  hidden(); // at once: the next page may already be on its way
  parent.tell("minimise");
}

entrance.addEventListener("started", async ({ detail }) => {
  visit.token = detail.token;
  await resume(detail);
  if (chat) event("started");
});
entrance.addEventListener("open", () => state === "closed" && (enter("start"), announce(say("open_now"))));
composer.addEventListener("send", ({ detail }) => chat.send(detail));
composer.addEventListener("typing", ({ detail }) => (typing.own(detail), places.mirror(), visit.stored || keep(presence.shown)));
presence.addEventListener("unread", ({ detail: count }) => (header.unread(count), parent.tell("unread", { count })));
presence.addEventListener("seen", ({ detail }) => ((visit.seen = detail), keep(presence.shown), places.mirror()));
parent.addEventListener("shown", ({ detail }) => {
  presence.shown = true;
  if (chat) keep(true);
  else places.look();
  if (detail.focus) focus();
});
parent.addEventListener("hidden", hidden);
parent.addEventListener("end", () => chat?.end().catch(() => announce(say("end_failed"))));
parent.addEventListener("customer", ({ detail }) => (visit.settle({ identity: detail.identity }), entrance.fill(detail.details)));
places.addEventListener("rest", () => (stop(), enter("elsewhere")));
places.addEventListener("resume", ({ detail }) => resume(undefined, detail.steal));
places.addEventListener("left", leave);
places.addEventListener("popped", ({ detail }) => parent.tell("popped", detail));
places.addEventListener("told", ({ detail }) => parent.tell("event", detail));
places.addEventListener("blocked", () => warn(say("window_blocked")));
places.addEventListener("others", others);
find("end-ask").addEventListener("click", () => ending.ask());
find("start").addEventListener("input", () => conversation().catch(() => null), { once: true });
find("new-chat").addEventListener("click", leave);
addEventListener("online", again);
find("reload").addEventListener("click", boot);
find("minimise")?.addEventListener("click", minimise);
document.addEventListener("keydown", ({ key, isComposing }) => {
  if (key === "Escape" && !document.querySelector("dialog[open]") && !isComposing) minimise();
});
show(find("tools"), true); // without this script they would do nothing
textSize();
contrast();
if (!inAnotherLanguage()) boot();
