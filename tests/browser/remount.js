// Opens the page again in a tab that has loaded it before, without loading it.

async () => {
  const main = await import(document.querySelector("script[src$='/main.js']").src);
  const theme = document.querySelector("script[src$='/theme.js']").src;
  const parsed = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const attributes = [...parsed.documentElement.attributes].map(({ name }) => name);
  // The page loads Plotly last. It would not load it again.
  for (let i = 0; i < 200 && !window.Plotly; i++) await new Promise((then) => setTimeout(then, 50));
  const mine = new Set(Object.getOwnPropertyNames(window)).add("remount");
  const address = location.href;
  let page = main.page;
  let starts = 0;

  /** Ends the running page; the head, with its scripts and style sheets, stays. */
  const end = () => {
    const root = document.documentElement;
    root.replaceChildren = () => document.body.replaceChildren();
    page.unmount();
    delete root.replaceChildren;
    for (const { name } of [...root.attributes]) if (!attributes.includes(name)) root.removeAttribute(name);
    window.remount.ended = true;
  };

  /** Starts the page in the markup that the server sent. */
  const start = async () => {
    document.body = parsed.body.cloneNode(true);
    document.title = parsed.title;
    scrollTo(0, 0);
    window.remount.ended = false;
    starts += 1;
    await import(`${theme}#${starts}`); // another fragment is another module, which runs
    page = main.start();
  };

  /** Forgets what the page kept and what a test left in the window. */
  const forget = async () => {
    sessionStorage.clear();
    localStorage.clear();
    for (const { name } of await indexedDB.databases()) {
      await new Promise((then) => {
        const request = indexedDB.deleteDatabase(name);
        request.onsuccess = request.onerror = request.onblocked = then;
      });
    }
    for (const name of Object.getOwnPropertyNames(window)) if (!mine.has(name)) delete window[name];
    history.replaceState(null, "", address);
  };

  window.remount = { ended: false, end, start, forget };
}
