/** The top bar: undo and redo, theme, help and connection. */

import { canRedo, canUndo } from "../../model/history.js";
import { put } from "../../lib/dom.js";
import { allow } from "../../lib/controls/focus-restore.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {State} from "../../types.d.ts" */

const CONNECTION_TEXTS = { connecting: "connecting", open: "live", lost: "connection lost, edits are kept" };

/**
 * @param {Page} page
 * @returns {View<Pick<State, "connection" | "history">>}
 */
export function createHeader(page) {
  const { store, actions, byId } = page;
  byId("undo").addEventListener("click", actions.undo);
  byId("redo").addEventListener("click", actions.redo);
  byId("theme").addEventListener("click", () => {
    const theme = store.get().theme === "dark" ? "light" : "dark";
    actions.show({ theme });
    rememberTheme(theme);
  });
  byId("help").addEventListener("click", () => byId("help-dialog", HTMLDialogElement).showModal());
  byId("help-close").addEventListener("click", () => byId("help-dialog", HTMLDialogElement).close());

  return {
    root: /** @type {HTMLElement} */ (byId("undo").closest(".bar")),
    inputs: (_, { connection, history }) => ({ connection, history }),
    render({ connection, history }) {
      allow(byId("undo"), canUndo(history));
      allow(byId("redo"), canRedo(history));
      byId("connection").dataset.connection = connection;
      put(byId("connection-text"), "textContent", CONNECTION_TEXTS[connection]);
    },
  };
}

/** @param {State["theme"]} theme for theme.js to read on the next visit */
function rememberTheme(theme) {
  try {
    localStorage.setItem("gruscope theme", theme);
  } catch {
    // Storage is blocked: the theme lasts until the page is left.
  }
}
