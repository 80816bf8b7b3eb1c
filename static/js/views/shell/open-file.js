/**
 * Opens a model file that is chosen or dropped anywhere on the page. A dropped vocabulary names the tokens, and a CSV goes to the input.
 */

import { put } from "../../lib/dom.js";

/** @import {Page} from "../../state/page.d.ts" */
/** @import {Transport} from "../../server/connection.js" */
/** @import {Upload} from "../../server/upload.js" */

const VOCABULARY = /\.(json|txt|vocab)$/i;
const CSV = /\.(csv|tsv|txt)$/i;

/**
 * @param {Page} page
 * @param {Transport} transport
 * @param {(file: File) => void} takeCsv
 */
export function createOpenFile({ root, store, actions, byId, config, listen, signal: ended }, { upload, readVocabulary }, takeCsv) {
  const chooser = byId("open-file", HTMLInputElement);
  const allowed = upload !== undefined && config.uploads;
  put(byId("open-button"), "hidden", !allowed);
  /** @type {AbortController | null} */
  let running = null;
  ended.addEventListener("abort", () => running?.abort());

  chooser.addEventListener("change", () => {
    const file = chooser.files?.[0];
    if (file) take(file);
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
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    take(file);
  });

  /** @param {File} file */
  function take(file) {
    const isText = VOCABULARY.test(file.name) && store.get().document.input.kind === "tokens";
    if (isText || /\.json$/i.test(file.name)) void nameTokens(file);
    else if (CSV.test(file.name)) takeCsv(file);
    else if (!allowed) fail("This server does not open model files from the page. Start it with the file: gruscope FILE.");
    else void send(file, null);
  }

  /** @param {File} file */
  async function nameTokens(file) {
    if (readVocabulary === undefined) return;
    const { tokens, message } = await readVocabulary(file);
    if (ended.aborted) return;
    if (tokens === null) fail(message ?? `${file.name} cannot be read.`);
    else if (actions.nameTokens(tokens)) actions.notify({ kind: "info", text: `${file.name} names ${tokens.length} tokens. They can be typed now.` });
  }

  /**
   * @param {File} file
   * @param {string | null} network
   */
  async function send(file, network) {
    if (file.size > config.limits.file_bytes) {
      fail(`${file.name} has ${mebi(file.size)}; at most ${mebi(config.limits.file_bytes)} can be opened here. Start gruscope with the file instead.`);
      return;
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
    if (mine !== running || ended.aborted) return;
    running = null;
    if (found.kind === "cancelled") actions.notify(null);
    else if (found.kind === "failed") fail(found.message);
    else if (found.kind === "opened") actions.openFile(found.example, root.clientWidth);
    else offer(file, found.names);
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

/** @param {number} bytes */
function mebi(bytes) {
  return `${(bytes / 2 ** 20).toFixed(bytes < 2 ** 24 ? 1 : 0)} MiB`;
}
