/* How this reader writes times: their own variant of the page's language ("en-GB" on an English page), else the language itself. */
const lang = document.documentElement.lang || "en";
const base = (tag) => tag.split("-")[0];

export const locale = navigator.languages?.find((tag) => base(tag) === base(lang)) ?? lang;
