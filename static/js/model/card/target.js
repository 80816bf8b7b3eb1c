/** What the outputs of a regression should be. */

import { fromOwn, toOwn } from "./card.js";

/** @import {GruDocument, Network, Target} from "../../types.d.ts" */

/**
 * The target of an output at a step, in the network's units; null where none is known.
 * @param {Pick<GruDocument, "input" | "target">} document
 * @param {Pick<Network, "card">} network
 * @param {number} t
 * @param {number} output
 * @returns {number | null}
 */
export function targetAt({ input, target }, { card }, t, output) {
  if (!target) return null;
  if (target.kind === "values") return target.values[t]?.[output] ?? null;
  const channel = target.channels[output];
  const value = input.kind === "numbers" ? input.values[t + target.ahead]?.[channel] : undefined;
  return value === undefined ? null : fromOwn(card.outputs?.[output], toOwn(card.channels?.[channel], value));
}

/**
 * The target after a splice of the input. New steps have none.
 * @param {Target | null | undefined} target
 * @param {number} start
 * @param {number} remove
 * @param {number} insert how many steps
 * @returns {Target | null | undefined}
 */
export function splicedTarget(target, start, remove, insert) {
  if (target?.kind !== "values" || remove === insert) return target;
  const added = start < target.values.length ? new Array(insert).fill([]) : [];
  return { kind: "values", values: [...target.values.slice(0, start), ...added, ...target.values.slice(start + remove)] };
}

/**
 * The target for another input: rows that belong to the old one are dropped.
 * @param {Target | null | undefined} target
 */
export function keptTarget(target) {
  return target?.kind === "input" ? target : undefined;
}
