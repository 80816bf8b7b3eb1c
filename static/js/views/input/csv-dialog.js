/** The dialog of a CSV: how to read it, which columns fill which channels, and what to do with the numbers. Every change shows its result. */

import { integerOf, make, numberOf, put } from "../../lib/dom.js";
import { inputName } from "../../lib/format.js";
import { outputName } from "../../model/card/card.js";
import { allow } from "../../lib/controls/focus-restore.js";
import { assign, cardScale, reassign, takenColumns, takesTarget } from "../../model/columns.js";

/** @import {Column, Format, ReadTable, Table, TableAnswer, TableOptions, Taken} from "../../server/table.js" */
/** @import {Page} from "../../state/page.d.ts" */
/** @import {Network} from "../../types.d.ts" */

/** Columns beyond these are taken if they are assigned, but not shown. */
const MOST_SHOWN = 40;
const KINDS = { number: "numbers", index: "counts the rows", date: "dates", text: "text" };
const LARGEST_ROW = 2 ** 31 - 1;
const LARGEST_DIVISOR = 1e300;

/**
 * Another use of the rows than as input: which columns are taken matters then, and not which channels they fill. It returns what is wrong with the rows, null if nothing.
 * @typedef {{about: string, take: (rows: Taken, names: string[]) => string | null}} Use
 *
 * @typedef {{content: Blob, table: Table, format: Format, assignment: (number | null)[], stop: AbortController, use: Use | null}} Session
 * @typedef {(content: Blob, name: string, table: Table, use?: Use | null) => void} OpenDialog
 */

/**
 * @param {Page} page
 * @param {ReadTable} read
 * @param {(rows: number[][], channels: readonly number[]) => boolean} fill
 * @returns {OpenDialog}
 */
