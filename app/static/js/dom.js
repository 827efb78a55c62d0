/* Finding hooks and filling words; the small things every behaviour of the window needs. */
const strings = JSON.parse(document.getElementById("strings")?.textContent || "{}");
const language = document.documentElement.lang || "en";
const numbers = new Intl.NumberFormat(language);
let rules;

export const find = (hook, root = document) => root.querySelector(`[data-${hook}]`);

export const show = (element, visible) => {
  if (element) element.hidden = !visible;
};

/* A word of the page's language; a table of plural forms is chosen by Intl, the number printed the language's way. */
export function say(key, values = {}) {
  let text = strings[key] ?? "";
  if (typeof text === "object") {
    rules ??= new Intl.PluralRules(language);
    text = text[rules.select(values.n)] ?? text.other;
  }
  return text.replace(/\{(\w+)\}/g, (_, name) =>
    typeof values[name] === "number" ? numbers.format(values[name]) : (values[name] ?? ""),
  );
}

export const label = (button, text) => {
  button.setAttribute("aria-label", text);
  button.title = text;
};

export const useIcon = (button, name) => {
  const use = button.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${name}`));
};
