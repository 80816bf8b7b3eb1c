/**
 * Tokens in a text field, as words if the vocabulary is known, else as numbers. The strip shows them over the columns, and a click there selects a
 * step.
 */

import { put } from "../../lib/dom.js";
import { inputLength } from "../../model/document.js";
import { runSteps } from "../../model/seq2seq/clock.js";
import { readTokens, writeTokens } from "../../model/tokens.js";
import { stepAt } from "../../model/timeline.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Input, Network} from "../../types.d.ts" */

/** The most words that are offered while one is typed. */
const OFFERED = 40;

/**
 * @param {Page} page
 * @returns {View<{input: Input, network: Network, focused: boolean}>}
 */
export function createTokensInput(page) {
  const { store, actions, byId, sizeOf, timeline } = page;
  const field = byId("tokens", HTMLInputElement);
  const added = byId("token-add", HTMLInputElement);
  const label = byId("tokens-field");
  const strip = byId("strip");

  field.addEventListener("input", () => {
    const { network, document: { input } } = store.get();
    if (input.kind !== "tokens") return;
    const read = readTokens(field.value, network);
    field.toggleAttribute("aria-invalid", typeof read === "string");
    if (typeof read === "string") actions.notify({ kind: "error", text: read });
    else if (read.length > 0) actions.replaceInput({ kind: "tokens", tokens: read }, "tokens");
  });
  added.addEventListener("input", () => {
    const { tokens } = store.get().network;
    const begun = added.value.toLowerCase();
    const found = (tokens ?? []).filter((token) => token.toLowerCase().startsWith(begun)).slice(0, OFFERED);
    byId("token-list").replaceChildren(...found.map((token) => new Option(token, token)));
  });
  added.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || added.value === "") return;
    const { document: { input }, network, selection } = store.get();
    const at = Math.min(selection.t + 1, inputLength(input));
    const read = readTokens(added.value, network);
    if (typeof read === "string") {
      actions.notify({ kind: "error", text: read });
    } else if (actions.splice(at, 0, read)) {
      actions.select({ t: at + read.length - 1 });
      added.value = "";
    }
  });
  strip.addEventListener("click", (event) => {
    const { document: { input }, network, zoom } = store.get();
    if (input.kind !== "tokens") return;
    const line = timeline(sizeOf(strip).width, runSteps({ input }, network.parts), zoom);
    actions.select({ t: stepAt(line, event.clientX - strip.getBoundingClientRect().left) });
  });

  return {
    root: label,
    // While the reader types, the field keeps what they wrote.
    inputs: (_, { document: { input }, network }) => ({ input, network, focused: document.activeElement === field }),
    render({ input, network, focused }) {
      put(label, "hidden", input.kind !== "tokens");
      put(byId("token-add-field"), "hidden", input.kind !== "tokens" || network.tokens === null);
      if (input.kind !== "tokens") return;
      const most = (network.parts.vocabulary ?? 1) - 1;
      const advice = network.tokens === null ? `numbers from 0 to ${most}; drop a vocabulary on the page to type words` : `words of the vocabulary, or #0 to #${most}`;
      put(field, "title", `${advice}, with spaces between them`);
      if (focused) return;
      put(field, "value", writeTokens(input.tokens, network));
      field.removeAttribute("aria-invalid");
    },
  };
}
