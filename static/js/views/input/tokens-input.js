/** Tokens as numbers in a text field; the strip shows them over the columns, and a click there selects a step. */

import { put } from "../../lib/dom.js";
import { inputLength } from "../../model/document.js";
import { stepAt } from "../../model/timeline.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Input} from "../../types.d.ts" */

/**
 * @param {Page} page
 * @returns {View<{input: Input, vocabulary: number, focused: boolean}>}
 */
export function createTokensInput(page) {
  const { store, actions, byId, sizeOf, timeline } = page;
  const field = byId("tokens", HTMLInputElement);
  const label = byId("tokens-field");
  const strip = byId("strip");

  field.addEventListener("input", () => {
    const { network: { parts }, document: { input } } = store.get();
    if (input.kind !== "tokens") return;
    const read = readTokens(field.value, parts.vocabulary ?? 0);
    field.toggleAttribute("aria-invalid", typeof read === "string");
    if (typeof read === "string") actions.notify({ kind: "error", text: read });
    else if (read.length > 0) actions.replaceInput({ kind: "tokens", tokens: read }, "tokens");
  });
  strip.addEventListener("click", (event) => {
    const { document: { input }, zoom } = store.get();
    if (input.kind !== "tokens") return;
    const line = timeline(sizeOf(strip).width, inputLength(input), zoom);
    actions.select({ t: stepAt(line, event.clientX - strip.getBoundingClientRect().left) });
  });

  return {
    root: label,
    // While the reader types, the field keeps what they wrote.
    inputs: (_, { document: { input }, network }) =>
      ({ input, vocabulary: network.parts.vocabulary ?? 0, focused: document.activeElement === field }),
    render({ input, vocabulary, focused }) {
      put(label, "hidden", input.kind !== "tokens");
      if (input.kind !== "tokens") return;
      put(field, "title", `numbers from 0 to ${vocabulary - 1}, with spaces between them`);
      if (focused) return;
      put(field, "value", input.tokens.join(" "));
      field.removeAttribute("aria-invalid");
    },
  };
}

/**
 * The tokens in a text, or a sentence about the first that is none.
 * @param {string} text
 * @param {number} vocabulary
 * @returns {number[] | string}
 */
export function readTokens(text, vocabulary) {
  const words = text.split(/[\s,;]+/).filter(Boolean);
  const wrong = words.find((word) => !/^\d+$/.test(word) || Number(word) >= vocabulary);
  if (wrong !== undefined) return `Tokens: expected whole numbers from 0 to ${vocabulary - 1}, got “${wrong}”.`;
  return words.map(Number);
}
