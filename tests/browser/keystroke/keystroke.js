// Records which modules a keystroke passes through: from the key to the socket, and from the socket to the canvas.

/** @param {string} base address of static/js/ */
async (base) => {
  Error.stackTraceLimit = 200;
  const record = { out: null, back: null, updates: 0, pressed: false };
  window.keystroke = record;

  /** The modules on the stack, the outermost first, each once where it calls itself. */
  const modules = () => {
    const names = [...new Error().stack.matchAll(/\/static\/[0-9a-f]+\/js\/([\w/-]+\.js)/g)].map(([, name]) => name);
    return names.reverse().filter((name, i, all) => name !== all[i - 1]);
  };

  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    if (record.pressed && record.out === null && data.includes('"edit"')) record.out = modules();
    return send.call(this, data);
  };
  const draw = CanvasRenderingContext2D.prototype.drawImage;
  CanvasRenderingContext2D.prototype.drawImage = function (...parameters) {
    if (record.out !== null && record.back === null && this.canvas.id === "plots-canvas") record.back = modules();
    return draw.apply(this, parameters);
  };

  const { mount } = await import(`${base}mount.js`);
  const { webSocketTransport } = await import(`${base}server/connection.js`);
  const config = JSON.parse(document.getElementById("config").textContent);
  const url = new URL(config.socket, location.href);
  url.protocol = "ws:";
  const page = mount(document.documentElement, { config, transport: webSocketTransport(url.href) });
  page.subscribe(() => {
    if (record.pressed) record.updates += 1;
  });
}
