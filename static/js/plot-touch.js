/** Fingers on the plots: a tap selects, a swipe to the side moves a zoomed window, one up or down scrolls the page. */

const TAP_PX = 10;

/**
 * @param {HTMLElement} root
 * @param {object} actions
 * @param {(event: PointerEvent) => void} actions.tap
 * @param {(px: number) => void} actions.pan since the last call
 */
export function listenToTouch(root, { tap, pan }) {
  /** @type {{x: number, y: number, panned: number, moved: boolean} | null} */
  let start = null;
  root.addEventListener("pointerdown", (event) => {
    start = { x: event.clientX, y: event.clientY, panned: event.clientX, moved: false };
  });
  root.addEventListener("pointermove", (event) => {
    if (start === null) return;
    start.moved ||= Math.hypot(event.clientX - start.x, event.clientY - start.y) > TAP_PX;
    if (!start.moved || Math.abs(event.clientX - start.panned) < TAP_PX) return;
    pan(event.clientX - start.panned);
    start.panned = event.clientX;
  });
  root.addEventListener("pointerup", (event) => {
    if (start && !start.moved) tap(event);
    start = null;
  });
  root.addEventListener("pointercancel", () => { start = null; });
}
