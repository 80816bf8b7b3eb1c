/** Actions about the scores without each unit. */

import { placeKey } from "../../model/units/ablation.js";

/** @import {Ablation, State, UnitMessage} from "../../types.d.ts" */
/** @import {Action} from "../types.d.ts" */

/** @type {Ablation} */
const ASKED = Object.freeze({ status: "asked", document: null, whole: null, scores: {}, measured: 0, fault: null });

/**
 * @param {State} state
 * @param {Action} action
 * @returns {Partial<State> | null} null if the action is of another kind
 */
export function reduceAblation({ ablation }, action) {
  switch (action.type) {
    case "units asked":
      return { ablation: { ...ASKED } };
    case "units stopped":
      return change(ablation, { status: "stopped" });
    case "units sent":
      return change(ablation, { status: "running", document: action.document });
    case "units said":
      return change(ablation, ablation === null ? {} : said(ablation, action.message));
    case "units failed":
      return change(ablation, { status: "failed", fault: action.fault });
    default:
      return null;
  }
}

/**
 * @param {Ablation | null} ablation
 * @param {Partial<Ablation>} patch
 * @returns {Partial<State>}
 */
function change(ablation, patch) {
  return ablation === null ? {} : { ablation: { ...ablation, ...patch } };
}

/**
 * @param {Ablation} ablation
 * @param {UnitMessage} message
 * @returns {Partial<Ablation>}
 */
function said({ scores, measured }, message) {
  if (message.type === "scored") return { whole: message };
  if (message.type === "ended") return { status: message.complete ? "done" : "stopped" };
  const all = { ...scores };
  for (const { unit, score, ...place } of message.scores) all[placeKey(place)] = { ...all[placeKey(place)], [unit]: score };
  return { scores: all, measured: measured + message.scores.length };
}
