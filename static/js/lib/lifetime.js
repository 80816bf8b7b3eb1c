/** Cleans up when a page is unmounted: listeners outside its own elements, timers and observers. */

/**
 * @typedef {object} Lifetime
 * @property {AbortSignal} signal aborts when the page is unmounted
 * @property {(target: EventTarget, type: string, listener: (event: any) => void, options?: AddEventListenerOptions) => void} listen listen to
 *   targets that outlive the page, such as its root and the window; the elements in the root are removed together with their listeners
 * @property {(run: () => void, ms: number) => number} after a timer
 * @property {(timer: number) => void} cancel a timer, even if it has already run
 * @property {() => void} end
 */

/** @returns {Lifetime} */
export function createLifetime() {
  const ended = new AbortController();
  /** @type {Set<number>} */
  const timers = new Set();
  const cancel = (/** @type {number} */ timer) => {
    clearTimeout(timer);
    timers.delete(timer);
  };
  return {
    signal: ended.signal,
    listen: (target, type, listener, options = {}) => target.addEventListener(type, listener, { ...options, signal: ended.signal }),
    after(run, ms) {
      const timer = Number(setTimeout(() => {
        timers.delete(timer);
        run();
      }, ms));
      timers.add(timer);
      return timer;
    },
    cancel,
    end() {
      ended.abort();
      for (const timer of timers) cancel(timer);
    },
  };
}
