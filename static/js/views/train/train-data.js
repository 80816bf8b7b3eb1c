/** The data of a task that are the reader's own: a text, lines with labels, or a series from a CSV file. */

import { put } from "../../lib/dom.js";

/** @import {Page} from "../../state/page.d.ts" */
/** @import {ReadTable, Taken} from "../../server/table.js" */
/** @import {OpenDialog} from "../input/csv-dialog.js" */
/** @import {TrainingSpec, TrainingTask} from "../../types.d.ts" */

const NAMES = { text: "Your text; its last tenth is kept for scores", labels: "Your lines: a text, a tab, its label" };
/** Bytes of a message besides its data. */
const ENVELOPE = 4096;

const ABOUT = "Every column that is taken becomes an input, and the network says its value some steps later. For the training each is brought to mean 0 and standard deviation 1; the network’s card keeps the units.";

/** What reads a CSV. @typedef {{readTable: ReadTable, openDialog: OpenDialog}} Reader */

/**
 * @param {Page} page
 * @param {Reader | undefined} reader undefined if there is no server to read files
 * @returns {{offer: (task: TrainingTask) => void, given: (task: TrainingTask) => Partial<TrainingSpec["task"]>}}
 */
export function createTrainData({ byId, config: { limits }, actions, signal }, reader) {
  const text = byId("train-text", HTMLTextAreaElement);
  const file = byId("train-file", HTMLInputElement);
  const note = byId("train-data-note");
  const mostBytes = limits.message_bytes - ENVELOPE;
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
    if (chosen.size === 0) say(`${chosen.name} is empty.`);
    else if (offered?.reads_table) await readSeries(chosen);
    else if (chosen.size > mostBytes) say(`${chosen.name} is too long: at most ${kibi(mostBytes)} can be sent from the page. The command gruscope train takes any length.`);
    else {
      text.value = (await chosen.text()).replaceAll("\r\n", "\n");
      say(`${chosen.name}: ${text.value.length} characters.`);
      actions.setTraining({ fault: null });
    }
  }

  /**
   * Ask in the dialog which columns to learn, and how.
   * @param {File} chosen
   */
  async function readSeries(chosen) {
    if (reader === undefined) return say("There is no server to read the CSV.");
    if (chosen.size > limits.table_bytes) return say(`${chosen.name} is too large: at most ${limits.table_bytes / 2 ** 20} MiB are read.`);
    const { table, error } = await reader.readTable(chosen, {}, signal);
    if (table === null) return say(`${chosen.name}: ${error}`);
    return reader.openDialog(chosen, chosen.name, table, { about: ABOUT, take: (found, names) => take(chosen.name, found, names) });
  }

  /**
   * @param {string} name
   * @param {Taken} found
   * @param {string[]} names
   * @returns {string | null} what is wrong with them
   */
  function take(name, { rows, notes }, names) {
    const constant = names.find((_, i) => rows.every((row) => row[i] === rows[0][i]));
    if (constant !== undefined) return `“${constant}” is ${rows[0][names.indexOf(constant)]} in every row, so there is nothing to learn. Leave it out.`;
    const size = JSON.stringify(rows).length;
    if (size > mostBytes) return `These rows are ${kibi(size)}, and at most ${kibi(mostBytes)} can be sent from the page. Take fewer rows or columns, or train with the command gruscope train.`;
    series = { rows, names };
    say([`${name}: ${rows.length} steps of ${names.join(", ")}.`, ...notes].join(" "));
    actions.setTraining({ fault: null });
    return null;
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

/** @param {number} bytes */
function kibi(bytes) {
  return `${Math.floor(bytes / 1024)} KiB`;
}
