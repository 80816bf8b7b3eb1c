/** The curve of an activation, with the value as a point on it. The server sends the curve's points. */

import { put } from "../../lib/dom.js";
import { niceCeiling } from "../../lib/round-numbers.js";

/** @import {Page} from "../../state/page.d.ts" */
/** @import {Equation, Explained} from "../../types.d.ts" */

/** The input of the activation is shown from −REACH to REACH, or further if necessary. */
const REACH = 6;
const WIDTH = 96;
const HEIGHT = 44;
const MARGIN = 4;

/** @typedef {readonly (readonly number[])[]} Points pairs (a, f(a)) in order of a */

/**
 * The height of a line through points. It is constant beyond the first and last points.
 * @param {Points} points
 * @param {number} a
 */
export function heightAt(points, a) {
  const next = points.findIndex(([x]) => x >= a);
  if (next <= 0) return points[next === 0 ? 0 : points.length - 1][1];
  const [[x0, y0], [x1, y1]] = [points[next - 1], points[next]];
  return y0 + ((y1 - y0) * (a - x0)) / (x1 - x0);
}

/**
 * The part of a line through points between −reach and reach.
 * @param {Points} points
 * @param {number} reach
 * @returns {number[][]}
 */
export function cut(points, reach) {
  const inside = points.filter(([a]) => Math.abs(a) < reach).map(([a, y]) => [a, y]);
  return [[-reach, heightAt(points, -reach)], ...inside, [reach, heightAt(points, reach)]];
}

/** @param {Page} page */
export function createCurve(page) {
  const { byId } = page;
  const svg = byId("curve", SVGElement);
  const [across, up, line, drop, computed, dot] = /** @type {SVGElement[]} */ ([...svg.children]);
  const title = byId("curve-label");
  /** @type {{of: Points, reach: number} | null} */
  let drawn = null;
  let low = 0;
  let high = 1;

  /**
   * @param {Equation} equation
   * @param {Explained} explained
   */
  function render({ curve }, { pre_activation: a, result, computed: found }) {
    const none = a === null || curve.length === 0;
    svg.toggleAttribute("hidden", none);
    title.toggleAttribute("hidden", none);
    if (a === null || none) return;
    const reach = Math.abs(a) <= REACH ? REACH : niceCeiling(Math.abs(a));
    if (drawn?.of !== curve || drawn.reach !== reach) drawLine(curve, reach);
    const x = acrossAt(a, reach);
    const y = upAt(result);
    setAll(drop, { d: `M${x} ${upAt(0)}V${y}` });
    setAll(computed, { cx: String(x), cy: String(upAt(found ?? result)) });
    setAll(dot, { cx: String(x), cy: String(y) });
    put(title, "textContent", `±${reach}`);
  }

  /**
   * @param {Points} points
   * @param {number} reach
   */
  function drawLine(points, reach) {
    drawn = { of: points, reach };
    const part = cut(points, reach);
    low = Math.min(...part.map(([, y]) => y));
    high = Math.max(...part.map(([, y]) => y));
    if (high === low) [low, high] = [low - 1, high + 1];
    const zero = upAt(0);
    setAll(across, { d: `M0 ${zero}H${WIDTH}` });
    setAll(up, { d: `M${WIDTH / 2} 0V${HEIGHT}` });
    setAll(line, { d: `M${part.map(([a, y]) => `${acrossAt(a, reach)} ${upAt(y)}`).join("L")}` });
  }

  /**
   * @param {number} a
   * @param {number} reach
   */
  function acrossAt(a, reach) {
    return round(MARGIN + ((WIDTH - 2 * MARGIN) * (a + reach)) / (2 * reach));
  }

  /** @param {number} y clamped to the visible range */
  function upAt(y) {
    const shown = Math.max(low, Math.min(high, y));
    return round(HEIGHT - MARGIN - ((HEIGHT - 2 * MARGIN) * (shown - low)) / (high - low));
  }

  return { render };
}

/**
 * @param {Element} element
 * @param {Record<string, string>} values
 */
function setAll(element, values) {
  for (const [name, value] of Object.entries(values)) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}

/** @param {number} px */
function round(px) {
  return Math.round(px * 100) / 100;
}
