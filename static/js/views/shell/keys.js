/** Keys that work everywhere on the page, unless the focused control needs them itself. */

/** @import {Page} from "../../state/page.d.ts" */
/** @import {Transport} from "./playback.js" */

/**
 * @param {Page} page
 * @param {Transport["moves"]} moves
 */
export function listenToKeys({ root, actions, byId, listen }, moves) {
  /** @type {Record<string, () => void>} */
  const plain = {
    ArrowLeft: moves.previous,
    ArrowRight: moves.next,
    "[": moves.previousStage,
    "]": moves.nextStage,
    "Shift ArrowLeft": moves.previousStage,
    "Shift ArrowRight": moves.nextStage,
    Home: moves.first,
    End: moves.last,
    " ": moves.play,
    p: actions.togglePresenting,
    "?": () => byId("help-dialog", HTMLDialogElement).showModal(),
    Escape: actions.escape,
    Backspace: actions.back,
  };
  listen(root, "keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey) return travel(event);
    const run = (event.shiftKey && plain[`Shift ${event.key}`]) || plain[event.key];
    if (!run || event.altKey || needsKey(/** @type {Element} */ (event.target), event.key)) return undefined;
    event.preventDefault();
    return run();
  });

  /** @param {KeyboardEvent} event */
  function travel(event) {
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) actions.redo();
    else actions.undo();
  }
}

/**
 * @param {Element} target
 * @param {string} key
 */
function needsKey(target, key) {
  if (target.closest("dialog")) return true;
  if (key === "Escape") return false;
  if (target.closest("input:not(#scrub), select, textarea")) return true;
  return key === " " && target.closest("button, a") !== null;
}
