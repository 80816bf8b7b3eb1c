/** The token page: exchanges the token for a cookie. It uses a script because the page's content security policy forbids form posts. */

/** @param {string} id */
function element(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element #${id}`);
  return found;
}

const input = /** @type {HTMLInputElement} */ (element("token"));

/** Replaces this page, so that the token does not stay in the history. */
function enter() {
  const token = input.value.trim();
  if (token) location.replace(`/?token=${encodeURIComponent(token)}`);
}

element("enter").addEventListener("click", enter);
input.addEventListener("keydown", (event) => {
  if (event.key === "Enter") enter();
});
