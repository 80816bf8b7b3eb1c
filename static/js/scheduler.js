/** One animation-frame loop for the page: it runs while something is dirty and stops by itself. */

/**
 * @param {() => void} draw called at most once a frame, after one or more `invalidate()`
 * @returns {{ invalidate: () => void }}
 */
export function createScheduler(draw) {
  let scheduled = false;
  return {
    invalidate() {
      if (scheduled) return;
      scheduled = true;
      requestAnimationFrame(() => {
        scheduled = false;
        draw();
      });
    },
  };
}
