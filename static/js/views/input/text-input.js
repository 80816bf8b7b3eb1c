/** Text input: a text field with each character exactly over its column. A click or an arrow key selects a step without changing it. */

import { put } from "../../lib/dom.js";
import { fitText } from "../../model/encode.js";
import { visible } from "../../lib/format.js";
import { rove } from "../../lib/controls/roving-tabindex.js";
import { columnsOf, runSteps } from "../../model/seq2seq/clock.js";
import { stepAt } from "../../model/timeline.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Size} from "../../lib/size.js" */
/** @import {Input, State} from "../../types.d.ts" */
/** @import {Timeline} from "../../model/timeline.js" */

const LARGEST_FONT = 15;
const SMALLEST_FONT = 7;
const READABLE_COLUMN = 5;
const BURST_MS = 700;

/** @typedef {{text: string, end: number, left: number}} Part a text, the end of what was inserted, and how many characters were left out */
/** @typedef {Pick<State, "zoom"> & {input: Input, columns: number, size: Size, scale: number}} Inputs */

/**
 * @param {Page} page
 * @returns {[View<Inputs>, View<{alphabet: string}>]} the field, and the keys of its alphabet
 */
export function createTextInput(page) {
  const { store, actions, byId, sizeOf, timeline, typeScale } = page;
  const field = byId("text", HTMLInputElement);
  const root = byId("strip");
  let caret = 0;
  let composing = false;
  let burst = 0;
  let typed = 0;

  /** Keystrokes in quick succession undo together. */
  function gesture() {
    const now = Date.now();
    if (now - typed > BURST_MS) burst += 1;
    typed = now;
    return `typing ${burst}`;
  }

  field.addEventListener("beforeinput", (event) => {
    caret = field.selectionStart ?? 0;
    if (event.inputType === "historyUndo" || event.inputType === "historyRedo") event.preventDefault();
  });
  field.addEventListener("input", (event) => {
    if (/** @type {InputEvent} */ (event).isComposing) takeComposed();
    else take(field.value, field.selectionStart ?? 0);
  });
  field.addEventListener("blur", () => {
    if (field.value !== "") return;
    actions.notify(null);
    const { document: { input }, zoom } = store.get();
    if (input.kind === "text") showText(input.text, zoom);
  });
  field.addEventListener("compositionstart", () => { composing = true; });
  field.addEventListener("compositionend", () => {
    composing = false;
    take(field.value, field.selectionStart ?? 0);
  });

  /** Take the text of an input method's composition as soon as it is valid, but leave the field alone until the composition ends. */
  function takeComposed() {
    const { document: doc, network } = store.get();
    if (doc.input.kind !== "text" || network.alphabet === null) return;
    const { text, foreign } = fitText(field.value, network.alphabet);
    if (foreign.length === 0 && text.length === field.value.length) actions.replaceInput({ kind: "text", text }, gesture());
  }

  /**
   * @param {string} raw
   * @param {number} end the position of the caret after it
   */
  function take(raw, end) {
    const { document: doc, network } = store.get();
    if (doc.input.kind !== "text" || network.alphabet === null) return;
    const { alphabet } = network;
    const { text, foreign } = fitText(raw, alphabet);
    const before = fitText(raw.slice(0, end), alphabet).text.length;
    const part = partThatFits(text, caret, before, page.config.limits.steps);
    if (raw === "") letEmpty();
    else if (foreign.length > 0) refuse(doc.input.text, part, foreign, alphabet);
    else if (!accept(part, gesture())) show(doc.input.text, caret);
  }

  /**
   * @param {Part} part
   * @param {string | null} gesture
   * @returns {boolean} false if the text is refused
   */
  function accept({ text, end, left }, gesture) {
    if (!actions.replaceInput({ kind: "text", text }, gesture, { t: Math.max(0, end - 1) })) return false;
    lead(text, end);
    if (left > 0) actions.notify({ kind: "info", text: `The end did not fit: a text has at most ${text.length} characters, so ${left} were left out.` });
    return true;
  }

  /** Leave the field empty so that a new text can be typed; until then the document keeps its sequence. */
  function letEmpty() {
    actions.notify({ kind: "info", text: "The sequence needs at least one timestep: type something." });
    layOut(store.get().zoom);
  }

  /**
   * @param {string} former
   * @param {Part} rest
   * @param {string[]} foreign
   * @param {string} alphabet
   */
  function refuse(former, rest, foreign, alphabet) {
    show(former, caret);
    const names = foreign.slice(0, 8).map((symbol) => `‘${symbol}’`).join(" ");
    const known = Array.from(alphabet, visible).join(" ");
    const without = { label: "Take it without them", run: () => void accept(rest, null) };
    const offered = rest.text === former || rest.text === "" ? [] : [without];
    actions.notify({ kind: "error", text: `${names} not in this network's alphabet: ${known}`, actions: offered });
  }

  /**
   * @param {string} text
   * @param {number} position
   */
  function show(text, position) {
    lead(text, position);
    actions.select({ t: Math.max(0, position - 1) });
  }

  /**
   * Put a text and its caret into the field immediately.
   * @param {string} text
   * @param {number} position
   */
  function lead(text, position) {
    put(field, "value", text);
    if (document.activeElement === field) field.setSelectionRange(position, position);
    layOut(store.get().zoom);
  }

  field.addEventListener("keyup", (event) => {
    if (!/^(Arrow|Home|End)/.test(event.key)) return;
    const position = field.selectionDirection === "backward" ? field.selectionStart : field.selectionEnd;
    actions.select({ t: Math.max(0, (position ?? 0) - 1) });
  });
  field.addEventListener("click", (event) => {
    const line = lineOf(field.value.length, store.get().zoom);
    actions.select({ t: stepAt(line, event.clientX - root.getBoundingClientRect().left) });
  });
  field.addEventListener("scroll", () => {
    laidOut = [];
    layOut(store.get().zoom);
  });

  /** @type {unknown[]} */
  let laidOut = [];
  const ruler = document.createElement("canvas").getContext("2d");
  const widths = new Map();

  /**
   * The columns of the text itself, which are the first ones if a decoder answers after it.
   * @param {number} length
   * @param {State["zoom"]} zoom
   * @returns {Timeline}
   */
  function lineOf(length, zoom) {
    const { decoder } = store.get().network.parts;
    const line = timeline(sizeOf(root).width, length + (decoder?.limit ?? 0), zoom);
    const to = Math.max(line.from + 1, Math.min(line.to, length));
    return { ...line, to, width: line.column * (to - line.from) };
  }

  /** @param {number} size */
  function characterWidth(size) {
    if (!widths.has(size) && ruler) {
      ruler.font = `${size}px ${getComputedStyle(field).fontFamily}`;
      widths.set(size, ruler.measureText("0000000000").width / 10);
    }
    return widths.get(size) ?? size * 0.6;
  }

  /**
   * Put each character over its column. This runs when text is typed and again when it is rendered; the second call usually returns early.
   * @param {State["zoom"]} zoom
   */
  function layOut(zoom) {
    const line = lineOf(Math.max(1, field.value.length), zoom);
    const key = [field.value.length, line.from, line.to, line.width];
    if (key.every((part, i) => part === laidOut[i])) return;
    laidOut = key;
    const size = Math.max(SMALLEST_FONT, Math.min(LARGEST_FONT, Math.floor(line.column * 1.5)));
    const width = characterWidth(size);
    field.style.fontSize = `${size}px`;
    field.style.letterSpacing = `${line.column - width}px`;
    field.style.textIndent = `${(line.column - width) / 2}px`;
    field.style.color = line.column < READABLE_COLUMN ? "transparent" : "";
    const caretRoom = line.to === field.value.length ? sizeOf(root).width - line.left - line.width : 0;
    field.style.width = `${line.width + caretRoom}px`;
    put(field, "scrollLeft", Math.round(line.from * line.column));
  }

  const alphabetKeys = byId("alphabet");
  const settleAlphabet = rove(alphabetKeys);
  alphabetKeys.addEventListener("pointerdown", (event) => event.preventDefault());
  alphabetKeys.addEventListener("click", (event) => {
    const symbol = /** @type {HTMLElement} */ (event.target).dataset?.symbol;
    const { document: doc } = store.get();
    if (symbol === undefined || doc.input.kind !== "text") return;
    const at = document.activeElement === field ? field.selectionStart ?? 0 : Math.min(store.get().selection.t + 1, doc.input.text.length);
    const text = doc.input.text.slice(0, at) + symbol + doc.input.text.slice(at);
    if (actions.replaceInput({ kind: "text", text }, gesture())) show(text, at + 1);
  });

  /** @param {{alphabet: string}} inputs */
  function renderKeys({ alphabet }) {
    alphabetKeys.replaceChildren(...Array.from(alphabet, (symbol) => {
      const key = document.createElement("button");
      key.type = "button";
      key.tabIndex = -1;
      key.dataset.symbol = symbol;
      key.textContent = visible(symbol);
      key.title = symbol === " " ? "insert a space" : `insert ${symbol}`;
      return key;
    }));
    settleAlphabet();
  }

  /** @param {Inputs} inputs */
  function render({ input, zoom }) {
    const text = input.kind === "text";
    put(field, "hidden", !text);
    put(alphabetKeys, "hidden", !text);
    if (text) showText(input.text, zoom);
  }

  /**
   * Show the document's text, unless an input method is composing or the reader has emptied the field.
   * @param {string} text
   * @param {State["zoom"]} zoom
   */
  function showText(text, zoom) {
    const emptied = field.value === "" && document.activeElement === field;
    if (field.value !== text && !composing && !emptied) {
      const position = Math.min(field.selectionStart ?? 0, text.length);
      field.value = text;
      if (document.activeElement === field) field.setSelectionRange(position, position);
    }
    layOut(zoom);
  }

  return [
    {
      root: field,
      // The gutters grow with the page's type even if the strip keeps its size.
      inputs: (_, { document, network: { parts }, answer, zoom }) => ({ input: document.input, zoom, columns: columnsOf(parts, answer, runSteps(document, parts)), size: sizeOf(root), scale: typeScale() }),
      render,
    },
    { root: alphabetKeys, inputs: (_, { network }) => ({ alphabet: network.alphabet ?? "" }), render: renderKeys },
  ];
}

/**
 * A text without the end of what was inserted, if it is too long.
 * @param {string} text
 * @param {number} start where it was inserted
 * @param {number} end where that ends
 * @param {number} most the limit
 * @returns {Part} the text as it is if no part of what was inserted fits
 */
export function partThatFits(text, start, end, most) {
  const left = Math.max(0, text.length - most);
  const fits = end - left;
  return fits > start ? { text: text.slice(0, fits) + text.slice(end), end: fits, left } : { text, end, left: 0 };
}
