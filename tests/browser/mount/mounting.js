// Mounts pages by hand, in a document whose own page is kept from starting.

/** @param {string} base address of static/js/ */
async (base) => {
  const { mount } = await import(`${base}mount.js`);
  const { webSocketTransport } = await import(`${base}server/connection.js`);
  const config = JSON.parse(document.getElementById("config").textContent);
  const url = new URL(config.socket, location.href);
  url.protocol = "ws:";
  const markup = document.body.innerHTML;
  document.body.replaceChildren();

  /** A page in an element of its own, as another program would embed it. */
  window.open_page = (name, example) => {
    const root = document.createElement("div");
    root.dataset.test = name;
    root.innerHTML = markup;
    root.querySelector("#config").remove();
    document.body.append(root);
    const transport = webSocketTransport(url.href);
    return mount(root, { config: { ...config, default: example }, transport });
  };

  const timers = new Set();
  for (const kind of ["Timeout", "Interval"]) {
    const [set, clear] = [window[`set${kind}`], window[`clear${kind}`]];
    window[`set${kind}`] = (run, ms) => {
      const timer = set(() => {
        if (kind === "Timeout") timers.delete(timer);
        run();
      }, ms);
      timers.add(timer);
      return timer;
    };
    window[`clear${kind}`] = (timer) => {
      timers.delete(timer);
      clear(timer);
    };
  }
  window.waiting_timers = timers;

  const sockets = [];
  window.WebSocket = new Proxy(WebSocket, {
    construct(target, parameters) {
      const socket = new target(...parameters);
      sockets.push(socket);
      return socket;
    },
  });
  window.open_sockets = () => sockets.filter(({ readyState }) => readyState < 2).length;
}
