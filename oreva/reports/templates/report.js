"use strict";
(() => {
  const form = document.querySelector(".filters");
  const findings = Array.from(document.querySelectorAll(".finding"));
  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.matches("details")) target.open = true;
  };
  addEventListener("hashchange", reveal);
  reveal();

  // Print everything that is shown, and put it back afterwards.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = Array.from(document.querySelectorAll("details:not([open])"));
    for (const details of closed) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of closed) details.open = false;
  });
  if (!form) return;

  const field = (name) => form.elements.namedItem(name);
  const has = (list, value) => list.split("|").includes(value);
  const compare = {
    order: (a, b) => a.dataset.order - b.dataset.order,
    path: (a, b) =>
      (a.dataset.path < b.dataset.path ? -1 : a.dataset.path > b.dataset.path ? 1 : a.dataset.line - b.dataset.line),
    seen: (a, b) => (a.dataset.seen > b.dataset.seen ? -1 : a.dataset.seen < b.dataset.seen ? 1 : compare.order(a, b)),
  };

  const filter = () => {
    const words = field("text").value.toLowerCase().split(/\s+/).filter(Boolean);
    const severities = new Set(Array.from(form.querySelectorAll("[name=severity]:checked"), (box) => box.value));
    const kind = field("kind").value;
    const scanner = field("scanner").value;
    const cwe = field("cwe").value;
    let shown = 0;
    let aside = 0;
    for (const element of findings) {
      const { dataset } = element;
      const fits =
        severities.has(dataset.severity) &&
        (!kind || (kind === "new" ? dataset.new === "yes" : dataset.kind === kind)) &&
        (!scanner || has(dataset.scanners, scanner)) &&
        (!cwe || has(dataset.cwes, cwe)) &&
        words.every((word) => dataset.text.includes(word));
      element.hidden = !fits;
      shown += fits;
      aside += fits && dataset.kind !== "open";
    }
    const rest = aside ? `, ${aside.toLocaleString()} of them set aside` : "";
    form.querySelector("output").textContent =
      `${shown.toLocaleString()} of ${findings.length.toLocaleString()} shown${rest}`;
  };
  const sort = () => {
    for (const list of document.querySelectorAll(".list")) {
      list.append(...Array.from(list.children).sort(compare[field("sort").value]));
    }
  };
  const openAll = (open) => {
    for (const element of findings) if (!element.hidden) element.open = open;
  };

  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { filter(); sort(); }));
  field("sort").addEventListener("change", sort);
  field("open").addEventListener("click", () => openAll(true));
  field("close").addEventListener("click", () => openAll(false));
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input, select, textarea")) {
      event.preventDefault();
      field("text").focus();
    }
  });
  form.hidden = false;
  filter();
  sort();
})();
