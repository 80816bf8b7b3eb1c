/** Reads and writes the messages and frames of the wire. */

import { BLOCK } from "../model/weights/ends.js";

/** @import {ArrayName, BlockStart, Change, End, Frame, GruDocument, InLayer, Selection, ServerMessage, Tensor, Writing} from "../types.d.ts" */
/** @import {Rule} from "../model/card/right.js" */

/**
 * @param {number} run
 * @param {GruDocument} document
 */
export function openMessage(run, document) {
  return JSON.stringify({ type: "open", run, document });
}

/**
 * @param {number} run
 * @param {number} keep the number of leading steps that the page has and that remain valid
 * @param {Change} change
 */
export function editMessage(run, keep, change) {
  return JSON.stringify({ type: "edit", run, keep, change });
}

/**
 * @param {number} id
 * @param {Selection} place
 */
export function inspectMessage(id, { layer, direction, quantity, t, unit }) {
  return JSON.stringify({ type: "inspect", id, layer, direction, quantity, t, unit });
}

/**
 * @param {number} id
 * @param {number} t
 * @param {number} unit counts the outputs
 */
export function outputMessage(id, t, unit) {
  return JSON.stringify({ type: "inspect_output", id, t, unit });
}

/**
 * @param {number} id
 * @param {InLayer} place
 * @param {number} t
 */
export function stepMessage(id, { layer, direction }, t) {
  return JSON.stringify({ type: "step", id, layer, direction, t });
}

/**
 * @param {number} id
 * @param {End} part
 * @param {ArrayName} array
 * @param {BlockStart} start
 */
export function blockMessage(id, part, array, { row, column }) {
  return JSON.stringify({ type: "block", id, part, array, row, column, rows: BLOCK, columns: BLOCK });
}

/**
 * @param {number} id
 * @param {Rule} rule
 */
export function targetMessage(id, { task, settings }) {
  return JSON.stringify({ type: "target", id, task, settings });
}

/**
 * @param {number} id
 * @param {InLayer} place whose units to measure first
 * @param {{task: string, settings: Readonly<Record<string, number>>}} training
 */
export function ablateMessage(id, { layer, direction }, { task, settings }) {
  return JSON.stringify({ type: "ablate_all", id, layer, direction, task, settings });
}

/** @param {number} id */
export function stopMessage(id) {
  return JSON.stringify({ type: "stop_ablation", id });
}

/**
 * @param {number} id
 * @param {Writing} writing
 */
export function writeMessage(id, { t, steps, temperature, topK, seed }) {
  return JSON.stringify({ type: "write", id, t, steps, temperature, top_k: topK, seed });
}

/** @param {number} id of the `write` to stop */
export function stopWritingMessage(id) {
  return JSON.stringify({ type: "stop_writing", id });
}

/** @param {number} id */
export function pingMessage(id) {
  return JSON.stringify({ type: "ping", id });
}

/**
 * @param {string} text
 * @returns {ServerMessage}
 */
export function readMessage(text) {
  return JSON.parse(text);
}

/**
 * Read a safetensors file: an 8-byte little-endian header length, a JSON header, the arrays' bytes.
 * @param {ArrayBuffer} buffer
 * @returns {Frame}
 */
export function readFrame(buffer) {
  const headerLength = Number(new DataView(buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, headerLength)));
  const { __metadata__: metadata = {}, ...entries } = header;
  /** @type {Record<string, Tensor>} */
  const arrays = {};
  for (const [name, entry] of Object.entries(entries)) arrays[name] = readTensor(buffer, 8 + headerLength, name, entry);
  return { metadata, arrays };
}

/**
 * @param {ArrayBuffer} buffer
 * @param {number} base
 * @param {string} name
 * @param {{dtype: string, shape: number[], data_offsets: [number, number]}} entry
 * @returns {Tensor}
 */
function readTensor(buffer, base, name, entry) {
  if (entry.dtype !== "F32") throw new Error(`${name} must be F32, got ${entry.dtype}`);
  const [begin, end] = entry.data_offsets;
  const aligned = (base + begin) % 4 === 0;
  const data = aligned
    ? new Float32Array(buffer, base + begin, (end - begin) / 4)
    : new Float32Array(buffer.slice(base + begin, base + end));
  return { shape: entry.shape, data };
}
