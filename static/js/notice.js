/** One message at a time, where it cannot be missed. */

import { byId, put } from "./dom.js";

/** @import {Actions} from "./actions.js" */
/** @import {State} from "./types.d.ts" */

/** @param {Actions} actions */
export function createNotice(actions) {
  const root = byId("notice");
  const action = byId("notice-action");
  /** @type {State["notice"]} */
  let shown = null;
  byId("notice-close").addEventListener("click", () => actions.notify(null));
  action.addEventListener("click", () => {
    const run = shown?.action?.run;
    actions.notify(null);
    run?.();
  });

  /** @param {State} state */
  function render({ notice }) {
    if (notice === shown) return;
    shown = notice;
    put(root, "hidden", notice === null);
    if (notice === null) return;
    root.dataset.kind = notice.kind;
    put(byId("notice-text"), "textContent", notice.text);
    put(action, "hidden", !notice.action);
    put(action, "textContent", notice.action?.label ?? "");
  }

  return { render };
}
