/** The menu that copies one number. */

import { make } from "../../lib/dom.js";
import { createMenu } from "../../lib/controls/menu.js";
import { latex, numpy, plainText } from "./copy.js";

/** @import {Page} from "../../state/page.d.ts" */
/** @import {Number_} from "./copy.js" */

const KINDS = /** @type {const} */ ([["Plain text", plainText], ["LaTeX", latex], ["NumPy", numpy]]);

/**
 * @param {Page} page
 * @param {() => Number_ | null} number returns the number on show
 */
export function createCopyMenu(page, number) {
  const { actions, byId } = page;
  createMenu(byId("copy"), byId("copy-menu"), KINDS.map(([label, write]) => ({
    label,
    run() {
      const shown = number();
      if (shown) copy(write(shown), label);
    },
  })));

  /**
   * @param {string} text
   * @param {string} label
   */
  async function copy(text, label) {
    const done = await toClipboard(text);
    actions.notify(done ? { kind: "info", text: `Copied as ${label}.` } : { kind: "error", text: "The browser does not let this page copy." });
  }
}

/**
 * @param {string} text
 * @returns {Promise<boolean>} whether it succeeded
 */
async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByHand(text);
  }
}

/**
 * The old way to copy, for pages without the Clipboard API because they are not served over TLS or from localhost.
 * @param {string} text
 */
function copyByHand(text) {
  const field = Object.assign(make("textarea"), { value: text });
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  before?.after(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  before?.focus();
  return done;
}
