/** Actions of writing on. */

import { stopped, withPart } from "../../model/writing.js";

/** @import {State} from "../../types.d.ts" */
/** @import {Action} from "../types.d.ts" */

/**
 * @param {State} state
 * @param {Action} action
 * @returns {Partial<State> | null} null if the action is of another kind
 */
export function reduceWriting({ writing }, action) {
  switch (action.type) {
    case "write wished":
      return { writing: action.writing };
    case "write sent":
      return writing === null ? {} : { writing: { ...writing, id: action.id, status: "writing" } };
    case "written":
      return writing?.id === action.part.id && writing.status === "writing" ? { writing: withPart(writing, action.part) } : {};
    case "write stopped":
      return writing === null ? {} : { writing: stopped(writing) };
    case "write failed":
      return writing?.id === action.id ? { writing: { ...writing, status: "failed", fault: action.message } } : {};
    case "write discarded":
      return { writing: null };
    default:
      return null;
  }
}
