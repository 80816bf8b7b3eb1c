/** The tour's card: a page's text, what it asks for, and whether that is done. */

import { isNarrow } from "../lib/breakpoints.js";
import { make, put } from "../lib/dom.js";
import { equationOf, proseNodes, wordNodes } from "../model/cell/equations.js";
import { cellOf, formOf, sameForm } from "../model/document.js";
import { allow } from "../lib/controls/focus-restore.js";
import { confirmation, objection } from "./confirmation.js";
import { progressOf } from "./done.js";
import { createLights } from "./lit.js";
import { tourNodes } from "./prose.js";
import { bringIntoView, panelOf } from "./sight.js";

/** @import {Page} from "../state/page.d.ts" */
/** @import {State, TourPage, TourWay} from "../types.d.ts" */
/** @import {TourActions} from "./tour.js" */
/** @import {Leads} from "./prose.js" */

const DONE = "✓";
const OPEN = "○";

/**
 * @param {Page} page
 * @param {TourActions} tour
 * @param {(term?: string) => void} explain opens the glossary
 */
export function createCard(page, tour, explain) {
  const { byId } = page;
  const { tour: pages, onward } = page.config;
  const root = byId("tour");
  const title = byId("tour-title");
  const lights = createLights(page);
  /** @type {unknown[]} */
  let drawn = [];
  /** the page that has the focus and the panel in view */
  let arrived = -1;

  for (const [id, run] of Object.entries({
    "tour-open": tour.enter, "tour-invited": tour.enter, "tour-declined": tour.decline, "tour-previous": tour.previous,
    "tour-show": tour.showMe, "tour-again": tour.again, "tour-leave": tour.leave, "tour-glossary": explain,
  })) byId(id).addEventListener("click", () => run());
  byId("tour-next").addEventListener("click", () => (byId("tour-next").dataset.last ? tour.leave() : tour.next()));
  byId("tour-onward").append("Where to go next:", ...onward.flatMap((way) => [" ", wayNode(way, tour, explain)]));
  byId("tour-fold").addEventListener("click", () => fold(root.classList.toggle("folded")));
  byId("tour-options").addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement) tour.answer(Number(target.value));
  });

  /** @param {boolean} folded */
  function fold(folded) {
    byId("tour-fold").setAttribute("aria-expanded", String(!folded));
    measure();
  }

  /** How much of a narrow screen the sheet covers. */
  function measure() {
    page.root.style.setProperty("--sheet", `${root.hidden ? 0 : root.offsetHeight}px`);
  }
  const observer = new ResizeObserver(measure);
  observer.observe(root);
  page.signal.addEventListener("abort", () => observer.disconnect());

  /** @param {State} state */
  function render(state) {
    const { tour: { open, page: index, begun, aimed } } = state;
    const changed = root.hidden === open;
    put(root, "hidden", !open);
    put(byId("story"), "hidden", open);
    put(byId("tour-invitation"), "hidden", begun);
    allow(byId("tour-open"), !open);
    page.root.classList.toggle("touring", open);
    lights(!open ? [] : aimed ? [aimed] : pages[index].show);
    if (!open) {
      arrived = -1;
      if (changed) byId("tour-open").focus();
      return;
    }
    put(root, "role", isNarrow() ? "region" : "tabpanel");
    root.dataset.task = pages[index].task.kind;
    draw(state, pages[index]);
    if (arrived !== index) arrive(index);
  }

  /** @param {number} index */
  function arrive(index) {
    arrived = index;
    root.classList.remove("folded");
    fold(false);
    for (const scrolled of [root, byId("tour-body")]) scrolled.scrollTop = 0;
    title.focus({ preventScroll: true });
    bringIntoView(page, pages[index].panel, () => arrived === index, tour.look);
  }

  /**
   * @param {State} state
   * @param {TourPage} page
   */
  function draw(state, page) {
    const { model, document: doc, tour: { page: index, done, answers }, synced, trace } = state;
    const key = [page, model, doc, done, answers, synced, trace?.complete];
    if (key.every((part, i) => part === drawn[i])) return;
    const fresh = drawn[0] !== page || drawn[1] !== model;
    drawn = key;
    if (fresh) write(state, page);
    put(byId("tour-place"), "textContent", `${index + 1} / ${pages.length}`);
    const last = index === pages.length - 1;
    put(byId("tour-onward"), "hidden", !last);
    allow(byId("tour-previous"), index > 0);
    put(byId("tour-next"), "textContent", last ? "Finish" : "Next");
    byId("tour-next").dataset.last = last ? "1" : "";
    check(answers[page.name]);
    say(state, page, done.includes(page.name));
    put(byId("tour-again"), "hidden", doc === page.document);
  }

  /**
   * @param {State} state
   * @param {TourPage} told
   */
  function write({ model }, told) {
    /** @type {Leads} */
    const leads = {
      point: tour.point,
      explain,
      go(name) {
        tour.go(name);
        bringIntoView(page, panelOf(name, told, model), () => true, tour.look);
      },
    };
    put(title, "textContent", told.title);
    byId("tour-text").replaceChildren(...tourNodes(told.text, model, leads));
    const equation = told.equation && equationOf(model, told.equation);
    byId("tour-equation").replaceChildren(...(equation ? wordNodes(equation.words) : []));
    const { question } = told;
    put(byId("tour-question"), "hidden", question === null);
    byId("tour-ask").replaceChildren(...proseNodes(question?.ask ?? "", model));
    byId("tour-options").replaceChildren(...(question?.options ?? []).map(({ text }, i) => option(text, i)));
  }

  /** @param {number | undefined} answer */
  function check(answer) {
    byId("tour-options").querySelectorAll("input").forEach((input, i) => {
      input.checked = i === answer;
      input.disabled = answer === -1;
    });
  }

  /**
   * What there is to do, or what came of it.
   * @param {State} state
   * @param {TourPage} page
   * @param {boolean} done
   */
  function say(state, page, done) {
    const answer = state.tour.answers[page.name];
    const { acted, unmet, done: now } = progressOf(page, state);
    const objects = acted && unmet !== null && state.synced;
    const marked = done && !objects;
    put(byId("tour-mark"), "textContent", marked ? DONE : OPEN);
    byId("tour-mark").classList.toggle("done", marked);
    const line = make("span");
    if (page.question && answer === undefined) line.append("What do you think? Choose, then try it.");
    else if (now) line.append(...confirmation(page, state));
    else if (objects) line.append(...objection(unmet, state));
    else line.append(...proseNodes(page.task.say, state.model), done ? " You have done this." : "");
    if (isStrange(page, state)) line.append(" (These are other equations than the page tells of.)");
    const said = byId("tour-say");
    // What stands there already is not said again.
    if (said.textContent !== line.textContent) said.replaceChildren(line);
    put(byId("tour-show"), "hidden", now);
  }

  return { render };
}

/**
 * Whether what is computed is not what a page tells of.
 * @param {TourPage} page
 * @param {State} state
 */
function isStrange({ document: told, task }, { document: doc }) {
  const chosen = task.kind === "cell" ? task.cell : cellOf(told);
  return ![chosen, cellOf(told)].includes(cellOf(doc)) || !sameForm(formOf(told), formOf(doc));
}

/**
 * @param {string} text
 * @param {number} index
 */
function option(text, index) {
  const label = make("label", "tour-option");
  label.append(Object.assign(make("input"), { type: "radio", name: "tour-option", value: String(index) }), make("span", "", text));
  return label;
}

/**
 * A way on from the last page.
 * @param {TourWay} way
 * @param {TourActions} tour
 * @param {() => void} explain
 */
function wayNode({ say, kind, name }, tour, explain) {
  if (kind === "code") return make("code", "", name);
  if (kind === "text") return make("span", "", say);

  const button = Object.assign(make("button", "link", say), { type: "button" });
  button.addEventListener("click", () => (kind === "glossary" ? explain() : tour.goOn(kind, name)));
  return button;
}
