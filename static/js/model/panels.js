/** The panels of the presenter's view. They are part of the document, because they belong to its presentation. */

/** @import {GruDocument, Panel} from "../types.d.ts" */

/** @type {Record<Panel, string>} every panel by its title */
export const PANELS = {
  input: "Input",
  plots: "Over time",
  transport: "Timestep",
  cell: "Inside the cell",
  weights: "Weights",
  number: "One number",
};
const ALL = /** @type {Panel[]} */ (Object.keys(PANELS));

/**
 * @param {GruDocument} document
 * @returns {readonly Panel[]} all by default
 */
export function panelsOf({ panels }) {
  return panels ?? ALL;
}

/**
 * The document with other panels shown, in the page's order.
 * @param {GruDocument} document
 * @param {readonly Panel[]} panels
 * @returns {GruDocument}
 */
export function withPanels(document, panels) {
  if (samePanels(panelsOf(document), panels)) return document;
  const { panels: _, ...rest } = document;
  const shown = ALL.filter((name) => panels.includes(name));
  return shown.length === ALL.length ? rest : { ...rest, panels: shown };
}

/**
 * @param {readonly Panel[]} a
 * @param {readonly Panel[]} b
 */
export function samePanels(a, b) {
  return ALL.every((name) => a.includes(name) === b.includes(name));
}
