// What every view shows as selected, read off what it draws; tests/browser/views.py holds it against one place.
() => {
  const byId = (id) => document.getElementById(id);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const box = (e) => e.getBoundingClientRect().toJSON();
  const [x, y] = [({left, width}) => left + width / 2, ({top, height}) => top + height / 2];
  const steps = Number(byId("steps").value);
  const plots = all(".plot-cell").map((cell) => {
    return {quantity: cell.dataset.quantity, box: box(cell), said: cell.getAttribute("aria-label")};
  });
  const grids = all("#grids .array").filter((e) => !e.hidden).map((e) => {
    const [row, spot, view] = [".unit-row", ".chosen-cell", ".array-view"].map((name) => e.querySelector(name));
    const rows = Number(view.getAttribute("aria-label").match(/\d+/)[0]);
    const space = box(e.querySelector(".array-space"));
    const at = (mark) => Math.floor((y(box(mark)) - space.top) / (space.height / rows));
    const outlined = row.checkVisibility() ? at(row) : null;
    const lit = row.classList.contains("lit");
    return {array: e.dataset.array, box: box(view), space, rows, outlined, lit, chosen: spot.hidden ? null : at(spot)};
  });
  const hidden = grids[0].rows;
  const column = (rect) => Math.floor(((x(rect) - plots[0].box.left) / plots[0].box.width) * steps);
  const isLit = (e) => getComputedStyle(e).backgroundColor !== "rgba(0, 0, 0, 0)";
  const spots = all(".spots:not([hidden]) i").map((e, i) => {
    const rect = box(e);
    const unit = Math.floor(((y(rect) - plots[i].box.top) / plots[i].box.height) * hidden);
    return [column(rect), unit, e.style.borderColor !== ""];
  });
  const label = byId("plot-label");
  const chip = byId("unmark");
  const {quantity: focused = null} = document.activeElement.closest(".plot-cell")?.dataset ?? {};
  return {
    focused, steps, hidden, plots, grids, spots,
    clock: Number(byId("clock").textContent.split(" ")[2]) - 1,
    pending: byId("clock").classList.contains("preview"),
    cursors: all(".cursor").filter((e) => e.parentElement.checkVisibility()).map((e) => column(box(e))),
    lit: [...new Set(all("#equations .q").filter(isLit).map((e) => e.dataset.name))],
    chip: chip.classList.contains("absent") ? null : chip.textContent.trim(),
    unit: Number(byId("unit").value),
    tab: all(".number-panel [aria-pressed=true]").map((e) => e.dataset.quantity)[0],
    number: {...document.querySelector(".number-panel").dataset},
    label: label.hidden ? null : label.innerText.split("\n"),
  };
}