export function createCsvDialog({ store, actions, config, byId, signal: ended }, read, fill) {
  const dialog = byId("csv-dialog", HTMLDialogElement);
  const take = byId("csv-take", HTMLButtonElement);
  const status = byId("csv-status");
  const header = byId("csv-header", HTMLInputElement);
  const select = (/** @type {string} */ id) => byId(`csv-${id}`, HTMLSelectElement);
  const field = (/** @type {string} */ id) => byId(`csv-${id}`, HTMLInputElement);
  /** @type {Session | null} */
  let session = null;
  /** @type {Taken | null} what the button takes */
  let taken = null;
  /** A change while the server reads is asked for afterwards, so there is one request at a time. */
  let asking = false;
  let changed = false;

  ended.addEventListener("abort", () => session?.stop.abort());
  dialog.addEventListener("close", () => {
    if (dialog.open) return; // the event of an earlier showing, which a browser sends as late as the next frame
    session?.stop.abort();
    session = null;
  });
  // The page's keys would undo and play behind the dialog.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  for (const id of ["close", "cancel"]) byId(`csv-${id}`).addEventListener("click", () => dialog.close());
  select("delimiter").addEventListener("change", () => reread({ delimiter: select("delimiter").value }));
  select("decimal").addEventListener("change", () => reread({ ...session?.format, decimal: select("decimal").value }));
  header.addEventListener("change", () => reread({ ...session?.format, header: header.checked }));
  for (const id of ["missing", "scale", "by", "start", "count"]) byId(`csv-${id}`).addEventListener("input", ask);
  select("target").addEventListener("change", () => {
    if (session === null) return;
    const { table: { columns } } = session;
    session.assignment = defaults(columns);
    showChannels(session);
    ask();
  });
  byId("csv-channels").addEventListener("change", ({ target }) => {
    if (session === null || !(target instanceof HTMLSelectElement)) return;
    const column = Number(target.dataset.column);
    const channel = target.value === "" ? null : Number(target.value);
    session.assignment = isNew() ? session.assignment.map((old, i) => (i === column ? channel : old)) : reassign(session.assignment, column, channel);
    showChoices(session);
    ask();
  });
  take.addEventListener("click", () => {
    if (session === null || taken === null) return;
    const fault = use(session, taken);
    if (fault === null) dialog.close();
    else say(fault, true);
  });

  /**
   * @param {Session} mine
   * @param {Taken} found
   * @returns {string | null} what is wrong with them
   */
  function use({ use: other, assignment, table }, found) {
    const { columns, channels } = takenColumns(assignment);
    if (other !== null) return other.take(found, columns.map((i) => table.columns[i].name));
    return (isNew() ? fillNew(found.rows) : fill(found.rows, channels)) ? null : store.get().notice?.text ?? "";
  }

  /** Whether the columns become the channels, instead of filling those of the network. */
  function isNew() {
    return session?.use != null || select("target").value === "new";
  }

  /** @param {readonly Column[]} columns */
  function defaults(columns) {
    if (isNew()) return columns.map(({ kind }) => (kind === "number" ? 0 : null));
    const { network, channel } = store.get();
    return assign(columns, network, channel);
  }

  /** @param {number[][]} rows */
  function fillNew(rows) {
    const { network } = store.get().document;
    return network.kind === "random" && actions.replaceNetwork({ ...network, input_size: rows[0].length }, { kind: "numbers", values: rows });
  }

  /**
   * @param {Blob} content
   * @param {string} name
   * @param {Table} table
   * @param {Use | null} [use]
   */
  function open(content, name, table, use = null) {
    session?.stop.abort();
    session = { content, table, format: {}, assignment: [], stop: new AbortController(), use };
    put(byId("csv-about"), "textContent", use?.about ?? "");
    put(byId("csv-title"), "textContent", `Numbers from ${name === "The pasted text" ? "the pasted text" : name}`);
    const { document: { network }, network: { card, inputSize } } = store.get();
    const every = Array.from({ length: inputSize + (card.outputs?.length ?? 0) }, (_, i) => i);
    const scaled = use === null ? cardScale({ card, inputSize }, every).scale ?? "none" : "none";
    put(byId("csv-scale-card"), "hidden", scaled === "none");
    for (const [id, value] of [["missing", use === null ? "skip" : "interpolate"], ["scale", scaled], ["target", "same"]]) select(id).value = value;
    for (const [id, value] of [["start", "1"], ["count", ""], ["by", "100"]]) field(id).value = value;
    put(byId("csv-target-field"), "hidden", use !== null || network.kind !== "random" || network.alphabet != null);
    showTable(session);
    if (!dialog.open) dialog.showModal();
    ask();
  }

  /** @param {Format} format */
  function reread(format) {
    if (session === null) return;
    session.format = format;
    session.table = { ...session.table, columns: [] }; // its columns are unknown until the answer
    ask();
  }

  /** Ask for the rows with the present choices, and first for the columns if the file is read differently. */
  async function ask() {
    put(byId("csv-by-field"), "hidden", select("scale").value !== "divide");
    renderTake(null);
    changed = true;
    if (asking) return;
    asking = true;
    while (changed && session !== null) {
      changed = false;
      await answer(session);
    }
    asking = false;
  }

  /** @param {Session} mine */
  async function answer(mine) {
    const { content, format, table, stop } = mine;
    const options = table.columns.length === 0 ? format : choice(mine);
    if (options === null) return;
    const found = await read(content, options, stop.signal).catch(() => null);
    if (found === null || session !== mine || mine.format !== format) return;
    if (table.columns.length > 0) {
      if (!changed) showAnswer(found); // else it answers an older choice
    } else if (found.table === null) say(found.error ?? "", true);
    else {
      mine.table = found.table;
      showTable(mine);
      changed = true; // the rows are next
    }
  }

  /**
   * @param {Session} mine
   * @returns {TableOptions | null} null if a field is wrong, which is then said
   */
  function choice({ assignment, table: { delimiter, decimal, header: named } }) {
    const { columns, channels } = takenColumns(assignment);
    const { network } = store.get();
    const start = integerOf(field("start"), 1, LARGEST_ROW);
    const count = field("count").value === "" ? config.limits.steps : integerOf(field("count"), 1, LARGEST_ROW);
    if (field("count").value === "") field("count").removeAttribute("aria-invalid");
    const scale = select("scale").value;
    const by = scale === "divide" ? numberOf(field("by"), -LARGEST_DIVISOR, LARGEST_DIVISOR) : 1;
    const targets = isNew() ? 0 : channels.filter((at) => at >= network.inputSize).length;
    if (columns.length === targets) return wrong(isNew() ? "Take at least one column of numbers." : "Choose a channel for at least one column.");
    if (targets > 0 && targets < (network.parts.readout?.output_size ?? 0)) return wrong("Choose a target for every output, or for none.");
    if (start === null || count === null) return wrong("First row and Rows: expected whole numbers from 1 on.");
    if (by === null || by === 0) return wrong("Divisor: expected a number other than 0.");
    const missing = select("missing").value;
    const scaling = scale === "card" ? { scale: "none", ...cardScale(network, channels) } : { scale };
    return { delimiter, decimal, header: named, columns, missing, ...scaling, by, start: start - 1, count };
  }

  /**
   * @param {string} text
   * @returns {null}
   */
  function wrong(text) {
    say(text, true);
    return null;
  }

  /** @param {TableAnswer} found */
  function showAnswer({ taken: rows, error }) {
    if (rows === null) {
      say(error ?? "", true);
      return;
    }
    put(field("count"), "placeholder", String(rows.rows.length));
    say([`${counted(rows.rows.length, "row")} of ${counted(rows.rows[0].length, "column")}.`, ...rows.notes].join(" "), false);
    renderTake(rows);
  }

  /** @param {Taken | null} rows */
  function renderTake(rows) {
    taken = rows;
    allow(take, rows !== null);
    if (rows !== null) put(take, "textContent", `Take ${counted(rows.rows.length, "row")}`);
  }

  /**
   * @param {string} text
   * @param {boolean} fault
   */
  function say(text, fault) {
    status.classList.toggle("fault", fault);
    put(status, "textContent", text);
  }

  /** @param {Session} mine */
  function showTable(mine) {
    const { table } = mine;
    select("delimiter").value = table.delimiter;
    select("decimal").value = table.decimal;
    header.checked = table.header;
    mine.assignment = defaults(table.columns);
    byId("csv-names").replaceChildren(...table.columns.slice(0, MOST_SHOWN).map(heading));
    byId("csv-rows").replaceChildren(...table.preview.map((row) => {
      const line = make("tr");
      line.append(...row.slice(0, MOST_SHOWN).map((cell) => make("td", "", cell)));
      return line;
    }));
    const hidden = table.columns.length - MOST_SHOWN;
    const more = hidden > 0 ? ` The last ${hidden} columns are not shown.` : "";
    put(byId("csv-size"), "textContent", [`${counted(table.rows, "row")}, ${counted(table.columns.length, "column")}.${more}`, ...table.doubts].join(" "));
    put(byId("csv-missing-field"), "hidden", table.columns.every(({ missing }) => missing === 0));
    showChannels(mine);
  }

  /** @param {Session} mine */
  function showChannels(mine) {
    const { network } = store.get();
    const channels = Array.from({ length: network.inputSize }, (_, i) => channelWords(network, i));
    const outputs = takesTarget(network) ? network.parts.readout?.output_size ?? 0 : 0;
    const targets = Array.from({ length: outputs }, (_, i) => (outputs === 1 ? "target" : `target of ${outputName(network, i)}`));
    const names = isNew() ? ["take"] : [...channels, ...targets];
    byId("csv-channels").replaceChildren(...mine.table.columns.slice(0, MOST_SHOWN).map(({ name, kind }, i) => {
      const cell = make("td");
      if (kind !== "number" && kind !== "index") cell.append(make("span", "quiet", "left out"));
      else {
        const choices = Object.assign(make("select"), { ariaLabel: `Channel of ${name}` });
        choices.dataset.column = String(i);
        choices.append(new Option("leave out", ""), ...names.map((text, channel) => new Option(text, String(channel))));
        cell.append(choices);
      }
      return cell;
    }));
    showChoices(mine);
  }

  /** @param {Session} mine */
  function showChoices({ assignment }) {
    for (const choices of byId("csv-channels").querySelectorAll("select")) {
      const channel = assignment[Number(choices.dataset.column)];
      put(choices, "value", channel === null ? "" : String(channel));
    }
  }

  return open;
}

/**
 * @param {Network} network
 * @param {number} channel
 */
function channelWords(network, channel) {
  const name = inputName(network, channel);
  return network.inputSize === 1 ? `into ${name === "0" ? "x" : name}` : `channel ${name}`;
}

/** @param {Column} column */
function heading({ name, kind, missing, fault }) {
  const cell = Object.assign(make("th"), { scope: "col" });
  const about = missing > 0 && kind !== "text" ? `${KINDS[kind]}, ${missing} missing` : KINDS[kind];
  cell.append(make("span", "csv-name", name), make("span", "quiet", about));
  if (kind === "text" && fault !== "") cell.title = fault;
  return cell;
}

/**
 * @param {number} count
 * @param {string} noun
 */
function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
