/** Sets attributes of the page's root for style sheets, and marks whether the plots are up to date. */

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {State} from "../../types.d.ts" */

/**
 * @param {Page} page
 * @returns {View<{theme: string, lost: boolean}>}
 */
export function createRoot({ root, store, byId }) {
  const plots = byId("plots");
  // Set it immediately instead of in the next frame, because scripts that drive the page wait for it and frames may be skipped.
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
