/** Shows one message at a time, where it is easy to see. */

import { make, put } from "../../lib/dom.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {NoticeAction, State} from "../../types.d.ts" */

/**
 * @param {Page} page
 * @returns {View<Pick<State, "notice">>}
 */
export function createNotice(page) {
  const { actions, byId } = page;
  const root = byId("notice");
  const buttons = byId("notice-actions");
  /** @type {EventTarget | null} the element that had the focus before */
  let came = null;
  root.addEventListener("focusin", ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && root.contains(relatedTarget))) came = relatedTarget;
  });
  byId("notice-close").addEventListener("click", () => actions.notify(null));

  /** @param {Pick<State, "notice">} inputs */
  function render({ notice }) {
    const focused = root.querySelector(":focus-visible") !== null;
    put(root, "hidden", notice === null);
    if (notice === null) {
      if (focused && came instanceof HTMLElement) came.focus();
      return;
    }
    root.dataset.kind = notice.kind;
    put(byId("notice-text"), "textContent", notice.text);
    buttons.replaceChildren(...(notice.actions ?? []).map(button));
  }

  /** @param {NoticeAction} action */
  function button({ label, run }) {
    const element = Object.assign(make("button", "link", label), { type: "button" });
    element.addEventListener("click", () => {
      actions.notify(null);
      run();
    });
    return element;
  }

  return { root, inputs: ({ notice }) => ({ notice }), render };
}
