/** The right class under each step, with wrong answers marked. */

import { visible } from "../../lib/format.js";
import { outputName } from "../../model/card/card.js";
import { isRight, rightClass } from "../../model/card/right.js";
import { edge } from "../../model/timeline.js";

/** @import {Answer, Network, Right} from "../../types.d.ts" */
/** @import {Timeline} from "../../model/timeline.js" */

/** px */
export const ROW = 13;
/** A wrong answer, also where colours look alike. */
const WRONG = "✗";
/** The height of a mark where there is no room for a name. */
const THIN = 2;

/**
 * A name on its own is right. A wrong answer has a filled box, with a cross before the name if there is room; without room for names, a right one is a thin line.
 * @param {CanvasRenderingContext2D} context
 * @param {{right: Right, answer: Answer, network: Network}} shown
 * @param {Timeline} line
 * @param {number} top px
 * @param {(name: string) => string} cssColour
 */
export function drawTargets(context, { right, answer, network }, line, top, cssColour) {
  context.font = `10px ${cssColour("--sans")}`;
  context.textBaseline = "middle";
  context.textAlign = "right";
  context.fillStyle = cssColour("--quiet");
  context.fillText(right.next ? "next" : "right", line.left - 6, top + ROW / 2);
  context.textAlign = "center";
  context.font = `10px ${cssColour("--mono")}`;
  let free = line.left; // the right edge of what is drawn
  for (let t = line.from; t < Math.min(line.to, answer.have); t += 1) {
    const wanted = rightClass(right, t);
    if (wanted === null) continue;
    const good = isRight(right, answer, t, "classes");
    const name = visible(outputName(network, wanted));
    const end = edge(line, t + 1);
    const label = [good ? name : `${WRONG}${name}`, name].find((text) => context.measureText(text).width <= end - free - 2) ?? "";
    const width = Math.max(1, line.column - 1, label === "" ? 0 : context.measureText(label).width + 2); // a lone answer may be wider than its step
    if (!good || label === "") {
      context.fillStyle = cssColour(good ? "--output" : "--warn");
      const height = good ? THIN : ROW - 1;
      context.fillRect(end - 0.5 - width, top + ROW - height, width, height);
    }
    context.fillStyle = cssColour(good ? "--quiet" : "--paper");
    context.fillText(label, end - 0.5 - width / 2, top + ROW / 2 + 0.5);
    free = end;
  }
}
