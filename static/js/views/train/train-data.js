/** The data of a task that are the reader's own: a text, lines with labels, or a series from a CSV file. */

import { put } from "../../lib/dom.js";

/** @import {Page} from "../../state/page.d.ts" */
/** @import {ReadTable} from "../../server/table.js" */
/** @import {TrainingSpec, TrainingTask} from "../../types.d.ts" */

const NAMES = { text: "Your text; its last tenth is kept for scores", labels: "Your lines: a text, a tab, its label" };
/** Bytes of a message besides its data. */
const ENVELOPE = 4096;

/**
 * @param {Page} page
 * @param {ReadTable | undefined} readTable
 * @returns {{offer: (task: TrainingTask) => void, given: (task: TrainingTask) => Partial<TrainingSpec["task"]>}}
 */
export function createTrainData({ byId, config: { limits }, actions, signal }, readTable) {
  const text = byId("train-text", HTMLTextAreaElement);
  const file = byId("train-file", HTMLInputElement);
  const note = byId("train-data-note");
  /** @type {TrainingTask | null} */
  let offered = null;
  /** @type {{rows: number[][], names: string[]} | null} */
  let series = null;

  file.addEventListener("change", () => {
    const chosen = file.files?.[0];
    file.value = "";
    if (chosen) void read(chosen);
  });

  /** @param {File} chosen */
  async function read(chosen) {
    if (offered?.reads_table) await readSeries(chosen);
    else if (chosen.size > limits.message_bytes - ENVELOPE) say(`${chosen.name} is too long: at most ${Math.floor(limits.message_bytes / 1024)} KiB can be sent from the page. The command gruscope train takes any length.`);
    else {
      text.value = (await chosen.text()).replaceAll("\r\n", "\n");
      say(`${chosen.name}: ${text.value.length} characters.`);
      actions.setTraining({ fault: null });
    }
  }

  /** @param {File} chosen */
  async function readSeries(chosen) {
    if (readTable === undefined || chosen.size > limits.table_bytes) return say(`${chosen.name} is too large: at most ${limits.table_bytes / 2 ** 20} MiB are read.`);
    const { table, error } = await readTable(chosen, {}, signal);
    const columns = (table?.columns ?? []).flatMap(({ kind }, i) => (kind === "number" ? [i] : []));
    if (table === null || columns.length === 0) return say(`${chosen.name}: ${error ?? "has no column of numbers"}`);
    const found = await readTable(chosen, { columns, missing: "interpolate" }, signal);
    if (found.taken === null) return say(`${chosen.name}: ${found.error}`);
    series = { rows: found.taken.rows, names: columns.map((i) => table.columns[i].name) };
    say([`${chosen.name}: ${series.rows.length} steps of ${series.names.join(", ")}.`, ...found.taken.notes].join(" "));
    return actions.setTraining({ fault: null });
  }

  /** @param {string} words */
  function say(words) {
    put(note, "textContent", words);
  }

  return {
    offer(task) {
      offered = task;
      series = null;
      put(byId("train-data"), "hidden", task.needs === null && !task.reads_table);
      put(byId("train-text-field"), "hidden", task.needs === null);
      if (task.needs !== null) put(byId("train-text-name"), "textContent", NAMES[task.needs]);
      put(byId("train-file-name"), "textContent", task.reads_table ? "Open a CSV" : "Open a file");
      put(file, "accept", task.reads_table ? ".csv,.tsv,.txt" : ".txt,.tsv,.md,.csv");
      say(task.reads_table ? "Without a file: the yearly sunspots, 1700–2008." : "");
    },
    given: (task) => (task.needs !== null ? { text: text.value } : task.reads_table && series !== null ? series : {}),
  };
}
