/* Web addresses in plain text become links: built as nodes, never as markup, in one pass over the text. */

// Nothing that turns the writing direction, and none of the marks that close an address in Chinese or Japanese.
const ADDRESSES = /https?:\/\/[^\s<>"'\u200e\u200f\u202a-\u202e\u2066-\u2069\u3001-\u3003\u3008-\u3011\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f]+/gi;
const CLOSING = ".,;:!?…*»”’";
const BRACKETS = { ")": "(", "]": "[", "}": "{" };

const countOf = (text, sign) => text.split(sign).length - 1;

/* Without the punctuation of the sentence round it; a closing bracket stays when it was opened inside. */
function trimmed(found) {
  const left = {}; // how many of each closing bracket have no partner
  for (const [close, open] of Object.entries(BRACKETS)) left[close] = countOf(found, close) - countOf(found, open);
  let end = found.length;
  for (; end; end--) {
    const last = found[end - 1];
    if (CLOSING.includes(last)) continue;
    if (!(left[last] > 0)) break;
    left[last]--;
  }
  return found.slice(0, end);
}

function anchor(href) {
  const a = document.createElement("a");
  // Its own direction: what was written before it cannot turn its letters round.
  return Object.assign(a, { href, textContent: href, rel: "noopener noreferrer", target: "_blank", dir: "ltr" });
}

/* The text as nodes and strings, for replaceChildren. */
export function linkified(text) {
  const nodes = [];
  let done = 0;
  for (const { 0: found, index } of text.matchAll(ADDRESSES)) {
    const url = trimmed(found);
    if (!URL.canParse(url)) continue;
    nodes.push(text.slice(done, index), anchor(url));
    done = index + url.length;
  }
  return [...nodes, text.slice(done)];
}
