/** A `<details>` that behaves like a menu: Escape and a press elsewhere close it. */

/** @import {Lifetime} from "../lifetime.js" */

/**
 * @param {Pick<Lifetime, "listen">} page
 * @param {HTMLDetailsElement} details
 * @param {() => boolean} isMenu false while it is part of the page and stays open
 */
export function closeLikeMenu({ listen }, details, isMenu = () => true) {
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open || !isMenu()) return;
    event.preventDefault();
    details.open = false;
    details.querySelector("summary")?.focus();
  });
  listen(document, "pointerdown", (event) => {
    if (isMenu() && !details.contains(/** @type {Node} */ (event.target))) details.open = false;
  });
}
