/** Random ids. `crypto.randomUUID` exists only on secure origins, but a page may come by http:// from a local network. */

export function randomId() {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(16).padStart(8, "0")).join("");
}
