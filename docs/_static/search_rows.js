// A search box, and a choice of part and verdict, over every table of class "rows".
function searchRows(table) {
  const rows = [...table.tBodies[0].rows].map((row) => ({ row, text: row.textContent.toLowerCase() }));
  const controls = document.createElement("form");
  controls.className = "rows-search";
  const box = controls.appendChild(document.createElement("input"));
  box.type = "search";
  box.placeholder = "Words that a row contains";
  box.setAttribute("aria-label", box.placeholder);
  const choices = ["part", "verdict"].map((name) => {
    const choice = controls.appendChild(document.createElement("select"));
    choice.setAttribute("aria-label", name);
    choice.add(new Option(`every ${name}`, ""));
    const texts = [...table.querySelectorAll(`tbody p.${name}`)].map((cell) => cell.textContent);
    new Set(texts).forEach((text) => choice.add(new Option(text)));
    return { choice, texts };
  });
  const count = controls.appendChild(document.createElement("output"));

  function show() {
    const words = box.value.toLowerCase().split(/\s+/);
    let shown = 0;
    rows.forEach(({ row, text }, k) => {
      const found = words.every((word) => text.includes(word));
      const chosen = choices.every(({ choice, texts }) => !choice.value || choice.value === texts[k]);
      row.hidden = !(found && chosen);
      shown += !row.hidden;
    });
    count.textContent = `${shown} of ${rows.length} rows`;
  }

  controls.addEventListener("input", show);
  controls.addEventListener("submit", (event) => event.preventDefault());
  (table.closest(".pst-scrollable-table-container") ?? table).before(controls);
  show();
}

document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("table.rows").forEach(searchRows));
