/** One network in the list of networks. */

import { make } from "../../lib/dom.js";
import { cardWords } from "../../model/examples/listing.js";
import { drawPicture } from "./picture.js";

/** @import {DrawRaster} from "../../lib/canvas.js" */
/** @import {Example, State} from "../../types.d.ts" */

/**
 * @param {Example} example
 * @param {object} options
 * @param {DrawRaster} options.drawRaster
 * @param {State["theme"]} options.theme
 * @param {boolean} options.current whether the page shows it
 */
export function networkCard(example, { drawRaster, theme, current }) {
  const { name, title, story, listing: { summary, score, thumbnail } } = example;
  const button = make("button", "network-card");
  button.type = "button";
  button.dataset.network = name;
  if (current) button.setAttribute("aria-current", "true");
  const canvas = make("canvas", "card-picture");
  canvas.ariaHidden = "true";
  if (thumbnail) drawPicture(drawRaster, canvas, thumbnail, theme);
  const kind = make("span", "card-kind", cardWords(example));
  if (score) kind.title = `${score.says} ${score.about}`;
  button.append(canvas, make("b", "card-title", title), kind, make("span", "card-summary", summary ?? story));
  const item = make("li");
  item.append(button);
  return item;
}
