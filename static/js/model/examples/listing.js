/** What the page says of a network in a line: its origin, size and score. */

import { exampleOf, isAsTold, isOfCell } from "./examples.js";

/** @import {Config, Example, GruDocument, NetworkPart, NetworkSpec} from "../../types.d.ts" */

const MADE = { trained: "trained", wired: "wired by hand", untrained: "untrained", file: "from a file" };

/**
 * The cells and sizes of a network: "2 × GRU, 32 units".
 * @param {Pick<NetworkPart, "layers" | "decoder">} parts
 * @returns {string}
 */
export function sizeWords({ layers, decoder }) {
  if (decoder !== null) {
    const { first } = decoder;
    return `encoder and decoder, ${sizeWords({ layers: layers.slice(0, first), decoder: null })}`;
  }
  const cells = [...new Set(layers.map(({ cell }) => cell.toUpperCase()))];
  const widths = new Set(layers.map(({ hidden_size }) => hidden_size));
  const units = widths.size > 1 ? "" : `, ${layers[0].hidden_size} ${layers[0].hidden_size === 1 ? "unit" : "units"}`;
  if (layers.length === 1) return `${cells[0]}${units}`;
  return cells.length === 1 ? `${layers.length} × ${cells[0]}${units}` : `${layers.length} layers, ${cells.join(" and ")}`;
}

/**
 * The line under a network's title in the list of networks. A score says that it is trained.
 * @param {Example} example
 */
export function cardWords({ listing: { made, score }, network }) {
  return [...(score ? [] : [made === "file" ? "yours" : MADE[made]]), sizeWords(network), ...(score ? [score.says] : [])].join(" · ");
}

/**
 * The name of the page's network, and the line under it.
 * @param {Config} config
 * @param {GruDocument} doc
 * @param {NetworkPart} parts
 * @returns {{title: string, kind: string, example: Example | null}}
 */
export function networkWords(config, doc, parts) {
  const example = exampleOf(config, doc);
  if (example === null) return { title: ownTitle(doc.network), kind: [ownKind(doc.network), sizeWords(parts)].join(" · "), example };
  if (!isOfCell(example, doc)) return { title: example.title, kind: `untrained · ${sizeWords({ ...parts, layers: [{ ...parts.layers[0], cell: doc.network.cell ?? "gru" }] })}`, example };
  const { made, score } = example.listing;
  const last = isAsTold(example, doc) ? score?.says : "edited";
  return { title: example.title, kind: [MADE[made], sizeWords(parts), ...(last ? [last] : [])].join(" · "), example };
}

/** @param {NetworkSpec} network */
function ownTitle({ kind }) {
  return kind === "random" ? "Untrained network" : "Your network";
}

/** @param {NetworkSpec} network */
function ownKind(network) {
  return network.kind === "random" ? `seed ${network.seed}` : MADE.file;
}

/**
 * Whether an example belongs to what a filter shows.
 * @param {Example} example
 * @param {{family: string, cell: string | null}} filter a family of tasks, "yours" or "all"; a cell or null
 */
export function isShown({ listing: { made, family: task }, network }, { family, cell }) {
  const fits = family === "all" || (family === "yours" ? made === "file" : task === family);
  return fits && (cell === null || network.layers.some((layer) => layer.cell === cell));
}
