/** The pointer on the plots: it previews the value under it, a click or a tap pins that value, and a swipe moves a zoomed window. */

/** @import {Lifetime} from "../../lib/lifetime.js" */
/** @import {Selection} from "../../types.d.ts" */

/**
 * A button or a finger that is down. `panned`: the x, in px, up to which the window has followed a finger.
 * @typedef {{pointer: number, x: number, y: number, panned: number | null, moved: boolean, place: Selection | null}} Press
 */

/** px that the pointer may move during a click or a tap */
const STILL_PX = { mouse: 4, pen: 6, touch: 10 };

/**
 * @param {HTMLElement} root
 * @param {Lifetime["listen"]} listen
 * @param {object} actions
 * @param {(event: PointerEvent) => Selection | null} actions.placeAt null between the plots
 * @param {(place: Selection | null) => void} actions.point
 * @param {(place: Selection) => void} actions.pin
 * @param {(place: Selection) => void} actions.tap pin, or unpin if it is already pinned
 * @param {(px: number) => number} actions.pan move by whole timesteps; returns the px moved
 */
export function listenToPointer(root, listen, { placeAt, point, pin, tap, pan }) {
  /** @type {Press | null} */
  let press = null;
  /** @type {{x: number, y: number, place: Selection} | null} */
  let tapped = null;

  root.addEventListener("pointermove", (event) => {
    if (press === null && event.pointerType !== "touch" && !isNamed(event)) point(placeAt(event));
  });
  root.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch") point(null);
  });
  root.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary || isNamed(event)) return;
    press = { pointer: event.pointerId, x: event.clientX, y: event.clientY, panned: null, moved: false, place: placeAt(event) };
  });
  // Listen on the window, because Plotly covers the page while a button is down.
  listen(window, "pointermove", (event) => {
    const down = press;
    if (down !== null && down.pointer === event.pointerId) follow(event, down);
  });
  listen(window, "pointercancel", ({ pointerId }) => { if (press?.pointer === pointerId) press = null; });
  listen(window, "pointerup", (event) => {
    const ended = press;
    if (ended === null || ended.pointer !== event.pointerId) return;
    const { place, moved } = ended;
    press = null;
    if (place === null || moved) return;
    if (event.pointerType === "touch") tap(again(event, place));
    else pin(place);
  });

  /**
   * @param {PointerEvent} event
   * @param {Press} from
   */
  function follow(event, from) {
    const [along, across] = [event.clientX - from.x, event.clientY - from.y];
    if (!from.moved && Math.hypot(along, across) > stillPx(event)) {
      from.moved = true;
      if (event.pointerType === "touch" && Math.abs(along) > Math.abs(across)) from.panned = from.x;
    }
    if (!from.moved) return;
    if (event.pointerType !== "touch") point(null);
    else if (from.panned !== null) from.panned += pan(event.clientX - from.panned);
  }

  /**
   * A finger cannot hit a row of 4 px twice, so a tap near the last one counts as the same place.
   * @param {PointerEvent} event
   * @param {Selection} place
   */
  function again({ clientX: x, clientY: y }, place) {
    const near = tapped !== null && Math.hypot(x - tapped.x, y - tapped.y) <= STILL_PX.touch;
    tapped = near && tapped !== null ? tapped : { x, y, place };
    return tapped.place;
  }
}

/**
 * Whether an event is at a title or a name, which `pointing.js` handles.
 * @param {Event} event
 */
function isNamed({ target }) {
  return target instanceof Element && target.closest("[data-name], .plot-title") !== null;
}

/** @param {PointerEvent} event */
function stillPx({ pointerType }) {
  return STILL_PX[/** @type {keyof typeof STILL_PX} */ (pointerType)] ?? STILL_PX.mouse;
}
