/** A `<details>` that behaves like a menu: Escape and a press elsewhere close it. */

/** @import {Lifetime} from "../lifetime.js" */

/**
 * @param {Pick<Lifetime, "listen">} page
 * @param {HTMLDetailsElement} details
 */
export function closeLikeMenu({ listen }, details) {
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    event.preventDefault();
    details.open = false;
    details.querySelector("summary")?.focus();
  });
  listen(document, "pointerdown", (event) => {
    if (!details.contains(/** @type {Node} */ (event.target))) details.open = false;
  });
}
