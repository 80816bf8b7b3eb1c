/** Sizes of panels without asking the layout for them each frame. */

/** @typedef {{width: number, height: number}} Size */

/** @type {WeakMap<Element, Size>} */
const sizes = new WeakMap();
let changed = () => {};

const observer = new ResizeObserver((entries) => {
  for (const { target } of entries) sizes.set(target, measure(target));
  changed();
});

/**
 * An element's inner size in CSS px, as of the last time it changed.
 * @param {Element} element
 * @returns {Size}
 */
export function sizeOf(element) {
  const known = sizes.get(element);
  if (known) return known;
  const size = measure(element);
  sizes.set(element, size);
  observer.observe(element);
  return size;
}

/** @param {() => void} listener called when any panel asked about has another size */
export function onResize(listener) {
  changed = listener;
}

/**
 * @param {Element} element
 * @returns {Size}
 */
function measure(element) {
  return { width: element.clientWidth, height: element.clientHeight };
}
