/* Another language: the page is loaded again in it, with everything that its address said; drafts outlive that. */
import { find, say, show } from "./dom.js";
import { reachable } from "./online.js";
import { choice } from "./resume.js";
import { announce } from "./telling.js";

const CHOICE = "language";
const STEPS = /^(Arrow|Page)|^(Home|End)$/;

function addressIn(language) {
  const url = new URL(location.href);
  for (const key of [...url.searchParams.keys()]) if (key.toLowerCase() === "lang") url.searchParams.delete(key);
  url.searchParams.set("lang", language);
  // Loaded again, the page does not know any more where the customer comes from; framed, the page around says so.
  if (window.parent === window && document.referrer && !url.searchParams.has("page_url")) url.searchParams.set("page_url", document.referrer);
  return url;
}

/* True when the page is about to be loaded again, because the customer once chose another language. */
export function inAnotherLanguage() {
  const select = find("language");
  const wanted = choice(CHOICE);
  const asked = new URLSearchParams(location.search).get("lang");
  if (!wanted || wanted === select.value || wanted === asked || ![...select.options].some(({ value }) => value === wanted)) return false;
  location.replace(addressIn(wanted));
  return true;
}

/* before(language): what is to be done first, e.g. tell the server; false when a new page would not find the chat again. */
export function languageMenu(before) {
  const dialog = find("language-dialog");
  const select = find("language");
  const error = find("language-error");
  const shown = select.value;
  let stepping = false; // through the list by keys: not every language on the way is the chosen one

  async function change() {
    const { value } = select;
    if (value === shown) return dialog.close();
    const address = addressIn(value);
    show(error, false);
    const there = await reachable(address);
    if (!dialog.open || select.value !== value) return; // thought better of it
    if (!there) return refuse();
    choice(CHOICE, value);
    if (!(await before(value))) return dialog.close();
    location.replace(address);
  }

  /* The page that is here is worth more than none in another language. */
  function refuse() {
    error.querySelector("span").textContent = say("unreachable");
    show(error, true);
    announce(say("unreachable"));
  }

  find("language-open").addEventListener("click", () => ((stepping = false), dialog.showModal()));
  find("language-close").addEventListener("click", () => dialog.close());
  find("language-form").addEventListener("submit", (event) => (event.preventDefault(), change()));
  dialog.addEventListener("close", () => (select.value = shown));
  select.addEventListener("pointerdown", () => (stepping = false));
  select.addEventListener("keydown", ({ key, altKey }) => {
    stepping = !altKey && key !== " " && (key.length === 1 || STEPS.test(key));
    if (key === "Enter" && select.value !== shown) change();
  });
  select.addEventListener("change", () => stepping || change());
}
