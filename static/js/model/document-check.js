/** Checks a document from storage, which another version of the page or another program may have written. */

/** @import {Config} from "../types.d.ts" */

/** The version of documents without a version. */
const VERSION = 1;
const CELLS = ["gru", "lstm", "rnn"];
const PANELS = ["input", "plots", "transport", "cell", "weights", "number"];
const DTYPES = ["float64", "float32"];
const DIRECTIONS = ["forward", "reverse"];
const PARTS = ["layer", "readout", "embedding"];

/**
 * The fault of a value at a path, or null.
 * @typedef {(value: any, path: string) => string | null} Check
 */

/**
 * The first reason why the page cannot use a document, or null if it can. Fields that this version does not know are left to the server.
 * @param {unknown} found
 * @param {Pick<Config, "limits" | "examples">} config
 * @returns {string | null} the field, the expected and the actual value
 */
export function storedDocumentFault(found, { limits, examples }) {
  const weight = number(-limits.weight, limits.weight);
  const array = text();
  const column = optional(integer(0));
  const place = { quantity: text(), unit: integer(0) };
  const layer = { layer: optional(integer(0)), direction: optional(oneOf(DIRECTIONS)) };

  const edit = variants("op", {
    set: fields({ array, row: integer(0), column, value: weight }),
    zero: fields({ array }),
    fill: fields({ array, value: weight }),
    random: fields({ array, seed: integer(0), gain: optional(number(0)) }),
    scale: fields({ array, factor: number() }),
    restore: fields({ array, row: column, column }),
    clamp: fields({ ...place, t: optional(integer(0)), value: weight }),
    start: fields({ ...place, value: weight }),
    ablate: fields({ unit: integer(0) }),
  });
  const network = variants("kind", {
    example: fields({ name: oneOf(examples.map(({ name }) => name)), cell: optional(oneOf(CELLS)), digest: optional(text()) }),
    random: fields({
      cell: optional(oneOf(CELLS)),
      hidden_size: integer(1, limits.hidden_size),
      seed: integer(0),
      gain: optional(number(0)),
      alphabet: optional(text(limits.input_size)),
      input_size: optional(integer(1, limits.input_size)),
    }),
    file: fields({ cell: optional(oneOf(CELLS)), digest: optional(text()), alphabet: optional(text()) }),
  });
  const input = variants("kind", {
    text: fields({ text: text(limits.steps) }),
    tokens: fields({ tokens: list(integer(0), 1, limits.steps) }),
    numbers: fields({ values: list(row(number(-limits.input_value, limits.input_value), limits.input_size), 1, limits.steps) }),
  });
  const target = variants("kind", {
    input: fields({ ahead: integer(0), channels: list(integer(0), 1, limits.input_size) }),
    values: fields({ values: list(list(number(), 0, Infinity), 0, limits.steps) }),
  });
  const document = fields({
    version: optional(oneOf([VERSION])),
    network,
    edits: list(all(fields({ ...layer, part: optional(oneOf(PARTS)), off: optional(flag) }), edit), 0, limits.edits),
    input,
    target: optional(target),
    options: optional(fields({ dtype: optional(oneOf(DTYPES)), form: optional(fields({})) })),
    view: optional(fields(layer)),
    panels: optional(list(oneOf(PANELS), 0, PANELS.length)),
  });
  return document(found, "");
}

/**
 * The first reason why the page cannot use a card from storage, or null if it can.
 * @param {unknown} found
 * @returns {string | null}
 */
export function storedCardFault(found) {
  const texts = list(anyText, 0, Infinity);
  const channels = list(fields({ name: optional(anyText), unit: optional(anyText), mean: optional(number()), scale: optional(number()) }), 0, Infinity);
  const target = fields({ ahead: optional(integer(0)), columns: optional(texts) });
  const card = fields({
    title: optional(anyText), text: optional(anyText), alphabet: optional(text()), tokens: optional(texts), channels: optional(channels),
    outputs: optional(channels), classes: optional(texts), sampling_rate: optional(number(0)), target: optional(target),
  });
  return card(found, "");
}

