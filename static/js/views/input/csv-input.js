/** Number input from CSV: pasted, chosen as a file or dropped on the page. The server reads it; what is not plain opens a dialog. */

import { put } from "../../lib/dom.js";
import { assign, cardScale, intoChannels, isPlain, takenColumns, withoutTarget } from "../../model/columns.js";
import { oneHot } from "../../model/encode.js";
import { createCsvDialog } from "./csv-dialog.js";

/** @import {ReadTable, Table} from "../../server/table.js" */
/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {NumbersInput} from "../../types.d.ts" */

/**
 * @param {Page} page
 * @param {ReadTable | undefined} read undefined if there is no server to read files
 */
export function createCsvInput(page, read) {
  const { root, store, actions, byId, config, listen, signal: ended } = page;
  const file = byId("csv", HTMLInputElement);
  const openDialog = read && createCsvDialog(page, read, fill);
  let gestures = 0;
  /** @type {AbortController | null} */
  let running = null;
  ended.addEventListener("abort", () => running?.abort());

  /** @returns {NumbersInput | null} */
  function numbers() {
    const { input } = store.get().document;
    return input.kind === "numbers" ? input : null;
  }

  /**
   * @param {Blob} content
   * @param {string} name
   */
  async function take(content, name) {
    if (numbers() === null) return advise(content, name);
    if (!read || !openDialog) return fail("There is no server to read the CSV.");
    const { limits } = config;
    if (content.size > limits.table_bytes) return fail(`${name} has more than ${limits.table_bytes / 2 ** 20} MiB, the most that can be read.`);
    running?.abort();
    const { signal } = running = new AbortController();
    const ask = (/** @type {object} */ options) => read(content, options, signal).catch(() => null);
    const found = await ask({});
    if (found === null || numbers() === null) return undefined;
    const { table } = found;
    if (table === null) return fail(`${name}: ${found.error}`);
    const { network, channel } = store.get();
    if (!table.columns.some(isOfNumbers)) return offer(content, name, table);
    const { columns, channels } = takenColumns(assign(table.columns, network, channel));
    const targets = channels.filter((at) => at >= network.inputSize).length;
    if (!isPlain(table, network.inputSize, limits.steps, targets)) return openDialog(content, name, table);
    const answer = await ask({ columns, ...cardScale(network, channels) });
    if (answer === null) return undefined;
    if (answer.taken === null || answer.taken.rows.length < table.rows) return openDialog(content, name, table);
    return fill(answer.taken.rows, channels);
  }

  /**
   * @param {number[][]} rows
   * @param {readonly number[]} channels
   * @returns {boolean} false if the document is refused
   */
  function fill(rows, channels) {
    const input = numbers();
    if (input === null) return false;
    const { network: { inputSize, card } } = store.get();
    const taken = withoutTarget(rows, channels, inputSize, card.target?.ahead ?? 0);
    return actions.replaceInput(intoChannels(input, taken.rows, taken.channels, inputSize), `csv ${gestures}`, undefined, taken.target);
  }

  /**
   * Say what a network that reads no numbers can do with a CSV.
   * @param {Blob} content
   * @param {string} name
   */
  function advise(content, name) {
    const { network: { alphabet }, document: { input } } = store.get();
    if (input.kind !== "text" || alphabet === null) {
      return fail(`${name}: this network reads tokens. Type or paste whole numbers into the field Tokens.`);
    }
    const use = {
      label: "Use Numbers",
      run: () => {
        if (actions.replaceInput(oneHot(input, alphabet), next())) void take(content, name);
      },
    };
    const text = `${name} goes into number input, and this network reads text now. With Numbers, columns can fill the channels of its ${alphabet.length} symbols.`;
    actions.notify({ kind: "info", text, actions: [use] });
    return undefined;
  }

  /**
   * @param {Blob} content
   * @param {string} name
   * @param {Table} table without a column of numbers
   */
  function offer(content, name, table) {
    const wrong = table.columns.find(({ fault }) => fault !== "") ?? table.columns[0];
    const text = `${name} has no column of numbers. “${wrong.name}”: expected a number, got ${wrong.fault || "nothing"}.`;
    actions.notify({ kind: "error", text, actions: [{ label: "Read it differently", run: () => openDialog?.(content, name, table) }] });
  }

  /** The next gesture, so that each CSV is undone on its own. */
  function next() {
    gestures += 1;
    return `csv ${gestures}`;
  }

  /** @param {string} text */
  function fail(text) {
    actions.notify({ kind: "error", text });
  }

  /** @param {File} chosen */
  function takeFile(chosen) {
    next();
    void take(chosen, chosen.name);
  }

  listen(root, "paste", (event) => {
    const text = event.clipboardData?.getData("text/plain");
    const target = /** @type {Element} */ (event.target);
    if (numbers() === null || !text || target.closest("input, textarea, select, dialog")) return;
    event.preventDefault();
    next();
    void take(new Blob([text]), "The pasted text");
  });
  file.addEventListener("change", () => {
    const chosen = file.files?.[0];
    if (chosen) takeFile(chosen);
    file.value = "";
  });

  /** @type {View<{taken: boolean}>} */
  const view = {
    root: byId("csv-button"),
    inputs: (_, { document: { input } }) => ({ taken: input.kind === "numbers" && read !== undefined }),
    render: ({ taken }, button) => put(button, "hidden", !taken),
  };
  return { view, takeFile, openDialog };
}

/** @param {{kind: string}} column */
function isOfNumbers({ kind }) {
  return kind === "number" || kind === "index";
}
