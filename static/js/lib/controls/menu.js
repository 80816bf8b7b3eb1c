/** A button that opens a menu, for pointer and keyboard. */

import { make } from "../dom.js";

/**
 * @param {HTMLElement} button
 * @param {HTMLElement} menu empty
 * @param {readonly {label: string, run: () => void}[]} choices
 */
export function createMenu(button, menu, choices) {
  const items = choices.map(({ label, run }) => {
    const item = Object.assign(make("button", "", label), { type: "button", role: "menuitem", tabIndex: -1 });
    item.addEventListener("click", () => {
      show(false);
      run();
    });
    return item;
  });
  menu.replaceChildren(...items);

  /** @param {boolean} open */
  function show(open) {
    const had = menu.contains(document.activeElement);
    menu.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) items[0].focus();
    else if (had) button.focus();
  }

  button.addEventListener("click", () => show(menu.hidden));
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget !== button && !menu.contains(/** @type {Node | null} */ (relatedTarget))) show(false);
  });
  menu.addEventListener("keydown", (event) => {
    const at = items.findIndex((item) => item === document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (next !== undefined) items.at(next % items.length)?.focus();
    else if (event.key === "Escape") show(false);
    else return;
    event.preventDefault();
  });
}