/**
 * @param {string} path
 * @param {string} expected
 * @param {unknown} got
 */
function fault(path, expected, got) {
  const written = JSON.stringify(got) ?? String(got);
  return `${path || "document"}: expected ${expected}, got ${written.length > 40 ? `${written.slice(0, 40)}…` : written}`;
}

/**
 * @param {Record<string, Check>} checks
 * @returns {Check}
 */
function fields(checks) {
  return (value, path) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return fault(path, "an object", value);
    return firstFault(Object.entries(checks), ([name, check]) => check(value[name], path ? `${path}.${name}` : name));
  };
}

/**
 * @param {string} tag the field that selects the check
 * @param {Record<string, Check>} checks
 * @returns {Check}
 */
function variants(tag, checks) {
  return (value, path) => {
    const wrong = fields({ [tag]: oneOf(Object.keys(checks)) })(value, path);
    return wrong ?? checks[value[tag]](value, path);
  };
}

/**
 * @param {Check} item
 * @param {number} least
 * @param {number} most
 * @returns {Check}
 */
function list(item, least, most) {
  return (value, path) => {
    if (!Array.isArray(value)) return fault(path, "a list", value);
    if (value.length < least || value.length > most) return fault(path, `from ${least} to ${most} entries`, value.length);
    return firstFault([...value.entries()], ([i, entry]) => item(entry, `${path}.${i}`));
  };
}

/**
 * Rows of equal length.
 * @param {Check} item
 * @param {number} most
 * @returns {Check}
 */
function row(item, most) {
  /** @type {number | null} */
  let width = null;
  const check = list(item, 1, most);
  return (value, path) => {
    const wrong = check(value, path);
    if (wrong !== null) return wrong;
    width ??= value.length;
    return value.length === width ? null : fault(path, `${width} numbers, like the first row`, value.length);
  };
}

/** @param {...Check} checks */
function all(...checks) {
  /** @type {Check} */
  const check = (value, path) => firstFault(checks, (each) => each(value, path));
  return check;
}

/**
 * @param {Check} check
 * @returns {Check} a check that also accepts null and undefined
 */
function optional(check) {
  return (value, path) => (value == null ? null : check(value, path));
}

/**
 * @param {readonly unknown[]} values
 * @returns {Check}
 */
function oneOf(values) {
  return (value, path) => (values.includes(value) ? null : fault(path, `one of ${values.join(", ")}`, value));
}

/**
 * @param {number} [longest] in characters
 * @returns {Check}
 */
function text(longest = Infinity) {
  return (value, path) => {
    if (typeof value !== "string" || value === "") return fault(path, "text", value);
    return value.length <= longest ? null : fault(path, `at most ${longest} characters`, value.length);
  };
}

/**
 * @param {number} [low]
 * @param {number} [high]
 * @returns {Check}
 */
function number(low = -Infinity, high = Infinity) {
  return (value, path) => (Number.isFinite(value) && value >= low && value <= high ? null : fault(path, range("a number", low, high), value));
}

/**
 * @param {number} low
 * @param {number} [high]
 * @returns {Check}
 */
function integer(low, high = Number.MAX_SAFE_INTEGER) {
  return (value, path) => (Number.isSafeInteger(value) && value >= low && value <= high ? null : fault(path, range("a whole number", low, high), value));
}

/** @type {Check} */
const anyText = (value, path) => (typeof value === "string" ? null : fault(path, "text", value));

/** @type {Check} */
const flag = (value, path) => (typeof value === "boolean" ? null : fault(path, "true or false", value));

/**
 * @param {string} noun
 * @param {number} low
 * @param {number} high
 */
function range(noun, low, high) {
  if (high >= Number.MAX_SAFE_INTEGER) return Number.isFinite(low) ? `${noun} from ${low}` : noun;
  return `${noun} from ${low} to ${high}`;
}

/**
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T) => string | null} check
 */
function firstFault(items, check) {
  for (const item of items) {
    const wrong = check(item);
    if (wrong !== null) return wrong;
  }
  return null;
}
