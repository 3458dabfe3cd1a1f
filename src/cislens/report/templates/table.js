"use strict";
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.querySelectorAll("th[data-sort]")];
  const key = (row, column, numeric) => {
    const cell = row.cells[column];
    if (!numeric) return (cell.dataset.v ?? cell.textContent).trim().toLowerCase() || null;
    const value = Number.parseFloat(cell.dataset.v);
    return Number.isNaN(value) ? null : value;
  };
  const compare = (a, b, sign) => {
    if (a === null || b === null) return (a === null) - (b === null);
    return sign * (typeof a === "number" ? a - b : a.localeCompare(b, "en", { numeric: true }));
  };
  const columnOf = (head) => {
    if (table.tHead.rows.length === 1) return head.cellIndex;
    const top = [...table.tHead.rows[0].cells];
    if (head.parentNode.rowIndex === 1) return head.cellIndex + 1;
    return top.slice(0, top.indexOf(head)).reduce((sum, cell) => sum + cell.colSpan, 0);
  };
  for (const head of heads) {
    const column = columnOf(head);
    const numeric = head.dataset.sort === "number";
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const keyed = [...body.rows].map((row) => [key(row, column, numeric), row]);
      keyed.sort((a, b) => compare(a[0], b[0], up ? 1 : -1));
      body.append(...keyed.map((pair) => pair[1]));
    });
  }
}
for (const input of document.querySelectorAll("input[data-table]")) {
  const rows = [...document.getElementById(input.dataset.table).tBodies[0].rows];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const box = input.closest(".search");
  const output = box.querySelector("output");
  box.hidden = false;
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, place) => {
      row.hidden = !words.every((word) => texts[place].includes(word));
      shown += row.hidden ? 0 : 1;
    });
    output.textContent = words.length ? `${shown} of ${rows.length}` : "";
  });
}
