/** The marks on the page's root that style sheets go by. */

/** @import {Page, View} from "../../state/page.d.ts" */

/**
 * @param {Page} page
 * @returns {View<{theme: string, lost: boolean, synced: string}>}
 */
export function createRoot({ root, byId }) {
  const plots = byId("plots");
  return {
    root,
    inputs: (_, { theme, connection, synced, trace }) => ({ theme, lost: connection === "lost", synced: synced ? String(trace?.run) : "" }),
    render({ theme, lost, synced }) {
      root.dataset.theme = theme;
      root.classList.toggle("stale", lost);
      plots.dataset.synced = synced;
    },
  };
}
