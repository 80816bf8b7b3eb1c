/** A number field and a slider for the same value. */

import { fillNumber } from "../../lib/dom.js";
import { parseNumber, short } from "../../lib/format.js";
import { createSlider } from "../../lib/controls/slider.js";

/** @import {ById} from "../../lib/elements.js" */

/** The number of digits in the field, enough for a float32. */
const DIGITS = 7;
/** The number of positions of a slider. */
const STOPS = 200;

/**
 * All input during one focus of the field, or during one drag of the slider, is one gesture and one undo step.
 * @param {ById} byId
 * @param {string} name of the elements: `name-value` and `name-slider`
 * @param {(value: number, gesture: string) => boolean} set returns false if the value is refused
 */
export function createDial(byId, name, set) {
  const field = byId(`${name}-value`, HTMLInputElement);
  let visit = 0;
  const begin = () => { visit += 1; };
  const slider = createSlider(byId(`${name}-slider`, HTMLInputElement), {
    begin,
    set: (number) => set(number, `${name} slider ${visit}`),
  });

  function take() {
    const number = parseNumber(field.value);
    const taken = !Number.isNaN(number) && set(number, `${name} field ${visit}`);
    field.setAttribute("aria-invalid", String(!taken));
  }

  field.addEventListener("focus", begin);
  field.addEventListener("input", take);
  // Enter takes the number in the field even if it is unchanged, which holds a value where it is.
  field.addEventListener("keydown", (event) => event.key === "Enter" && take());
  field.addEventListener("blur", () => field.removeAttribute("aria-invalid"));

  return {
    /**
     * @param {number} value
     * @param {[number, number]} range of the slider
     */
    show(value, [low, high]) {
      slider.show(value, { low, high, step: (high - low) / STOPS });
      if (!Number.isNaN(value) && field.getAttribute("aria-invalid") !== "true") fillNumber(field, short(value, DIGITS).replace("−", "-"));
    },
  };
}
