"use strict";
// Shows the columns that match the filters, and the tables that have any.
const field = (id) => document.getElementById(id);
const matches = (row, table) => {
  const type = field("type").value, name = field("name").value.trim().toLowerCase();
  const types = row.dataset.types.split(" ").filter(Boolean);
  const isType = !type || (type === "-" ? types.length === 0 : types.includes(type));
  const isName = !name || row.dataset.name.includes(name) || table.dataset.name.includes(name);
  return isType && isName && (!field("personal").checked || row.dataset.level !== undefined);
};
const show = () => {
  let shown = 0;
  for (const table of document.querySelectorAll("section")) {
    const rows = [...table.querySelectorAll("tbody tr")];
    for (const row of rows) row.hidden = !matches(row, table);
    table.hidden = rows.every((row) => row.hidden);
    shown += table.hidden ? 0 : 1;
  }
  field("none").hidden = shown > 0;
  document.body.classList.toggle("no-examples", !field("examples").checked);
};
field("filters").hidden = false;
field("filters").addEventListener("input", show);
field("filters").addEventListener("submit", (event) => event.preventDefault());
show();
