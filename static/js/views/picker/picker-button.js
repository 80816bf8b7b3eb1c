/** The button in the header that names the page's network and opens the list of networks. */

import { put } from "../../lib/dom.js";
import { networkWords } from "../../model/examples/listing.js";
import { drawPicture } from "./picture.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {GruDocument, NetworkPart, State} from "../../types.d.ts" */

/**
 * @param {Page} page
 * @returns {View<{document: GruDocument, parts: NetworkPart, theme: State["theme"], count: number}>}
 */
export function createPickerButton({ config, byId, drawRaster }) {
  const root = byId("picker-open", HTMLButtonElement);
  const picture = byId("picker-picture", HTMLCanvasElement);

  return {
    root,
    // A file that was opened is known once it is among the examples.
    inputs: (_, { document, network: { parts }, theme }) => ({ document, parts, theme, count: config.examples.length }),
    render({ document: doc, parts, theme }) {
      const { title, kind, example } = networkWords(config, doc, parts);
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
