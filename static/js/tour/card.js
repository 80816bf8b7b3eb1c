/** The tour's card: its place on the page, its buttons and folding, and the links on its last page. */

import { isNarrow } from "../lib/breakpoints.js";
import { make, put } from "../lib/dom.js";
import { allow } from "../lib/controls/focus-restore.js";
import { createLights } from "./lit.js";
import { createPageText } from "./page-text.js";
import { bringIntoView } from "./sight.js";
import { createTask } from "./task.js";

/** @import {Page, View} from "../state/page.d.ts" */
/** @import {Tour, TourWay} from "../types.d.ts" */
/** @import {TourActions} from "./tour.js" */

/**
 * The card's views in drawing order: a page and its text are drawn before the focus moves to it.
 * @param {Page} page
 * @param {TourActions} tour
 * @param {(term?: string) => void} explain opens the glossary
 * @returns {View[]}
 */
export function createCard(page, tour, explain) {
  const { byId } = page;
  const root = byId("tour");

  for (const [id, run] of Object.entries({
    "tour-open": tour.enter, "tour-invited": tour.enter, "tour-declined": tour.decline, "tour-previous": tour.previous,
    "tour-show": tour.showMe, "tour-again": tour.again, "tour-leave": tour.leave, "tour-glossary": explain,
  })) byId(id).addEventListener("click", () => run());
  byId("tour-next").addEventListener("click", () => (byId("tour-next").dataset.last ? tour.leave() : tour.next()));
  byId("tour-onward").append("Where to go next:", ...waysOf(page.config).flatMap((way) => [" ", wayNode(way, page, tour, explain)]));
  byId("tour-fold").addEventListener("click", () => fold(root.classList.toggle("folded")));
  byId("tour-options").addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement) tour.answer(Number(target.value));
  });

  /** @param {boolean} folded */
  function fold(folded) {
    byId("tour-fold").setAttribute("aria-expanded", String(!folded));
    measure();
  }

  /** Set how much of a narrow screen the sheet covers. */
  function measure() {
    page.root.style.setProperty("--sheet", `${root.hidden ? 0 : root.offsetHeight}px`);
  }
  const observer = new ResizeObserver(measure);
  observer.observe(root);
  page.signal.addEventListener("abort", () => observer.disconnect());

  function unfold() {
    root.classList.remove("folded");
    fold(false);
  }

  return [createFrame(page), createLights(page), createPageText(page, tour, explain), createTask(page), createArrival(page, tour, unfold)];
}

/**
 * Shows the card, or the story in its place.
 * @param {Page} page
 * @returns {View<Pick<Tour, "open" | "begun"> & {narrow: boolean}>}
 */
function createFrame({ root: whole, byId }) {
  return {
    root: byId("tour"),
    inputs: (_, { tour: { open, begun } }) => ({ open, begun, narrow: isNarrow() }),
    render({ open, begun, narrow }, root) {
      const closes = !open && !root.hidden;
      put(root, "hidden", !open);
      put(root, "role", narrow ? "region" : "tabpanel");
      put(byId("story"), "hidden", open);
      put(byId("tour-invitation"), "hidden", begun);
      allow(byId("tour-open"), !open);
      whole.classList.toggle("touring", open);
      if (closes) byId("tour-open").focus();
    },
  };
}

/**
 * When a page opens, moves the focus to its title and scrolls to its panel.
 * @param {Page} page
 * @param {TourActions} tour
 * @param {() => void} unfold
 * @returns {View<Pick<Tour, "open" | "page">>}
 */
function createArrival(page, tour, unfold) {
  const { store, byId, config: { tour: pages } } = page;
  const isAt = (/** @type {number} */ index) => store.get().tour.open && store.get().tour.page === index;
  return {
    root: byId("tour"),
    inputs: (_, { tour: { open, page: index } }) => ({ open, page: index }),
    render({ open, page: index }, root) {
      if (!open) return;
      unfold();
      for (const scrolled of [root, byId("tour-body")]) scrolled.scrollTop = 0;
      byId("tour-title").focus({ preventScroll: true });
      bringIntoView(page, pages[index].panel, () => isAt(index), tour.look);
    },
  };
}

/**
 * The links on the last page; that to open a file only where the server takes one.
 * @param {Page["config"]} config
 */
function waysOf({ onward, uploads }) {
  return onward.filter(({ kind }) => kind !== "open" || uploads);
}

/**
 * A link on the last page.
 * @param {TourWay} way
 * @param {Page} page
 * @param {TourActions} tour
 * @param {(term?: string) => void} explain
 */
function wayNode({ say, kind, name }, { byId }, tour, explain) {
  if (kind === "code") return make("code", "", name);
  if (kind === "text") return make("span", "", say);

  const button = Object.assign(make("button", "link", say), { type: "button" });
  button.addEventListener("click", () => {
    if (kind === "glossary") return explain();
    if (kind === "example") return tour.goOn(name);
    tour.leave();
    byId("open-file").click();
  });
  return button;
}
