// Charts, sortable tables, copy buttons and live updates of a Drivetrain report.
// The page is complete without this file: figures have tables, words are in the HTML.
(() => {
  "use strict";
  const root = document.documentElement;
  const lang = root.lang || undefined;
  const words = JSON.parse(document.body.dataset.words || "{}");
  root.classList.add("js");

  // ---- Small helpers -------------------------------------------------------
  const SVG = "http://www.w3.org/2000/svg";
  function el(tag, attrs = {}, ...children) {
    const node = tag.startsWith("svg:") ? document.createElementNS(SVG, tag.slice(4)) : document.createElement(tag);
    for (const [k, v] of Object.entries(attrs)) node.setAttribute(k, v);
    node.append(...children);
    return node;
  }
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const ink = (n) => `var(--c${((n - 1) % 8) + 1})`;
  const range = (values) => [Math.min(...values), Math.max(...values)];

  /** Numbers as the page's language writes them; `span` tells how fine percentages have to be. */
  function format(axis = {}, span = 1) {
    const as = (options) => new Intl.NumberFormat(lang, options).format;
    if (axis.percent) return as({ style: "percent", maximumFractionDigits: span < 0.02 ? 2 : span < 0.3 ? 1 : 0 });
    const small = as({ maximumSignificantDigits: 4 }), big = as({ maximumFractionDigits: 0 });
    return (v) => (Math.abs(v) < 1000 ? small(v) : big(v));
  }
  /** Tick labels: as above, and from 10,000 on in the short form (20K, 2万). */
  function tick(axis, [low, high]) {
    const short = new Intl.NumberFormat(lang, { notation: "compact", maximumSignificantDigits: 3 }).format;
    return !axis.percent && high >= 1e4 ? (v) => short(v) : format(axis, high - low);
  }
  const pen = document.createElement("canvas").getContext("2d");
  function measure(texts) {
    pen.font = `12px ${getComputedStyle(document.body).fontFamily}`;
    return Math.ceil(Math.max(0, ...texts.map((t) => pen.measureText(t).width)));
  }

  /** Plot cuts by estimated widths, which are wrong for Chinese: cut by measured ones. */
  function fit(text, width) {
    if (measure([text]) <= width) return text;
    let cut = [...text];
    while (cut.length > 1 && measure([cut.join("") + "…"]) > width) cut.pop();
    return cut.join("").trimEnd() + "…";
  }

  // ---- Parts the charts share ----------------------------------------------
  const GLYPH = { best: "★", rate: "▼", dropout: "◆", stop: "■", incident: "✕", resumed: "►" };
  const glyph = (kind) => GLYPH[kind] || "│";
  const tone = (kind) => (kind === "best" ? "var(--good)" : kind === "incident" ? "var(--warn)" : "var(--muted)");
  const TIP = { fill: "var(--paper)", stroke: "var(--rule)", lineWidth: 30, lineHeight: 1.25, fontSize: 12, textPadding: 7, pathFilter: "none" };
  const axisText = { tickSize: 0, fontSize: 12, fill: "var(--muted)", labelArrow: "none" };
  const gridY = (y) => Plot.gridY({ stroke: "var(--grid)", strokeOpacity: 1, ticks: y.ticks });
  const axisY = (y) => Plot.axisY({ ...axisText, label: null, ticks: y.ticks, tickFormat: y.format });
  const axisX = (x, width) => Plot.axisX({ ...axisText, label: x.label, labelAnchor: "right", labelOffset: 36, tickPadding: 6, ticks: Math.max(3, Math.floor(width / 90)), tickFormat: x.format });
  const measured = (text) => (text ? [el("p", { class: "measure" }, text)] : []);

  /** Vertical rules with a small sign on top: best step, changed rate, stop… */
  const flags = (marks) => [
    ...marks.map((m) => Plot.ruleX([m.x], { stroke: tone(m.kind), strokeDasharray: "1,3", strokeOpacity: 0.9 })),
    ...marks.map((m) => Plot.text([m.x], { x: (d) => d, text: () => glyph(m.kind), frameAnchor: "top", dy: -8, fontSize: 11, fill: tone(m.kind) })),
  ];
  function flagLegend(marks) {
    const rows = new Map(marks.map((m) => [`${m.kind} ${m.label}`, m]));
    const shown = [...rows.values()].slice(0, 8).map((m) => el("li", {}, el("span", { style: `color:${tone(m.kind)}` }, glyph(m.kind)), m.label));
    if (rows.size > 8) shown.push(el("li", {}, "…"));
    return shown.length ? [el("ul", { class: "legend marks" }, ...shown)] : [];
  }
  function seriesLegend(series) {
    if (series.length < 2) return [];
    return [el("ul", { class: "legend" }, ...series.map((s) => {
      const sample = el("svg:svg", { width: 20, height: 10, viewBox: "0 0 20 10" },
        el("svg:line", { x1: 0, x2: 20, y1: 5, y2: 5, style: `stroke:${s.ink}`, ...s.pen, ...(s.style === "faint" && { "stroke-width": 1.5, "stroke-opacity": 0.8 }) }));
      if (s.style === "dots") sample.append(el("svg:circle", { cx: 10, cy: 5, r: 3, style: `fill:${s.ink}` }));
      return el("li", {}, sample, s.name);
    }))];
  }

  /** Keeps the first, lowest, highest and last point of each pixel column, and every gap. */
  function thin(points, width) {
    if (points.length <= 4 * width) return points;
    const start = points[0][0], scale = width / (points[points.length - 1][0] - start || 1), out = [];
    let column = NaN, bucket = null;
    const flush = () => { if (bucket) out.push(...new Set(bucket)); bucket = null; };
    for (const p of points) {
      const at = Math.floor((p[0] - start) * scale);
      if (p[1] == null || at !== column) flush();
      column = at;
      if (p[1] == null) out.push(p);
      else if (!bucket) bucket = [p, p, p, p];
      else {
        const [first, a, b] = bucket, [low, high] = a[1] < b[1] ? [a, b] : [b, a];
        const keep = p[1] < low[1] ? [high, p] : p[1] > high[1] ? [low, p] : [a, b];
        bucket = [first, ...keep, p]; // keep stays in order of time: p is the newest
      }
    }
    flush();
    return out;
  }
  /** The point of an x-sorted list nearest to x. */
  function nearest(points, x) {
    let low = 0, high = points.length - 1;
    while (low < high) { const mid = (low + high) >> 1; if (points[mid][0] < x) low = mid + 1; else high = mid; }
    return low > 0 && x - points[low - 1][0] < points[low][0] - x ? points[low - 1] : points[low];
  }
  /** Plot's own log ticks label 1 to 9 of each decade: too many for a small chart. */
  function logTicks([low, high]) {
    const ticks = [], steps = high / low > 200 ? [1] : [1, 2, 5];
    for (let k = Math.floor(Math.log10(low)); k <= Math.log10(high); k++)
      for (const s of steps) { const t = s * 10 ** k; if (t >= low && t <= high) ticks.push(t); }
    return ticks.length > 1 ? ticks : undefined;
  }

  // ---- The five kinds of chart ----------------------------------------------
  // Each returns the SVG, what goes before and after it, and the stops for the arrow keys.
  const PEN = { solid: { "stroke-width": 2 }, dots: { "stroke-width": 1.5 }, dashed: { "stroke-width": 2, "stroke-dasharray": "5,3" }, faint: { "stroke-width": 1, "stroke-opacity": 0.5 } };

  function lines({ x, y, series, marks = [] }, width) {
    const ok = ([, v]) => v != null && Number.isFinite(v) && (!y.log || v > 0);
    const drawn = series.map((s, i) => {
      const points = thin(s.points.map((p) => (ok(p) ? p : [p[0], null])), width);
      return { ...s, points, solid: points.filter(ok), ink: ink(s.color || i + 1), pen: PEN[s.style] || PEN.solid };
    }).filter((s) => s.solid.length);
    const points = drawn.flatMap((s) => s.solid);
    const xs = range([...points.map((p) => p[0]), ...marks.map((m) => m.x)]);
    if (xs[0] > 0 && xs[0] < 0.15 * xs[1]) xs[0] = 0; // steps are counted from the start, drawn or not
    if (xs[0] === xs[1] && xs[0] > 0) xs[0] = 0;
    const ys = y.domain || range(points.map((p) => p[1]));
    if (ys[0] === ys[1]) { ys[0] -= Math.abs(ys[0]) / 10 || 1; ys[1] += Math.abs(ys[1]) / 10 || 1; }
    const say = { x: format(x, xs[1] - xs[0]), y: format(y, (ys[1] - ys[0]) / 10) };

    // One hover row a pixel: what every series says there.
    const pixel = (xs[1] - xs[0]) / width || 1, columns = new Map();
    for (const v of [...points.map((p) => p[0]), ...marks.map((m) => m.x)]) columns.set(Math.round(v / pixel), v);
    const reach = 12 * pixel;
    const rows = [...columns.values()].sort((a, b) => a - b).map((v) => {
      const at = drawn.map((s) => (v < s.solid[0][0] - reach || v > s.solid[s.solid.length - 1][0] + reach ? null : nearest(s.solid, v)));
      const near = marks.filter((m) => Math.abs(m.x - v) <= 4 * pixel);
      const title = [`${x.label} ${say.x(v)}`, ...drawn.map((s, i) => at[i] && `${s.name}  ${say.y(at[i][1])}`), ...near.map((m) => `${glyph(m.kind)} ${m.label}`)];
      return { x: v, at, title: title.filter(Boolean).join("\n"), y: Math.max(...at.filter(Boolean).map((p) => p[1])) };
    }).filter((r) => Number.isFinite(r.y));

    const axes = { x: { ...x, format: tick(x, xs) }, y: { format: tick(y, ys), ticks: y.log ? logTicks(ys) : 5 } };
    const clip = Boolean(y.domain);
    const order = [...drawn].sort((a, b) => (b.style === "faint") - (a.style === "faint"));
    const svg = Plot.plot({
      width, height: Math.min(290, Math.max(200, width * 0.56)), marginTop: marks.length ? 22 : 10, marginLeft: measure([...(Array.isArray(axes.y.ticks) ? axes.y.ticks : ys)].map(axes.y.format)) + 18, marginRight: 12, marginBottom: 40,
      x: { domain: xs }, y: { type: y.log ? "log" : "linear", domain: ys, nice: !y.domain && !y.log },
      marks: [
        gridY(axes.y), axisY(axes.y), axisX(axes.x, width), ...flags(marks),
        ...order.map((s) => Plot.line(s.points, { stroke: s.ink, clip, strokeWidth: s.pen["stroke-width"], strokeOpacity: s.pen["stroke-opacity"], strokeDasharray: s.pen["stroke-dasharray"], strokeLinejoin: "round" })),
        ...order.filter((s) => s.solid.length < (s.style === "dots" ? width / 8 : 3)).map((s) => Plot.dot(s.solid, { r: 2.5, fill: s.ink, clip })),
        Plot.ruleX(rows, Plot.pointerX({ x: "x", stroke: "var(--muted)", strokeOpacity: 0.6 })),
        ...drawn.map((s, i) => Plot.dot(rows.filter((r) => r.at[i]), Plot.pointerX({ px: "x", x: (r) => r.at[i][0], y: (r) => r.at[i][1], r: 3.5, fill: s.ink, stroke: "var(--paper)" }))),
        Plot.tip(rows, Plot.pointerX({ ...TIP, x: "x", y: "y", title: "title", preferredAnchor: "bottom" })),
      ],
    });
    return { svg, before: [...seriesLegend(drawn), ...measured(y.label)], after: flagLegend(marks), stops: rows.map((r) => [r.x, r.y]) };
  }

  function bars({ x, bars }, width) {
    const say = format(x, 0.1), note = (b) => b.note ?? say(b.value);
    const most = x.domain ? x.domain[1] : Math.max(...bars.map((b) => b.value)) || 1;
    const left = Math.min(measure(bars.map((b) => b.name)) + 12, width * 0.42);
    const right = Math.min(measure(bars.map(note)) + 12, width * 0.35);
    const svg = Plot.plot({
      width, height: bars.length * (bars.length > 14 ? 20 : 25) + 4, marginLeft: left, marginRight: right, marginTop: 2, marginBottom: 2,
      x: { domain: x.domain || [0, most], axis: null, clamp: true },
      y: { domain: bars.map((b) => b.name), padding: 0.35, round: false },
      marks: [
        Plot.axisY({ ...axisText, label: null, fill: "currentColor", tickPadding: 10, tickFormat: (name) => fit(name, left - 12) }),
        Plot.barX(bars, { x: "value", y: "name", fill: { value: (b) => (b.muted ? "var(--rule)" : ink(b.color || 1)), scale: null } }),
        Plot.ruleX([0], { stroke: "var(--muted)" }),
        Plot.text(bars, { x: "value", y: "name", text: (b) => fit(note(b), width - left - (b.value / most) * (width - left - right) - 8), textAnchor: "start", dx: 6, fill: "var(--muted)", fontSize: 12 }),
      ],
    });
    return { svg, before: measured(x.label) };
  }

  function matrix({ x, y, rows, columns, cells }, width) {
    const say = format(), left = measure(rows) + 14, names = measure(columns);
    const step = Math.min(64, Math.max(26, (width - left - 4) / columns.length)), turn = names > step - 6;
    const most = Math.max(1, ...cells.filter(([t, g]) => t !== g).map((c) => c[2]));
    const shade = (c) => 0.08 + 0.87 * Math.sqrt(Math.min(1, c[2] / most)); // square root: a few still show
    // Where the shades of both schemes become dark (or bright) enough for the other ink.
    const figureInk = (c) => (c[0] === c[1] || shade(c) < 0.6 ? "var(--ink)" : shade(c) > 0.82 ? "var(--paper)" : "light-dark(var(--ink), var(--paper))");
    const same = rows.filter((r) => columns.includes(r)).map((r) => [r, r]);
    const frame = { width: Math.round(left + step * columns.length + (turn ? names * 0.71 : 4)), marginTop: turn ? names * 0.71 + 16 : 24 };
    const svg = Plot.plot({
      ...frame, height: rows.length * 26 + frame.marginTop + 4, marginLeft: left, marginRight: frame.width - left - step * columns.length, marginBottom: 2,
      x: { domain: columns, padding: 0.06 }, y: { domain: rows, padding: 0.06 },
      marks: [
        Plot.axisX({ ...axisText, anchor: "top", label: null, fill: "currentColor", ...(turn ? { tickRotate: -45, textAnchor: "start", tickPadding: 4 } : { tickPadding: 6 }) }),
        Plot.axisY({ ...axisText, label: null, fill: "currentColor", tickPadding: 8 }),
        Plot.cell(rows.flatMap((r) => columns.map((c) => [r, c])), { x: "1", y: "0", fill: "var(--raised)" }),
        Plot.cell(same, { x: "1", y: "0", fill: "none", stroke: "var(--rule)", inset: 0.5 }), // what is right, for the eye
        Plot.cell(cells, { x: "1", y: "0", fill: { value: (c) => (c[0] === c[1] ? "var(--rule)" : "var(--c1)"), scale: null }, fillOpacity: { value: shade, scale: null } }),
        Plot.text(cells, { x: "1", y: "0", text: (c) => say(c[2]), fontSize: 11.5, fill: { value: figureInk, scale: null } }),
        Plot.tip(cells, Plot.pointer({ ...TIP, x: "1", y: "0", maxRadius: 18, title: (c) => `${y.label}  ${c[0]}\n${x.label}  ${c[1]}\n${say(c[2])}` })),
      ],
    });
    return { svg, before: measured(`${y.label} ↓ · ${x.label} →`), stops: cells.map((c) => [c[1], c[0]]) };
  }

  function calibration({ x, y, size, points }, width) {
    const side = Math.min(width, 380), say = format({ percent: true }, 0.1), count = format();
    const domain = x.domain || [0, 1];
    const svg = Plot.plot({
      width: side, height: side * 0.9, marginLeft: 48, marginRight: 20, marginTop: 12, marginBottom: 40,
      x: { domain }, y: { domain: y.domain || domain }, r: { range: [2.5, 11] },
      marks: [
        gridY({ ticks: 5 }), axisY({ ticks: 5, format: format({ percent: true }) }), axisX({ label: x.label, format: format({ percent: true }) }, side),
        Plot.line([[domain[0], domain[0]], [domain[1], domain[1]]], { stroke: "var(--muted)", strokeDasharray: "3,3" }),
        Plot.line(points, { x: "predicted", y: "observed", stroke: "var(--c1)", strokeWidth: 1.5 }),
        Plot.dot(points, { x: "predicted", y: "observed", r: "count", fill: "var(--c1)", fillOpacity: 0.25, stroke: "var(--c1)" }),
        Plot.tip(points, Plot.pointer({ ...TIP, x: "predicted", y: "observed", title: (p) => `${x.label}  ${say(p.predicted)}\n${y.label}  ${say(p.observed)}\n${size ? size.label + "  " : ""}${count(p.count)}` })),
      ],
    });
    return { svg, before: measured(y.label), stops: points.map((p) => [p.predicted, p.observed]) };
  }

  function histogram({ x, y, bins, marks = [] }, width) {
    const xs = range([...bins.flatMap((b) => [b.from, b.to]), ...marks.map((m) => m.x)]), top = Math.max(1, ...bins.map((b) => b.count));
    const axes = { x: { ...x, format: tick(x, xs) }, y: { format: tick(y, [0, top]), ticks: 4 } }, say = { x: format(x, 0.1), y: format(y, 0.1) };
    const middle = (b) => (b.from + b.to) / 2;
    const svg = Plot.plot({
      width, height: Math.min(260, Math.max(190, width * 0.5)), marginTop: marks.length ? 22 : 10, marginLeft: measure([0, top / 2, top].map(axes.y.format)) + 18, marginRight: 12, marginBottom: 40,
      x: { domain: xs }, y: { domain: [0, top], nice: true },
      marks: [
        gridY(axes.y), axisY(axes.y), axisX(axes.x, width),
        Plot.rectY(bins, { x1: "from", x2: "to", y: "count", fill: "var(--c1)", insetLeft: 0.5, insetRight: 0.5 }),
        Plot.ruleY([0], { stroke: "var(--muted)" }), ...flags(marks),
        Plot.tip(bins, Plot.pointerX({ ...TIP, x: middle, y: "count", preferredAnchor: "bottom", title: (b) => `${x.label} ${say.x(b.from)}–${say.x(b.to)}\n${y.label}  ${say.y(b.count)}` })),
      ],
    });
    return { svg, before: measured(y.label), after: flagLegend(marks), stops: bins.map((b) => [middle(b), b.count]) };
  }

  // ---- Drawing ---------------------------------------------------------------
  const DRAW = { lines, bars, matrix, calibration, histogram };
  let specs = {};
  const drawnAt = new WeakMap(); // box -> width, to redraw only when that changed
  const readSpecs = (doc) => JSON.parse(doc.getElementById("charts")?.textContent || "{}");

  // An empty box is not laid out: its figure tells the width.
  const widthOf = (box) => Math.floor(box.clientWidth || box.parentElement.clientWidth);
  function draw(box, width = widthOf(box)) {
    const spec = specs[box.closest("[id]")?.id];
    if (!spec || !DRAW[spec.kind] || !width) return;
    drawnAt.set(box, width);
    const some = spec.series ? spec.series.some((s) => s.points.some((p) => p[1] != null)) : (spec.bars || spec.cells || spec.points || spec.bins).length;
    if (!some) return box.replaceChildren(); // a run just begun has nothing to draw yet
    let parts;
    try {
      parts = DRAW[spec.kind](spec, width);
    } catch (error) { // one odd chart must not take the others with it
      return console.error(error);
    }
    const { svg, before = [], after = [], stops } = parts;
    svg.setAttribute("aria-hidden", "true"); // the box is the image, with its words in aria-label
    box.replaceChildren(...before, svg, ...after);
    box.classList.toggle("slides", svg.width.baseVal.value > width);
    box.stops = stops;
    if (stops) box.tabIndex = 0;
  }
  let later = 0;
  const redraw = () => all(".plot").forEach((box) => { if (drawnAt.get(box) !== widthOf(box)) draw(box); });
  const resized = new ResizeObserver(() => {
    clearTimeout(later);
    later = setTimeout(redraw, 120);
  });
  // On A4 half or all of the text's width, so that letters keep their size.
  addEventListener("beforeprint", () => all(".plot").forEach((box) => draw(box, box.closest(".grid") && !box.closest(".wide") ? 324 : 680)));
  addEventListener("afterprint", redraw);

  /** Arrow keys walk the data: Plot's pointer is told of a mouse at the stop. */
  function walk(event) {
    const box = event.currentTarget, svg = box.querySelector(":scope > svg"), stops = box.stops;
    if (!svg || !stops) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.key === "Escape" || event.type === "blur") return svg.dispatchEvent(new PointerEvent("pointerleave", { pointerType: "mouse" }));
    if (!step) return;
    event.preventDefault();
    const stride = step * Math.max(1, Math.round(stops.length / 60));
    box.at = box.at == null ? (step > 0 ? 0 : stops.length - 1) : Math.min(stops.length - 1, Math.max(0, box.at + stride));
    const place = (name, v) => { const s = svg.scale(name); return s.apply(v) + (s.bandwidth || 0) / 2; };
    const [x, y] = stops[box.at], frame = svg.getBoundingClientRect();
    svg.dispatchEvent(new PointerEvent("pointermove", { pointerType: "mouse", bubbles: true, clientX: frame.left + place("x", x), clientY: frame.top + place("y", y) }));
  }

  // ---- Sortable tables ---------------------------------------------------------
  const collator = new Intl.Collator(lang, { numeric: true });
  const sorts = new Map(); // key of table -> [column, direction], to survive live updates

  function cellValue(row, column) {
    const cell = row.cells[column];
    const text = cell?.dataset.sort ?? cell?.textContent.trim() ?? "";
    const number = parseFloat(text.replace(/[,\s%]/g, ""));
    return /^[-+−]?[\d.]/.test(text) && !Number.isNaN(number) ? number : text;
  }
  function sortTable(table, column, direction) {
    const body = table.tBodies[0], empty = (v) => v === "" || v === "–" || v === "—";
    const rows = [...body.rows].map((row) => [cellValue(row, column), row]);
    rows.sort(([a], [b]) => empty(a) - empty(b) || direction * (typeof a === "number" && typeof b === "number" ? a - b : collator.compare(a, b)));
    body.append(...rows.map(([, row]) => row));
    all("thead th", table).forEach((th, i) => (i === column ? th.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending") : th.removeAttribute("aria-sort")));
    sorts.set(keyOf(table), [column, direction]);
  }
  function makeSortable(table) {
    all("thead th", table).forEach((th, column) => {
      if (th.classList.contains("nosort")) return;
      th.dataset.name = th.textContent; // for print, see report.css
      const button = el("button", { type: "button" }, ...th.childNodes);
      th.append(button);
      button.addEventListener("click", () => {
        const now = th.getAttribute("aria-sort"), first = th.classList.contains("num") ? -1 : 1; // numbers: largest first
        sortTable(table, column, now ? (now === "ascending" ? -1 : 1) : first);
      });
    });
    const kept = sorts.get(keyOf(table));
    if (kept) sortTable(table, ...kept);
  }

  // ---- Copy buttons --------------------------------------------------------------
  function addCopy(pre) {
    if (!words.copy) return;
    const button = el("button", { type: "button", class: "copy", "aria-live": "polite" }, words.copy), frame = el("div", { class: "code" });
    pre.replaceWith(frame);
    frame.append(pre, button);
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(pre.textContent.trim());
      } catch { // no clipboard on plain http: the selection is copied instead
        getSelection().selectAllChildren(pre);
        if (!document.execCommand("copy")) return;
      }
      button.textContent = words.copied || words.copy;
      setTimeout(() => (button.textContent = words.copy), 2000);
    });
  }

  function enhance(part) {
    all("table.sortable", part).forEach(makeSortable);
    all("pre", part).forEach(addCopy);
    for (const box of all(".plot", part)) {
      draw(box);
      resized.observe(box);
      box.addEventListener("keydown", walk);
      box.addEventListener("blur", walk);
    }
  }

  // ---- Live pages -------------------------------------------------------------------
  // An element's name across versions of the page: the nearest id, the tag, the place among its like.
  function keyOf(node) {
    if (node.id) return node.id;
    const home = node.parentElement.closest("[id]");
    return `${home ? home.id : ""}/${node.tagName}/${all(node.tagName, home || document).indexOf(node)}`;
  }
  function byKey(key) {
    const [id, tag, index] = key.split("/");
    const home = id ? document.getElementById(id) : document;
    return tag ? home && all(tag, home)[index] : home;
  }
  const partsOf = (doc) => all("body > header, body > nav, main > *, body > footer", doc);
  const nameOf = (part) => part.id || part.tagName;
  const sources = new Map(); // part -> its HTML as served, before the changes made above

  function adopt(next) {
    const old = specs;
    specs = readSpecs(next);
    const now = partsOf(document), fresh = partsOf(next);
    // What the reader has done to the page, so that it can be done again.
    const open = all("details").map((d) => [keyOf(d), d.open]);
    const slid = all(".plot, .scroll, details table").filter((n) => n.scrollLeft || n.scrollTop).map((n) => [keyOf(n), n.scrollLeft, n.scrollTop]);
    const focus = document.activeElement !== document.body && keyOf(document.activeElement);
    const anchor = all("main > [id]").filter((s) => s.getBoundingClientRect().top < 100).pop();
    const place = anchor && [anchor.id, anchor.getBoundingClientRect().top];

    const changed = (html, part) => html !== part.outerHTML || all(".plot", part).some((b) => {
      const id = b.closest("[id]").id;
      return JSON.stringify(old[id]) !== JSON.stringify(specs[id]);
    });
    if (now.map(nameOf).join() === fresh.map(nameOf).join()) {
      // Parts that say the same stay as they are, with their tips and selections.
      now.forEach((part, i) => { if (changed(sources.get(part), fresh[i])) replace(part, fresh[i]); });
    } else {
      now.filter((p) => p.parentElement.tagName === "MAIN").forEach((p) => p.remove());
      for (const part of fresh) {
        const twin = part.parentElement.tagName !== "MAIN" && document.querySelector(`body > ${part.tagName}`);
        if (twin) replace(twin, part);
        else if (part.parentElement.tagName === "MAIN") replace(document.querySelector("main").appendChild(el("div")), part);
      }
    }
    document.title = next.title;

    for (const [key, was] of open) { const d = byKey(key); if (d) d.open = was; }
    for (const [key, left, top] of slid) byKey(key)?.scrollTo({ left, top, behavior: "instant" });
    if (focus && document.activeElement === document.body) byKey(focus)?.focus({ preventScroll: true });
    const shift = place && document.getElementById(place[0]) && document.getElementById(place[0]).getBoundingClientRect().top - place[1];
    if (shift) scrollBy({ top: shift, behavior: "instant" });
  }
  function replace(part, fresh) {
    const html = fresh.outerHTML, node = document.importNode(fresh, true);
    part.replaceWith(node);
    sources.set(node, html);
    sources.delete(part);
    enhance(node);
  }

  let busy = false, again = false;
  async function refresh() {
    if (busy || document.hidden) return void (again = true); // one at a time, and none unseen
    busy = true;
    again = false;
    try {
      const reply = await fetch(location.href, { cache: "no-store" });
      if (reply.ok) adopt(new DOMParser().parseFromString(await reply.text(), "text/html"));
    } catch { /* the server is away; EventSource will say when it is back */ }
    busy = false;
    if (again) refresh();
  }

  function follow() {
    const source = new EventSource("events"), note = document.querySelector(".live"), first = note?.textContent;
    const show = (state) => {
      if (!note || note.dataset.state === state) return;
      note.dataset.state = state;
      note.textContent = note.dataset[state] || first;
    };
    const hear = (what) => {
      if (what === "changed" || what === "ended") refresh();
      if (what === "ended") { source.close(); root.dataset.live = "false"; show("ended"); }
    };
    let lost = false;
    source.onopen = () => { show("open"); if (lost) refresh(); lost = false; };
    source.onerror = () => { lost = true; show("waiting"); };
    source.onmessage = (e) => hear(e.data);
    for (const name of ["changed", "ended"]) source.addEventListener(name, () => hear(name));
    document.addEventListener("visibilitychange", () => { if (again) refresh(); });
  }

  // ---- Begin ------------------------------------------------------------------------
  specs = readSpecs(document);
  const parts = partsOf(document);
  for (const part of parts) sources.set(part, part.outerHTML);
  parts.forEach(enhance);
  if (root.dataset.live === "true") follow();
})();
