/** Random ids. `crypto.randomUUID` exists only on secure origins, which http:// on a local network is not. */

export function randomId() {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(16).padStart(8, "0")).join("");
}
