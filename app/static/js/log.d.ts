/** The types and words of log.js: read by editors and people, never loaded by a page. */

import type { Live } from "./live.js";

/**
 * Shows a contact's lines in its log, and subscribes to those behind `data-seq`. Text is text: a line is a clone of
 * `<template data-line=…>` whose `[data-slot]` elements are filled with text nodes, http(s) addresses become links.
 *
 * @param log `[data-log]` with data-contact, data-seq and data-epoch; may hold lines that the server rendered. It
 *   scrolls itself unless it stands in a `[data-scroll]`.
 * @param newLines the words of the chip `[data-new-lines]`, a sibling of what scrolls; its first span gets them
 */
export function attachLog(
  log: HTMLElement,
  live: Live,
  newLines?: (count: number) => string,
): {
  /** Listens no more; the lines stay, and so does the subscription. */
  detach(): void;
};
