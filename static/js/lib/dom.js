/** DOM helpers that views share. */

import { parseNumber } from "./format.js";

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} [className]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

/**
 * Set a property only if it differs, so that an input keeps its caret and the page its layout.
 * @template {Element} T
 * @template {keyof T} K
 * @param {T} element
 * @param {K} key
 * @param {T[K]} value
 */
export function put(element, key, value) {
  if (element[key] !== value) element[key] = value;
}

/**
 * Position an element over a box in its panel.
 * @param {HTMLElement} element
 * @param {{left: number, top: number, width: number, height?: number}} box px; without a height the element keeps its own
 */
export function lay({ style }, { left, top, width, height }) {
  style.transform = `translate(${left}px, ${top}px)`;
  style.width = `${width}px`;
  if (height !== undefined) style.height = `${height}px`;
}

/**
 * Show a value in a field unless the user is typing in it.
 * @param {HTMLInputElement} field
 * @param {string} value
 */
export function fill(field, value) {
  if (document.activeElement !== field) put(field, "value", value);
}

/**
 * Show a number in a field, even if it has the focus, unless its text is already that number or not yet a number.
 * @param {HTMLInputElement} field
 * @param {string} text the number as text
 */
export function fillNumber(field, text) {
  const typed = parseNumber(field.value);
  const busy = document.activeElement === field && (Number.isNaN(typed) || typed === Number(text));
  if (!busy) put(field, "value", text);
}

/**
 * @param {Element} button
 * @param {boolean} pressed
 */
export function press(button, pressed) {
  const text = String(pressed);
  if (button.getAttribute("aria-pressed") !== text) button.setAttribute("aria-pressed", text);
}

/**
 * A number that the user typed, or null if it is not a number or out of range.
 * @param {HTMLInputElement} field
 * @param {number} low
 * @param {number} high
 */
export function numberOf(field, low, high) {
  const value = parseNumber(field.value);
  const fits = value >= low && value <= high;
  field.setAttribute("aria-invalid", String(!fits));
  return fits ? value : null;
}

/**
 * The same for an integer.
 * @param {HTMLInputElement} field
 * @param {number} low
 * @param {number} high
 */
export function integerOf(field, low, high) {
  const value = numberOf(field, low, high);
  const fits = value !== null && Number.isInteger(value);
  field.setAttribute("aria-invalid", String(!fits));
  return fits ? value : null;
}
