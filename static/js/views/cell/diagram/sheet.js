/** A picture as data: strips of values, wires, pipes, operators and labels, with their positions. */

/** @import {Reference} from "../../../types.d.ts" */
/** @import {Word} from "./words.js" */

/**
 * @typedef {{left: number, top: number, width: number, height: number}} Box
 * @typedef {[number, number]} Point
 *
 * The source of a strip's values: a value of the run (previous step if `step` is −1), a sum of arrays of the `step` frame, or the input.
 * @typedef {{kind: "value", name: string, step: number} | {kind: "step", keys: string[]} | {kind: "input"}} Source
 *
 * @typedef {object} Strip
 * @property {string} id
 * @property {string} of the value with the equation that the strip belongs to; "" for inputs
 * @property {Source} source
 * @property {Box} box
 *
 * @typedef {object} Label
 * @property {string} of
 * @property {string} part the strip or operator with the number to show
 * @property {Word[]} words names of factors, and the signs between them
 * @property {boolean} number whether the selected unit's number follows
 * @property {number} x
 * @property {number} y of its middle
 * @property {"left" | "right" | "centre"} align
 * @property {boolean} [strong]
 *
 * @typedef {object} Wire
 * @property {string} of
 * @property {Reference} carries
 * @property {Point[][]} lines
 * @property {boolean} [arrow]
 *
 * A wire as wide as the selected unit's gate is open; without a gate it has the full width.
 * @typedef {object} Pipe
 * @property {string} of
 * @property {Reference} carries
 * @property {Reference | null} gate
 * @property {Point[]} line
 * @property {Reference[]} [beside] the gates of two pipes that lie side by side, including this pipe's gate
 *
 * @typedef {object} Operator
 * @property {string} id
 * @property {string} of
 * @property {"plus" | "times" | "less" | "apply" | "clip"} kind
 * @property {number} x
 * @property {number} y
 * @property {Reference} [gate] of "times": the factor that opens it
 * @property {Reference} [carries] of "times": the factor that passes
 * @property {string} [text] of "apply" and "clip"
 * @property {boolean} [upright] whether the flow through it is vertical
 */

/** px of a pipe without a gate */
export const FULL = 18;
/** px of an operator's circle */
export const RADIUS = 9.5;

export class Sheet {
  /**
   * @param {number} width
   * @param {number} height
   */
  constructor(width, height) {
    this.width = width;
    this.height = height;
    /** @type {Strip[]} */
    this.strips = [];
    /** @type {Label[]} */
    this.labels = [];
    /** @type {Wire[]} */
    this.wires = [];
    /** @type {Pipe[]} */
    this.pipes = [];
    /** @type {Operator[]} */
    this.operators = [];
  }

  /**
   * @param {string} of
   * @param {Reference} carries
   * @param {...Point[]} lines
   */
  wire(of, carries, ...lines) {
    this.wires.push({ of, carries, lines });
  }

  /**
   * @param {string} of
   * @param {Reference} carries
   * @param {...Point} line
   */
  arrow(of, carries, ...line) {
    this.wires.push({ of, carries, lines: [line], arrow: true });
  }

  /**
   * Add a strip with its name at the left and its number at the right.
   * @param {Strip} strip
   * @param {Word[]} words
   */
  row(strip, words) {
    const { id, of, box: { left, top, width, height } } = strip;
    const y = top + height / 2;
    this.strips.push(strip);
    this.labels.push({ of, part: "", words, number: false, x: left - 6, y, align: "right" });
    this.labels.push({ of, part: id, words: [], number: true, x: left + width + 6, y, align: "left" });
  }

  /**
   * Add a strip with a label.
   * @param {Strip} strip
   * @param {Word[]} words
   * @param {Pick<Label, "x" | "y" | "align"> & {strong?: boolean, number?: boolean}} at
   */
  strip(strip, words, at) {
    this.strips.push(strip);
    this.labels.push({ of: strip.of, part: strip.id, words, number: true, ...at });
  }
}

/**
 * Half the width of an operator, in px.
 * @param {string} word the text in it
 */
export function halfOf(word) {
  return Math.max(RADIUS, word.length * 3.4 + 4);
}

/**
 * A path along points, with rounded corners.
 * @param {Point[]} points
 * @param {number} [radius]
 */
export function path(points, radius = 6) {
  const [first, ...rest] = points;
  return rest.reduce((d, point, i) => {
    const next = rest[i + 1];
    if (!next) return `${d}L${point}`;
    const r = Math.min(radius, distance(points[i], point) / 2, distance(point, next) / 2);
    return `${d}L${towards(point, points[i], r)}Q${point} ${towards(point, next, r)}`;
  }, `M${first}`);
}

/**
 * @param {Point} a
 * @param {Point} b
 */
function distance([x, y], [u, v]) {
  return Math.hypot(u - x, v - y);
}

/**
 * @param {Point} from
 * @param {Point} to
 * @param {number} length
 * @returns {Point}
 */
function towards(from, to, length) {
  const part = length / (distance(from, to) || 1);
  return [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];
}
