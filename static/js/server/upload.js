/** Sends a model file to the server, which reads it and keeps its network in memory. */

/** @import {Card, Edit, Example, Target} from "../types.d.ts" */

/**
 * What became of an upload: a network, names to choose from, or a fault.
 * @typedef {{kind: "opened", example: Example} | {kind: "choose", names: string[]} | {kind: "failed", message: string} | {kind: "cancelled"}} Uploaded
 *
 * @typedef {object} UploadOptions
 * @property {string | null} network the name of a network in the file, null for the only one
 * @property {(share: number) => void} progress called with the share that is sent, from 0 to 1
 * @property {AbortSignal} signal aborts the upload
 *
 * @typedef {(file: File, options: UploadOptions) => Promise<Uploaded>} Upload
 */

/**
 * @param {string} url
 * @returns {Upload}
 */
export function createUpload(url) {
  // fetch cannot say how much of a body is sent.
  return (file, { network, progress, signal }) => new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const query = new URLSearchParams({ file: file.name, ...(network !== null && { network }) });
    request.open("POST", `${url}?${query}`);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 1);
    request.onload = () => resolve(answerOf(request));
    request.onerror = () => resolve({ kind: "failed", message: `${file.name}: the upload broke off. Is the server still running? Try again.` });
    request.onabort = () => resolve({ kind: "cancelled" });
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

/**
 * A card, or why there is none. A vocabulary is a card with tokens only.
 * @typedef {{card: Card, vocabulary: boolean, target: Target | null, notes: string[]} | {card: null, message: string}} CardAnswer
 *
 * @typedef {(file: File, digest: string) => Promise<CardAnswer>} ReadCard `digest`: that of the network's file
 */

/**
 * @param {string} url
 * @returns {ReadCard}
 */
export function createReadCard(url) {
  return async (file, digest) => {
    try {
      const answer = await fetch(`${url}?${new URLSearchParams({ file: file.name, digest })}`, { method: "POST", body: file });
      const found = await answer.json();
      return "card" in found ? found : { card: null, message: `${file.name}: ${found.message}` };
    } catch {
      return { card: null, message: `${file.name}: the server could not be asked. Is it still running? Try again.` };
    }
  };
}

/** @typedef {(digest: string, wanted: {title: string, edits: readonly Edit[]}) => Promise<{example: Example} | {fault: string}>} Keep */

/**
 * Makes a network of an open one, with edits as its own weights.
 * @param {string} url
 * @returns {Keep}
 */
export function createKeep(url) {
  return async (digest, wanted) => {
    try {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${url}/${digest}`, { method: "POST", headers, body: JSON.stringify(wanted) });
      const { opened, message } = await answer.json();
      return opened ? { example: opened } : { fault: String(message) };
    } catch {
      return { fault: "The server did not answer. Is it still running? Try again." };
    }
  };
}

/**
 * @param {XMLHttpRequest} request
 * @returns {Uploaded}
 */
function answerOf({ status, responseText }) {
  const answer = parsed(responseText);
  if (answer === null) return { kind: "failed", message: `The server answered with status ${status} and nothing to read.` };
  if (answer.opened) return { kind: "opened", example: answer.opened };
  return Array.isArray(answer.choices) && answer.choices.length > 0
    ? { kind: "choose", names: answer.choices }
    : { kind: "failed", message: String(answer.message) };
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
