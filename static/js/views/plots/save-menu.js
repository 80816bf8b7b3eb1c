/** The menu that saves the plots: as a picture (PNG, SVG) or as numbers (CSV). Plotly draws the pictures. */

import { make } from "../../lib/dom.js";
import { createMenu } from "../../lib/controls/menu.js";
import { hue } from "../../model/cell/symbols.js";
import { pictureFigure } from "./picture/figure.js";
import { pictureWords } from "./picture/words.js";
import { valuesCsv } from "./values-csv.js";

/** @import {Page} from "../../state/page.d.ts" */
/** @import {Seen} from "../../types.d.ts" */
/** @import {Palette} from "./picture/figure.js" */

/** Pixels of a PNG for each CSS px. */
const SCALE = 2;

/**
 * @param {Page} page
 */
export function createSaveMenu({ byId, config, seen, actions, cssColour, after }) {
  createMenu(byId("save"), byId("save-menu"), [
    { label: "Picture (PNG)", run: () => savePicture("png") },
    { label: "Picture (SVG)", run: () => savePicture("svg") },
    { label: "Numbers (CSV)", run: saveNumbers },
  ]);

  /** @param {"png" | "svg"} format */
  async function savePicture(format) {
    const state = seen();
    if (state.trace === null || !("Plotly" in window)) return refuse("The plots are not drawn yet. Try again in a moment.");
    const words = { ...pictureWords(state, config), by: `gruscope ${config.version}` };
    const { data, layout } = pictureFigure(state, state.trace, words, paletteOf(cssColour));
    const { width, height } = layout;
    return Plotly.downloadImage({ data, layout, config: {} }, { format, filename: fileName(state), width, height, scale: format === "png" ? SCALE : 1 })
      .then(() => {}, () => refuse("The browser could not draw the picture."));
  }

  function saveNumbers() {
    const { trace, ...state } = seen();
    if (trace === null) return refuse("There are no numbers yet. Try again in a moment.");
    const { input } = state.compare === "before" && state.baseline ? state.baseline.document : state.document;
    const url = URL.createObjectURL(new Blob(valuesCsv(trace, input), { type: "text/csv" }));
    Object.assign(make("a"), { href: url, download: `${fileName(state)}.csv` }).click();
    // The download has started when the click returns, so that the next task can release the URL.
    return after(() => URL.revokeObjectURL(url), 0);
  }

  /** @param {string} text */
  function refuse(text) {
    actions.notify({ kind: "error", text });
  }
}

/** @param {Pick<Seen, "compare">} state */
function fileName({ compare }) {
  return compare === "now" ? "gruscope" : `gruscope-${compare}`;
}

/**
 * @param {Page["cssColour"]} cssColour
 * @returns {Palette} of the theme
 */
function paletteOf(cssColour) {
  const [paper, ink, quiet, line, warn, sans, mono] = ["paper", "ink", "quiet", "line-strong", "warn", "sans", "mono"].map((name) => cssColour(`--${name}`));
  return { paper, ink, quiet, line, warn, sans, mono, hue: (quantity) => cssColour(`--${hue(quantity) || "ink"}`) };
}
