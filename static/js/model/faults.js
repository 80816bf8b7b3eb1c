/** Checks a document before it is committed, and describes its fault to the user. */

import { inputLength } from "./document.js";

/** @import {GruDocument, Limits} from "../types.d.ts" */

/** Measuring a document in bytes is slow, so only those with more numbers than this are measured. */
const MEASURE_FROM = 8000;
/** Bytes of a message besides its document. */
const ENVELOPE = 200;

/**
 * @param {GruDocument} document
 * @param {Limits} limits
 * @returns {string | null} null if the document is valid
 */
export function documentFault(document, limits) {
  const steps = inputLength(document.input);
  if (steps < 1) return "The sequence needs at least one timestep.";
  if (steps > limits.steps) return `The sequence has ${steps} timesteps; at most ${limits.steps} fit.`;
  if (document.edits.length > limits.edits) return `There are ${document.edits.length} edits; at most ${limits.edits} fit.`;
  return sizeFault(document, limits);
}

/**
 * @param {readonly (readonly number[])[]} rows
 * @param {Limits} limits
 * @returns {string | null}
 */
export function inputFault(rows, { input_value: most }) {
  const wrong = rows.flat().find((value) => !Number.isFinite(value) || Math.abs(value) > most);
  return wrong === undefined ? null : `x: a value must be from −${most} to ${most}, got ${wrong}.`;
}

/**
 * @param {GruDocument} document
 * @param {Limits} limits
 */
function sizeFault({ input, edits, network, target }, { message_bytes: most }) {
  const wanted = target?.kind === "values" ? target.values.length * (target.values[0]?.length ?? 0) : 0;
  const numbers = wanted + edits.length * 10 + (input.kind === "numbers" ? input.values.length * (input.values[0]?.length ?? 0) : 0);
  if (numbers < MEASURE_FROM) return null;
  const bytes = JSON.stringify({ network, edits, input, target }).length + ENVELOPE;
  return bytes <= most ? null : `This document makes ${Math.round(bytes / 1024)} KiB; at most ${Math.round(most / 1024)} KiB fit.`;
}
