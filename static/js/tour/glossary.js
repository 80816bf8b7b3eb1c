/** The glossary in a dialog; names in it lead to the picture. */

import { make } from "../lib/dom.js";
import { nameOf } from "../model/cell/references.js";
import { symbol } from "../model/cell/symbols.js";
import { known, nameNode, tourNodes } from "./prose.js";

/** @import {Page} from "../state/page.d.ts" */
/** @import {GlossaryEntry, Model} from "../types.d.ts" */
/** @import {Leads} from "./prose.js" */

/**
 * @param {Page} page
 * @param {Omit<Leads, "explain">} leads
 */
export function createGlossary(page, leads) {
  const { store, byId } = page;
  const entries = page.config.glossary;
  const dialog = byId("glossary", HTMLDialogElement);
  const list = byId("glossary-list");
  byId("glossary-close").addEventListener("click", () => dialog.close());
  byId("help-glossary").addEventListener("click", () => {
    byId("help-dialog", HTMLDialogElement).close();
    show();
  });
  /** @type {Leads} */
  const inside = { point: leads.point, go: leave, explain: find };

  /** @param {string} name */
  function leave(name) {
    dialog.close();
    leads.go(name);
  }

  /** @param {string} term */
  function find(term) {
    const heading = /** @type {HTMLElement | null} */ (list.querySelector(`[data-term="${idOf(term)}"]`));
    heading?.focus();
    heading?.scrollIntoView({ block: "start" });
  }

  /** @param {string} [term] where to begin */
  function show(term) {
    const { model } = store.get();
    list.replaceChildren(...entries.flatMap((entry) => entryNodes(entry, model, inside)));
    dialog.showModal();
    if (term) find(term);
  }

  return { show };
}

/**
 * @param {GlossaryEntry} entry
 * @param {Model | null} model
 * @param {Leads} leads
 */
function entryNodes({ term, names, text }, model, leads) {
  const heading = Object.assign(make("dt", "", term), { tabIndex: -1 });
  heading.dataset.term = idOf(term);
  const here = names.flatMap((name) => known(name, model) ?? []);
  heading.append(...here.flatMap((reference) => [" ", nameNode(symbol(reference), nameOf(reference), model, leads)]));
  const meaning = make("dd");
  meaning.append(...tourNodes(text, model, leads));
  return [heading, meaning];
}

/** @param {string} term */
function idOf(term) {
  return `term-${term.replace(/\W+/g, "-")}`;
}
