/** A file of text as input: characters of the network's alphabet, or words of its vocabulary. */

import { visible } from "../../lib/format.js";
import { fitText } from "../../model/encode.js";
import { readTokens } from "../../model/tokens.js";

/** @import {Page} from "../../state/page.d.ts" */

/** The most bytes of a file that are read; far fewer fit into an input. */
const MOST_BYTES = 1 << 20;
const MOST_NAMED = 8;

/**
 * @param {Page} page
 * @returns {(file: File) => Promise<void>}
 */
export function createTextFile({ store, actions, config: { limits }, signal }) {
  return async (file) => {
    const text = (await file.slice(0, MOST_BYTES).text()).replace(/^\uFEFF/, "");
    if (signal.aborted) return;
    const { document: { input } } = store.get();
    if (input.kind === "tokens") takeWords(file.name, text);
    else takeCharacters(file.name, text.replace(/[\r\n]+$/, "").replaceAll("\r\n", "\n"));
  };

  /**
   * @param {string} name
   * @param {string} raw
   */
  function takeCharacters(name, raw) {
    const alphabet = store.get().network.alphabet ?? "";
    const { text, foreign } = fitText(raw, alphabet);
    if (text === "") return fail(`${name} has no character of this network's alphabet: ${Array.from(alphabet, visible).join(" ")}`);
    const left = text.length - limits.steps;
    const notes = [
      ...(foreign.length > 0 ? [`Not in the alphabet, so left out: ${named(foreign)}.`] : []),
      ...(left > 0 ? [`The first ${limits.steps} of ${text.length} characters are taken.`] : []),
    ];
    if (actions.replaceInput({ kind: "text", text: text.slice(0, limits.steps) }, null, { t: 0 })) tell(name, notes);
    return undefined;
  }

  /**
   * @param {string} name
   * @param {string} raw
   */
  function takeWords(name, raw) {
    const { network } = store.get();
    const words = raw.split(/\s+/).filter(Boolean);
    const taken = words.slice(0, limits.steps);
    const known = new Set(network.tokens ?? []);
    const isKnown = (/** @type {string} */ word) => known.has(word) || /^#\d+$/.test(word);
    const foreign = network.tokens === null ? [] : [...new Set(taken.filter((word) => !isKnown(word)))];
    const notes = words.length > taken.length ? [`The first ${taken.length} of ${words.length} words are taken.`] : [];
    if (foreign.length === 0) return accept(name, taken, notes);
    const rest = taken.filter(isKnown);
    const without = { label: "Take it without them", run: () => accept(name, rest, notes) };
    const text = `${name} has words that are not in the vocabulary: ${named(foreign)}.`;
    actions.notify({ kind: "error", text, actions: rest.length > 0 ? [without] : [] });
    return undefined;
  }

  /**
   * @param {string} name
   * @param {readonly string[]} words
   * @param {readonly string[]} notes
   */
  function accept(name, words, notes) {
    const read = readTokens(words.join(" "), store.get().network);
    if (typeof read === "string") fail(`${name}: ${read} Drop a vocabulary on the page to read words.`);
    else if (read.length === 0) fail(`${name} has no words.`);
    else if (actions.replaceInput({ kind: "tokens", tokens: read }, null, { t: 0 })) tell(name, notes);
  }

  /**
   * @param {string} name
   * @param {readonly string[]} notes
   */
  function tell(name, notes) {
    if (notes.length > 0) actions.notify({ kind: "info", text: `${name}: ${notes.join(" ")}` });
  }

  /** @param {string} text */
  function fail(text) {
    actions.notify({ kind: "error", text });
  }
}

/** @param {readonly string[]} found */
function named(found) {
  const more = found.length > MOST_NAMED ? " and others" : "";
  return found.slice(0, MOST_NAMED).map((one) => `‘${one.slice(0, 40)}’`).join(" ") + more;
}

/**
 * Whether a text is a vocabulary: as many lines as the embedding has rows.
 * @param {File} file
 * @param {number | null} rows
 * @param {number} most bytes
 */
export async function isVocabulary(file, rows, most) {
  if (rows === null || file.size > most) return false;
  const text = await file.text();
  return text.replace(/\r?\n$/, "").split(/\r?\n/).length === rows;
}
