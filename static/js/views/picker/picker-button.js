/** The button in the header that names the page's network and opens the list of networks. */

import { put } from "../../lib/dom.js";
import { networkWords, sizeWords } from "../../model/examples/listing.js";
import { shows } from "../../model/training/shown.js";
import { drawPicture } from "./picture.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {GruDocument, NetworkPart, State} from "../../types.d.ts" */

/**
 * @param {Page} page
 * @returns {View<{document: GruDocument, parts: NetworkPart, training: State["training"], theme: State["theme"], count: number}>}
 */
export function createPickerButton({ config, byId, drawRaster }) {
  const root = byId("picker-open", HTMLButtonElement);
  const picture = byId("picker-picture", HTMLCanvasElement);

  return {
    root,
    // A file that was opened is known once it is among the examples.
    inputs: (_, { document, network: { parts }, training, theme }) => ({ document, parts, training, theme, count: config.examples.length }),
    render({ document: doc, parts, training, theme }) {
      const known = networkWords(config, doc, parts);
      const trained = known.example === null && shows(training, doc) ? training.ready : null;
      const { title, kind, example } = trained === null ? known : { ...known, title: trained.title, kind: `trained here · ${sizeWords(parts)}` };
      put(byId("network-name"), "textContent", title);
      put(byId("network-kind"), "textContent", kind);
      put(root, "title", `${title}: ${kind}. Choose another network`);
      root.dataset.network = example?.name ?? "";
      const shown = example?.listing.thumbnail;
      put(picture, "hidden", shown === undefined);
      if (shown !== undefined) drawPicture(drawRaster, picture, shown, theme);
    },
  };
}
