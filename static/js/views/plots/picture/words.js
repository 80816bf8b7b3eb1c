/** The texts of a saved picture: its network and run, and the meaning of its marks. */

import { cellOf, viewOf } from "../../../model/document.js";
import { runSteps } from "../../../model/seq2seq/clock.js";
import { NO_ENDS } from "../../../model/weights/ends.js";
import { editWords } from "../../../model/edits/edit-words.js";
import { isOn } from "../../../model/edits/edits.js";
import { exampleOf } from "../../../model/examples/examples.js";
import { short } from "../../../lib/format.js";
import { symbol } from "../../../model/cell/symbols.js";
import { placeName } from "../../../model/network.js";
import { choiceOf } from "../../cell/form-panel.js";

/** @import {Config, GruDocument, NetworkSpec, Scale, Seen, Weights} from "../../../types.d.ts" */

/** The maximum number of edits to list. */
const MOST_EDITS = 12;
const COMPARED = {
  now: [],
  before: ["Before: the pinned run"],
  difference: ["Difference: this run − the pinned run, where both have the timestep"],
};

/**
 * The lines above the plots.
 * @param {Seen} state
 * @param {Config} config
 * @returns {{title: string, lines: string[]}}
 */
export function pictureWords(state, config) {
  const doc = documentShown(state);
  const { cell, form } = choiceOf(config, doc, state.network.parts);
  const example = exampleOf(config, doc) ?? config.examples.find((other) => "name" in doc.network && other.name === doc.network.name);
  const own = example !== undefined && cellOf(example.document) === cellOf(doc);
  const name = own ? example.title : networkWords(doc.network, cell.title);
  const { network } = state;
  return {
    title: `${name} – ${cell.title}, ${form?.title ?? "a form of its own"}`,
    lines: [
      ...COMPARED[state.compare],
      `${layerWords(state)}${network.hiddenSize} hidden units, ${runSteps(doc, state.network.parts)} timesteps, ${precisionOf(doc)}${zoomWords(state)}`,
      ...editLines(state, doc),
    ],
  };
}

/**
 * The document of the run on show.
 * @param {Pick<Seen, "compare" | "baseline" | "document">} state
 */
function documentShown({ compare, baseline, document }) {
  return compare === "before" && baseline !== null ? baseline.document : document;
}

/** @param {GruDocument} document */
function precisionOf({ options }) {
  return options?.dtype ?? "float64";
}

/** @param {Seen} state */
function zoomWords({ zoom }) {
  return zoom === null ? "" : `, of which ${zoom.from + 1} to ${zoom.to} are shown`;
}

/**
 * The layer and direction of the plots, if there is more than one.
 * @param {Seen} state
 */
function layerWords({ document, network: { parts } }) {
  const view = viewOf(document);
  const name = placeName(parts, view);
  return name === "" ? "" : `${name}, `;
}

/**
 * @param {NetworkSpec} network
 * @param {string} cell its title
 */
function networkWords(network, cell) {
  if (network.kind === "file") return "Network of a file";
  if (network.kind === "example") return `Random ${cell} in place of the example “${network.name}”`;
  return `Random ${cell}, seed ${network.seed}, gain ${short(network.gain ?? 1)}`;
}

/**
 * The edits in force; those of both runs if their difference is shown.
 * @param {Seen} state
 * @param {GruDocument} document
 */
function editLines(state, document) {
  if (state.compare !== "difference" || state.baseline === null) return [editLine(state, document, state.original)];
  // Omit the weights before the edits, because `original` contains differences here.
  return [`This run: ${editLine(state, document, {})}`, `Pinned run: ${editLine(state, state.baseline.document, {})}`];
}

/**
 * @param {Seen} state
 * @param {GruDocument} document
 * @param {Weights} original
 */
function editLine(state, document, original) {
  const { edits } = document;
  const words = edits.flatMap((edit, i) => (isOn(edit) ? [textOf(editWords(edits, i, { network: state.network, original, arrays: state.model?.arrays ?? {}, view: viewOf(document), ends: NO_ENDS }))] : []));
  if (words.length === 0) return "No edits";
  const more = words.length > MOST_EDITS ? `, and ${words.length - MOST_EDITS} more` : "";
  return `${words.length === 1 ? "1 edit" : `${words.length} edits`}: ${words.slice(0, MOST_EDITS).join(", ")}${more}`;
}

/** @param {readonly (Node | string)[]} parts */
function textOf(parts) {
  return parts.map((part) => (typeof part === "string" ? part : subscripted(part))).join("");
}

/**
 * The text of a name, with an underscore before a subscript.
 * @param {Node} node
 */
function subscripted(node) {
  /** @param {Node} part @returns {string} */
  const read = (part) => {
    const inside = part.childNodes.length === 0 ? part.textContent ?? "" : [...part.childNodes].map(read).join("");
    return part.nodeName === "SUB" ? `_${inside}` : inside;
  };
  return read(node);
}

/**
 * The name of a plot, with its range.
 * @param {Pick<Seen, "compare">} state
 * @param {string} quantity
 * @param {string} title
 * @param {Scale} scale
 */
export function plotWords({ compare }, quantity, title, { low, high, linear }) {
  const name = symbol(quantity) === quantity ? title : `${title} (${quantity})`;
  const log = linear === null ? "" : `, logarithmic beyond ±${short(linear)}`;
  return { name: symbol(quantity), text: `${name}${compare === "difference" ? ", now − before" : ""}, from ${short(low)} to ${short(high)}${log}` };
}

/**
 * Explains the marks.
 * @param {Seen} state
 * @param {{once: boolean, always: boolean}} held which kinds of holds are marked
 */
export function markWords({ selection: { t, unit }, marked, view }, { once, always }) {
  const lines = view === "lines";
  return [
    lines ? "thin lines: all units" : "rows: hidden units",
    `frame: t = ${t + 1}`,
    ...(marked ? [`${lines ? "thick line" : "small frames"}: unit ${unit}`] : []),
    ...(once ? ["● held at one step"] : []),
    ...(always ? [`${lines ? "▶" : "━"} held throughout`] : []),
  ].join("   ·   ");
}
