// A chart that is drawn by Chart.js and read with a slider: by mouse, finger, keyboard and screen reader alike.
import { BarController, BarElement, CategoryScale, Chart, Filler, LinearScale, LineController, LineElement, PointElement } from "chart.js";
import { number } from "./format.js";
import { h } from "./dom.js";

Chart.register(BarController, BarElement, CategoryScale, Filler, LinearScale, LineController, LineElement, PointElement);
const THUMB = 18;
const COLOURS = ["--accent", "--second"];

/**
 * `first` is the point that is chosen at first, else the last; `axis` names what the labels count.
 * `views`: [{name, type: "line" | "bar", sets: [[…]]}], of which one is shown. `said(at)` tells a point in words.
 * Answers the element; `looks` events draw it anew in the present colours.
 */
export function plot({ label, summary, labels, views, said, axis, first }) {
  const canvas = h("canvas", { role: "img", "aria-label": `${label}. ${summary}` });
  const readout = h("output", { class: "readout" });
  const last = labels.length - 1;
  const begin = first >= 0 ? first : last;
  const slider = h("input", { type: "range", min: "0", max: String(last), value: String(begin), "aria-label": `${label}: choose a point` });
  const switcher = views.length > 1 && choice(label, views.map((view) => view.name), (at) => draw(views[at]));
  let chart;
  let drawn = views[0];
  let chosen = begin;

  function choose(at) {
    chosen = at;
    slider.value = String(at);
    const { title, detail } = said(at);
    slider.setAttribute("aria-valuetext", `${title}: ${detail}`);
    readout.replaceChildren(h("span", { class: "when" }, title), h("span", {}, detail));
    chart?.draw();
  }

  function draw(view) {
    drawn = view;
    chart?.destroy();
    chart = new Chart(canvas, config(view, labels, axis, () => chosen, choose, align));
  }

  /** The slider's thumb stands below the point that it chooses. */
  function align({ x: from }, { x: to }) {
    slider.style.marginLeft = `${from - THUMB / 2}px`;
    slider.style.width = `${to - from + THUMB}px`;
  }

  slider.addEventListener("input", () => choose(Number(slider.value)));
  const element = h("div", { class: "plot" }, h("div", { class: "plot-head" }, readout, switcher),
    h("div", { class: "canvas" }, canvas), labels.length > 1 && slider);
  const redraw = () => {
    if (element.isConnected) return draw(drawn);
    window.removeEventListener("looks", redraw);
    chart?.destroy();
  };
  window.addEventListener("looks", redraw);
  choose(begin);
  queueMicrotask(() => draw(drawn));
  return element;
}

function choice(label, names, chosen) {
  const group = `view-${Math.random().toString(36).slice(2)}`;
  return h("fieldset", { class: "choice" }, h("legend", { class: "unseen" }, `${label}: view`), names.map((name, at) =>
    h("label", {}, h("input", { type: "radio", name: group, checked: at === 0, onchange: () => chosen(at) }), h("span", {}, name))));
}

function config(view, labels, axis, chosen, choose, align) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const font = { family: getComputedStyle(document.body).fontFamily, size: 12 };
  const bars = view.type === "bar";
  return {
    type: view.type,
    data: {
      labels,
      datasets: view.sets.map((data, at) => ({
        data, borderColor: colour(COLOURS[at]), backgroundColor: colour(bars ? COLOURS[at] : `${COLOURS[at]}-faint`),
        fill: !bars && view.sets.length === 1, borderWidth: bars ? 0 : 2.5, pointRadius: labels.length === 1 ? 4 : 0, borderRadius: 3,
        borderDash: at ? [6, 4] : [], maxBarThickness: 28, categoryPercentage: 0.9, barPercentage: 0.86, borderJoinStyle: "round",
      })),
    },
    plugins: [marker(chosen, colour, align)],
    options: {
      animation: false, maintainAspectRatio: false, events: ["mousemove", "click", "touchstart", "touchmove"],
      interaction: { mode: "index", intersect: false, axis: "x" },
      onHover: (_, found) => found.length && choose(found[0].index),
      layout: { padding: { top: 10, right: 8 } },
      scales: {
        x: {
          offset: bars || labels.length === 1, border: { color: colour("--line-strong") }, grid: { display: false },
          ticks: { color: colour("--muted"), font, maxRotation: 0, autoSkipPadding: 28 },
          title: { display: Boolean(axis), text: axis, color: colour("--muted"), font },
        },
        y: {
          beginAtZero: true, suggestedMax: 4, border: { display: false }, grid: { color: colour("--line"), tickLength: 0 },
          ticks: { color: colour("--muted"), font, precision: 0, maxTicksLimit: 5, padding: 10, callback: (value) => number(value) },
        },
      },
    },
  };
}

/** Marks the chosen point: a line down, and a dot on every set. */
const marker = (chosen, colour, align) => ({
  id: "marker",
  afterRender(chart) {
    const points = chart.getDatasetMeta(0).data;
    align(points[0], points.at(-1));
  },
  afterDatasetsDraw(chart) {
    const { ctx, chartArea } = chart;
    const told = chart.data.datasets.flatMap((set, at) => (set.data[chosen()] === null ? [] : [at]));
    const found = told.map((at) => ({ at, x: chart.getDatasetMeta(at).data[chosen()].x, y: chart.getDatasetMeta(at).data[chosen()].y }));
    if (!found.length) return;
    ctx.save();
    ctx.strokeStyle = colour("--line-strong");
    ctx.setLineDash([3, 3]);
    ctx.beginPath();
    ctx.moveTo(found[0].x, chartArea.top);
    ctx.lineTo(found[0].x, chartArea.bottom);
    ctx.stroke();
    ctx.setLineDash([]);
    found.forEach(({ at, x, y }) => {
      ctx.beginPath();
      ctx.arc(x, y, 5, 0, 2 * Math.PI);
      ctx.fillStyle = colour(COLOURS[at]);
      ctx.strokeStyle = colour("--surface");
      ctx.lineWidth = 2;
      ctx.fill();
      ctx.stroke();
    });
    ctx.restore();
  },
});
