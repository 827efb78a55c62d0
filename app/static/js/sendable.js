/* Half an emoji, as a cut by another program leaves it, and NUL can be stored nowhere. */
export const sendable = (text) => (text.toWellFormed?.() ?? text).replaceAll("\0", "");
