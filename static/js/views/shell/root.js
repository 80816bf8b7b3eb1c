/** The marks on the page's root that style sheets go by, and whether what is shown is up to date. */

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {State} from "../../types.d.ts" */

/**
 * @param {Page} page
 * @returns {View<{theme: string, lost: boolean}>}
 */
export function createRoot({ root, store, byId }) {
  const plots = byId("plots");
  // Set at once and not in the next frame drawn: whoever drives the page waits for it, and frames may be left out.
  const mark = (/** @type {State} */ { synced, trace }) => {
    plots.dataset.synced = synced ? String(trace?.run) : "";
  };
  mark(store.get());
  store.subscribe((state, before) => {
    if (state.synced !== before.synced || state.trace !== before.trace) mark(state);
  });
  return {
    root,
    inputs: (_, { theme, connection }) => ({ theme, lost: connection === "lost" }),
    render({ theme, lost }) {
      root.dataset.theme = theme;
      root.classList.toggle("stale", lost);
    },
  };
}
