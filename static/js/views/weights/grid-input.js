/** Pointer and keyboard input of a weight grid. */

/** @import {Cell} from "../../types.d.ts" */
/** @import {GridActions} from "./grid.js" */

const DRAG_START_PX = 3;
/** px that a finger may move during a tap */
const TAP_PX = 10;

/**
 * @param {HTMLElement} view
 * @param {(event: PointerEvent | MouseEvent) => Cell} cellAt
 * @param {GridActions} actions
 */
export function listenToPointer(view, cellAt, actions) {
  /** @type {{cell: Cell, from: number, y: number, steps: number, moved: boolean, gesture: string} | null} */
  let drag = null;
  let drags = 0;
  /** @type {{cell: Cell, pointer: number, x: number, y: number} | null} the cell under a finger, which may be about to scroll */
  let touched = null;
  view.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    const cell = cellAt(event);
    if (event.pointerType === "touch") {
      touched = { cell, pointer: event.pointerId, x: event.clientX, y: event.clientY };
      return;
    }
    actions.choose(cell);
    drags += 1;
    drag = { cell, from: actions.valueOf(cell), y: event.clientY, steps: 0, moved: false, gesture: `drag ${drags}` };
    view.setPointerCapture(event.pointerId);
  });
  view.addEventListener("pointermove", (event) => {
    if (drag === null) {
      if (event.pointerType !== "touch") actions.hover(cellAt(event));
      return;
    }
    const up = drag.y - event.clientY;
    if (!drag.moved && Math.abs(up) < DRAG_START_PX) return;
    drag.moved = true;
    drag.y = event.clientY;
    drag.steps += up * (event.shiftKey ? 10 : 1);
    actions.move(drag.cell, drag.from, drag.steps, drag.gesture);
  });
  view.addEventListener("pointerup", ({ pointerId, clientX, clientY }) => {
    if (drag !== null && !drag.moved) actions.open();
    if (touched?.pointer === pointerId && Math.hypot(clientX - touched.x, clientY - touched.y) <= TAP_PX) actions.choose(touched.cell);
    drag = touched = null;
  });
  view.addEventListener("pointerleave", () => drag === null && actions.hover(null));
  view.addEventListener("pointercancel", () => { drag = touched = null; });
  view.addEventListener("dblclick", (event) => actions.restore(cellAt(event)));
}

/**
 * @param {KeyboardEvent} event
 * @param {Cell} cell
 * @param {number} rows
 * @param {number} columns
 * @param {GridActions} actions
 * @returns {boolean} whether the key has a function in a grid
 */
export function handleKey(event, cell, rows, columns, actions) {
  const way = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
  if (way && event.altKey && way[0] !== 0) actions.nudge(cell, -way[0] * (event.shiftKey ? 10 : 1), `keys ${cell.row} ${cell.column}`);
  else if (way) step(cell, way[0], way[1], rows, columns, actions);
  else if (event.key === "Home") actions.choose({ ...cell, column: 0 });
  else if (event.key === "End") actions.choose({ ...cell, column: columns - 1 });
  else if (event.key === "Enter") actions.open();
  else if (event.key === "Delete" || event.key === "Backspace") actions.restore(cell);
  else return false;
  return true;
}

/**
 * Move to the adjacent cell, or leave the array at its edge.
 * @param {Cell} cell
 * @param {number} down
 * @param {number} right
 * @param {number} rows
 * @param {number} columns
 * @param {GridActions} actions
 */
function step(cell, down, right, rows, columns, actions) {
  const [row, column] = [cell.row + down, cell.column + right];
  const inside = row >= 0 && row < rows && column >= 0 && column < columns;
  if (inside) actions.choose({ ...cell, row, column });
  else actions.leave(cell, down, right);
}
