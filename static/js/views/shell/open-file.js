/**
 * Opens files that are chosen or dropped anywhere on the page: a model, its card or vocabulary, and input.
 */

import { put } from "../../lib/dom.js";
import { createTextFile, isVocabulary } from "../input/text-file.js";

/** @import {Page} from "../../state/page.d.ts" */
/** @import {Transport} from "../../server/connection.js" */
/** @import {Upload} from "../../server/upload.js" */
/** @import {Card} from "../../types.d.ts" */

const CARD = /\.(json|vocab)$/i;
const TEXT = /\.txt$/i;
const CSV = /\.(csv|tsv)$/i;
// A card and a vocabulary have no matrices; a model in JSON has one near its beginning.
const MATRIX = /\[\s*\[\s*-?\d/;
const BEGINNING = 2 ** 18;

/**
 * @param {Page} page
 * @param {Transport} transport
 * @param {(file: File) => void} takeCsv
 */
export function createOpenFile(page, { upload, readCard }, takeCsv) {
  const { root, store, actions, byId, config, listen, signal: ended } = page;
  const takeText = createTextFile(page);
  const chooser = byId("open-file", HTMLInputElement);
  const allowed = upload !== undefined && config.uploads;
  put(byId("open-button"), "hidden", !allowed);
  /** @type {AbortController | null} */
  let running = null;
  ended.addEventListener("abort", () => running?.abort());

  chooser.addEventListener("change", () => {
    const file = chooser.files?.[0];
    if (file) void take(file);
    chooser.value = "";
  });
  // Listen on the whole page: the browser would leave it to open a file that is dropped elsewhere.
  listen(root, "dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    root.classList.add("dropping");
  });
  listen(root, "dragleave", (event) => {
    if (event.relatedTarget === null) root.classList.remove("dropping");
  });
  listen(root, "drop", (event) => {
    root.classList.remove("dropping");
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    void takeAll(files);
  });

  /**
   * Take a model first, then its card, then the input that they make sense of.
   * @param {readonly File[]} files
   */
  async function takeAll(files) {
    const cards = await Promise.all(files.map(isCard));
    const order = (/** @type {File} */ file) => (cards[files.indexOf(file)] ? 1 : isInput(file.name) ? 2 : 0);
    for (const file of files.toSorted((a, b) => order(a) - order(b))) {
      if (!(await take(file))) return;
    }
  }

  /**
   * @param {File} file
   * @returns {Promise<boolean>} whether the next file makes sense
   */
  async function take(file) {
    if (await isCard(file)) return takeCard(file);
    const { document: { input }, network: { parts } } = store.get();
    if (TEXT.test(file.name) && input.kind !== "numbers") {
      if (input.kind === "tokens" && (await isVocabulary(file, parts.vocabulary, config.limits.table_bytes))) return takeCard(file);
      await takeText(file);
    } else if (isInput(file.name)) takeCsv(file);
    else if (allowed) return send(file, null);
    else fail("This server does not open model files from the page. Start it with the file: gruscope FILE.");
    return false;
  }

  /**
   * Take the network's card, or the vocabulary of its tokens.
   * @param {File} file
   */
  async function takeCard(file) {
    const { document: { network }, network: { card: before } } = store.get();
    if (readCard === undefined) return false;
    if (network.kind !== "file" || !network.digest) {
      fail(`${file.name} describes the network of a file. Open that file first, or drop both together.`);
      return false;
    }
    const found = await readCard(file, network.digest);
    if (ended.aborted) return false;
    if (found.card === null) {
      fail(found.message);
      return false;
    }
    const { card, vocabulary, target, notes } = found;
    if (!actions.giveCard(network.digest, vocabulary ? { ...before, tokens: card.tokens } : card, target)) return false;
    const words = vocabulary ? `${file.name} names ${card.tokens?.length} tokens. They can be typed now.` : `${file.name} describes the network: ${cardWords(card)}.`;
    actions.notify({ kind: "info", text: [words, ...notes].join(" ") });
    return true;
  }

  /**
   * @param {File} file
   * @param {string | null} network
   * @returns {Promise<boolean>} whether it is open
   */
  async function send(file, network) {
    if (file.size > config.limits.file_bytes) {
      fail(`${file.name} has ${mebi(file.size)}; at most ${mebi(config.limits.file_bytes)} can be opened here. Start gruscope with the file instead.`);
      return false;
    }
    running?.abort();
    const mine = running = new AbortController();
    const cancel = { label: "Cancel", run: () => mine.abort() };
    const progress = (/** @type {number} */ share) => {
      if (mine !== running || mine.signal.aborted) return;
      const text = share < 1 ? `Sending ${file.name}: ${Math.round(100 * share)} %` : `Reading ${file.name} …`;
      actions.notify({ kind: "info", text, actions: [cancel] });
    };
    progress(0);
    const found = await /** @type {Upload} */ (upload)(file, { network, progress, signal: mine.signal });
    if (mine !== running || ended.aborted) return false;
    running = null;
    if (found.kind === "cancelled") actions.notify(null);
    else if (found.kind === "failed") fail(found.message);
    else if (found.kind === "opened") actions.openFile(found.example, root.clientWidth);
    else offer(file, found.names);
    return found.kind === "opened";
  }

  /**
   * Offer the networks of a file.
   * @param {File} file
   * @param {string[]} names
   */
  function offer(file, names) {
    const choices = names.map((name) => ({ label: name, run: () => void send(file, name) }));
    actions.notify({ kind: "info", text: `${file.name} has several networks. Open`, actions: choices });
  }

  /** @param {string} text */
  function fail(text) {
    actions.notify({ kind: "error", text });
  }
}

/**
 * Whether a file is a card or a vocabulary by its name, and no model in JSON.
 * @param {File} file
 */
async function isCard(file) {
  return CARD.test(file.name) && !MATRIX.test(await file.slice(0, BEGINNING).text());
}

/** @param {string} name */
function isInput(name) {
  return CSV.test(name) || TEXT.test(name);
}

/**
 * What a card describes.
 * @param {Card} card
 */
function cardWords({ channels, outputs, classes, tokens, alphabet, target }) {
  const parts = [
    channels && counted(channels.length, "input"),
    outputs && counted(outputs.length, "output"),
    classes && counted(classes.length, "class", "classes"),
    tokens && counted(tokens.length, "token"),
    alphabet && `an alphabet of ${alphabet.length} characters`,
    target && "the target",
  ].filter(Boolean);
  return parts.length === 0 ? "its title" : parts.join(", ");
}

/**
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
function counted(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}

/** @param {number} bytes */
function mebi(bytes) {
  return `${(bytes / 2 ** 20).toFixed(bytes < 2 ** 24 ? 1 : 0)} MiB`;
}
