/** Sizes of panels, known without asking the layout for them each frame. */

/** @typedef {{width: number, height: number}} Size */

/**
 * @param {() => void} changed called when any panel asked about has another size
 * @param {AbortSignal} signal ends it
 * @returns {(element: Element) => Size} an element's inner size in CSS px, as of the last time it changed
 */
export function createSizes(changed, signal) {
  /** @type {WeakMap<Element, Size>} */
  const sizes = new WeakMap();
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) sizes.set(target, measure(target));
    changed();
  });
  signal.addEventListener("abort", () => observer.disconnect());
  return (element) => {
    const known = sizes.get(element);
    if (known) return known;
    const size = measure(element);
    sizes.set(element, size);
    observer.observe(element);
    return size;
  };
}

/**
 * @param {Element} element
 * @returns {Size}
 */
function measure(element) {
  return { width: element.clientWidth, height: element.clientHeight };
}
