/** Tells the reader about work from an earlier visit, and about storage that fails. */

import { inputLength } from "../../model/document.js";
import { countWords } from "../../model/edits/edit-words.js";

/** @import {Actions} from "../../state/actions.js" */
/** @import {Page} from "../../state/page.d.ts" */
/** @import {Persistence, Trouble} from "../../state/persistence.js" */
/** @import {GruDocument, Notice} from "../../types.d.ts" */

const SHOWN_TEXT = 24;

/**
 * @param {Trouble} trouble
 * @returns {Notice}
 */
export function troubleNotice({ kind, reason }) {
  const lasts = "Your work lasts only as long as this tab.";
  const texts = {
    blocked: `This browser does not let the page store anything (${reason}). ${lasts}`,
    full: `This browser's storage is full (${reason}). ${lasts}`,
    unusable: `A document from an earlier visit could not be used (${reason}).`,
  };
  return { kind: "info", text: texts[kind] };
}

/**
 * Offers the latest document of an earlier visit, unless the reader has started something else before it is found.
 * @param {Pick<Persistence, "load">} persistence
 * @param {Page} page
 */
export async function offerKeptWork({ load }, { store, actions, signal }) {
  const { document: first } = store.get();
  const { own, latest } = await load();
  if (signal.aborted || store.get().document !== first) return;
  // Restore the document of a reloaded tab without asking. It was too large for the copy that is read before the first paint.
  if (own !== null) take(own, actions);
  else if (latest !== null && JSON.stringify(latest) !== JSON.stringify(first)) {
    const resume = { label: "Continue where you left off", run: () => take(latest, actions) };
    actions.notify({ kind: "info", text: `Your work from an earlier visit is kept: ${describe(latest)}.`, actions: [resume] });
  }
}

/**
 * @param {GruDocument} document
 * @param {Actions} actions
 */
function take(document, actions) {
  actions.commit(document, null, { view: { preview: null, zoom: null, channel: 0, playing: false } });
}

/** @param {GruDocument} document */
function describe({ input, edits }) {
  const steps = inputLength(input);
  const length = steps === 1 ? "1 timestep" : `${steps} timesteps`;
  const begins = input.kind === "text" ? `“${input.text.slice(0, SHOWN_TEXT)}${steps > SHOWN_TEXT ? "…" : ""}”` : "numbers";
  return `${begins}, ${length}, ${edits.length === 0 ? "no edits" : countWords(edits)}`;
}
