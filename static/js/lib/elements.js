/** Finds the elements of one mounted page by id. Several pages in one document have different ids. */

/** Attributes that contain ids of other elements, separated by spaces. */
const REFERENCES = ["for", "list", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-activedescendant"];

/**
 * Look up an element of the page by its id in the page's markup.
 * @typedef {<T extends Element = HTMLElement>(id: string, type?: new () => T) => T} ById
 */

/**
 * @param {HTMLElement} root the page's markup
 * @returns {ById}
 */
export function createElements(root) {
  const elements = new Map([...root.querySelectorAll("[id]:not(symbol)")].map((element) => [element.id, element]));
  if ([...elements].some(([id, element]) => element.ownerDocument.getElementById(id) !== element)) makeUnique(root, elements);
  return (id, type) => {
    const element = elements.get(id);
    if (element === undefined || (type && !(element instanceof type))) throw new Error(`the page has no #${id}`);
    return /** @type {any} */ (element);
  };
}

/**
 * Give every element an id that no other page in the document uses, and update labels and other references to it.
 * @param {HTMLElement} root
 * @param {Map<string, Element>} elements
 */
function makeUnique(root, elements) {
  const suffix = freeSuffix(root.ownerDocument, [...elements.keys()]);
  for (const [id, element] of elements) element.id = `${id}-${suffix}`;
  const renamed = (/** @type {string} */ id) => (elements.has(id) ? `${id}-${suffix}` : id);
  for (const name of REFERENCES) {
    for (const element of root.querySelectorAll(`[${name}]`)) {
      const ids = (element.getAttribute(name) ?? "").split(" ");
      element.setAttribute(name, ids.map(renamed).join(" "));
    }
  }
  for (const link of root.querySelectorAll('a[href^="#"]')) link.setAttribute("href", `#${renamed((link.getAttribute("href") ?? "").slice(1))}`);
  for (const radio of root.querySelectorAll('input[type="radio"]')) radio.setAttribute("name", `${radio.getAttribute("name")}-${suffix}`);
}

/**
 * @param {Document} owner
 * @param {string[]} ids
 */
function freeSuffix(owner, ids) {
  for (let n = 2; ; n += 1) if (ids.every((id) => owner.getElementById(`${id}-${n}`) === null)) return n;
}
