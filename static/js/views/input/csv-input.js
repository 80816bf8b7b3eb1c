/** Number input from CSV: pasted, chosen as a file or dropped on the page. */

import { parseCsv } from "../../lib/csv.js";
import { put } from "../../lib/dom.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {NetworkSpec, NumbersInput} from "../../types.d.ts" */

/** If a CSV does not have as many columns as the network has inputs, the page offers at most this many of its columns. */
const MOST_COLUMNS = 6;

/**
 * @param {Page} page
 */
export function createCsvInput({ root, store, actions, byId, listen }) {
  const file = byId("csv", HTMLInputElement);

  /** @returns {NumbersInput | null} */
  function numbers() {
    const { input } = store.get().document;
    return input.kind === "numbers" ? input : null;
  }

  /** @param {string} text */
  function takeText(text) {
    try {
      takeRows(parseCsv(text));
    } catch (error) {
      actions.notify({ kind: "error", text: /** @type {Error} */ (error).message });
    }
  }

  /** @param {number[][]} rows */
  function takeRows(rows) {
    const { network, document: doc, channel } = store.get();
    const input = numbers();
    if (input === null) return;
    const width = rows[0].length;
    if (width === network.inputSize) actions.replaceInput({ kind: "numbers", values: rows });
    else if (width === 1) actions.replaceInput({ kind: "numbers", values: intoChannel(input, rows, channel, network.inputSize) });
    else offerColumns(rows, network.inputSize, doc.network);
  }

  /**
   * @param {number[][]} rows
   * @param {number} expected
   * @param {NetworkSpec} network
   */
  function offerColumns(rows, expected, network) {
    const width = rows[0].length;
    const text = `The CSV has ${width} columns; this network takes ${expected}${expected > 1 ? ", or one for the chosen channel" : ""}. Take`;
    const columns = Array.from({ length: Math.min(width, MOST_COLUMNS) }, (_, i) => ({
      label: `column ${i + 1}`,
      run: () => takeRows(rows.map((row) => [row[i]])),
    }));
    const all = network.kind === "random" && network.alphabet == null ? [{
      label: `all ${width}, into a random GRU with ${width} channels`,
      run: () => actions.replaceNetwork({ ...network, input_size: width }, { kind: "numbers", values: rows }),
    }] : [];
    actions.notify({ kind: "error", text, actions: [...columns, ...all] });
  }

  listen(root, "paste", (event) => {
    const text = event.clipboardData?.getData("text/plain");
    const target = /** @type {Element} */ (event.target);
    if (numbers() === null || !text || target.closest("input, textarea, select")) return;
    event.preventDefault();
    takeText(text);
  });
  file.addEventListener("change", async () => {
    const chosen = file.files?.[0];
    if (chosen) takeText(await chosen.text());
    file.value = "";
  });
  /** @param {File} dropped */
  async function takeFile(dropped) {
    if (numbers() !== null) takeText(await dropped.text());
    else actions.notify({ kind: "error", text: "A CSV file goes into number input; choose Numbers first." });
  }

  /** @type {View<{taken: boolean}>} */
  const view = {
    root: byId("csv-button"),
    inputs: (_, { document: { input } }) => ({ taken: input.kind === "numbers" }),
    render: ({ taken }, button) => put(button, "hidden", !taken),
  };
  return { view, takeFile };
}

/**
 * @param {NumbersInput} input
 * @param {number[][]} rows with one value each
 * @param {number} channel
 * @param {number} channels
 */
function intoChannel(input, rows, channel, channels) {
  return rows.map(([value], t) => {
    const row = input.values[t] ?? new Array(channels).fill(0);
    return row.map((old, i) => (i === channel ? value : old));
  });
}
