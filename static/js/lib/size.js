/** Sizes of panels, kept so that no frame has to force a layout. */

/** @typedef {{width: number, height: number}} Size */

/**
 * @param {() => void} changed called when the size of a requested panel changes
 * @param {AbortSignal} signal stops the observation
 * @returns {(element: Element) => Size} an element's last observed inner size in CSS px
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
