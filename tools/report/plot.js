// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The page of `tally plot`: loss, accuracy and learning rate of runs.
"use strict";

const runs = data.runs;
const names = runs.map(run => runName(run, runs));
const state = {axis: runs.every(run => run.start?.steps_per_epoch) ? "epoch" : "step", view: "accuracy", logarithmic: false};

const place = (run, step) => state.axis === "epoch" ? step / run.start.steps_per_epoch : step;
const pairs = (run, steps, values) => steps.map((step, index) => ({x: place(run, step), y: values[index]}));
/// Curves of the first eight runs differ by colour, those of the next eight are dashed.
const look = (color, index) => ({borderColor: color(`series-${index % 8}`), backgroundColor: color(`series-${index % 8}`), borderDash: [[], [6, 3], [2, 2]][Math.floor(index / 8) % 3], borderWidth: 1.6, pointRadius: 0, pointHitRadius: 6});
const evaluated = ", evaluated";
const options = (title, y) => ({
  parsing: true, interaction: {mode: "nearest", axis: "x", intersect: false},
  plugins: {legend: {display: runs.length > 1 || title === "loss", labels: {usePointStyle: true, pointStyle: "line", boxWidth: 24, filter: item => !item.text.endsWith(evaluated)}}, tooltip: {callbacks: {title: items => items.length ? `${state.axis} ${precise(items[0].parsed.x, 6)}` : "", label: context => `${context.dataset.label}: ${y.show(context.parsed.y)}`}}},
  scales: {x: {type: "linear", ...namedAxis(state.axis), ticks: {maxTicksLimit: 12}}, y: y.axis}
});

/// Marks on the evaluations, unless they are too many to tell apart.
const dots = evaluations => evaluations.length > 60 ? 0 : 2.5;

function lossChart() {
  return chart("loss against training", 320, color => ({
    type: "line",
    data: {datasets: runs.flatMap((run, index) => {
      const tested = run.evaluations.filter(evaluation => typeof evaluation.loss === "number");
      return [{label: names[index], data: pairs(run, run.curve.step, run.curve.loss), ...look(color, index)},
              ...(tested.length ? [{label: names[index] + evaluated, data: pairs(run, tested.map(({step}) => step), tested.map(({loss}) => loss)), ...look(color, index), borderWidth: 1, borderDash: [3, 3], pointRadius: dots(tested)}] : [])];
    })},
    options: options("loss", {axis: state.logarithmic ? {type: "logarithmic", ...namedAxis("loss")} : namedAxis("loss"), show: value => precise(value, 4)})
  }));
}

function accuracyOf(evaluation) {
  return state.view === "accuracy" ? evaluation.accuracy : evaluation.views?.[state.view];
}

function accuracyChart() {
  const targets = [...new Set(runs.map(run => run.end?.target).filter(target => typeof target === "number"))];
  return chart("accuracy against training", 320, color => ({
    type: "line",
    data: {datasets: [
      ...runs.map((run, index) => {
        const tested = run.evaluations.filter(evaluation => typeof accuracyOf(evaluation) === "number");
        return {label: names[index], data: pairs(run, tested.map(({step}) => step), tested.map(accuracyOf)), ...look(color, index), pointRadius: dots(tested)};
      }),
      ...targets.map(target => ({label: `target ${percent(target)}`, data: [0, Math.max(...runs.map(run => place(run, lastStep(run))))].map(x => ({x, y: target})), borderColor: color("muted"), backgroundColor: color("muted"), borderDash: [6, 4], borderWidth: 1, pointRadius: 0}))
    ]},
    options: options("accuracy", {axis: accuracyAxis(), show: percent})
  }));
}

function rateChart() {
  return chart("learning rate against training", 240, color => ({
    type: "line",
    data: {datasets: runs.map((run, index) => ({label: names[index], data: pairs(run, run.curve.step, run.curve.lr), ...look(color, index)}))},
    options: options("learning rate", {axis: {beginAtZero: true, ...namedAxis("learning rate")}, show: value => precise(value, 5)})
  }));
}

function renderPlots() {
  const views = [...new Set(runs.flatMap(run => run.evaluations.flatMap(evaluation => Object.keys(evaluation.views ?? {}))))].sort();
  const charts = {loss: lossChart(), accuracy: accuracyChart(), rate: rateChart()};
  const redraw = (...which) => which.forEach(name => charts[name].redraw());
  const box = make("input", {type: "checkbox"});
  box.addEventListener("change", () => { state.logarithmic = box.checked; redraw("loss"); });
  const widest = runs.reduce((most, run) => Math.max(most, run.curve.steps_per_point), 1);
  const evaluations = runs.flatMap((run, index) => run.evaluations.map(evaluation => ({...evaluation, name: names[index]})));
  const accuracy = value => `${(100 * value).toFixed(2)} %`;
  const sections = [
    section("runs", "The runs", summaryTable(runs, [
      numberColumn("last loss", run => run.curve.loss.at(-1) ?? null, value => precise(value, 4), "of the training steps of the last point of the curve"),
      numberColumn("time", run => run.end?.seconds ?? null, secondsInWords),
      numberColumn("images / s", run => run.end?.images_per_second ?? null, value => precise(value, 4))
    ])),
    section("loss", "Loss",
      make("p", {}, "The loss says how wrong the network is on the images that it trains on: what training makes smaller. Dashed: on the images of the evaluations."),
      make("div", {class: "controls"},
           runs.every(run => run.start?.steps_per_epoch) ? choice("Against", [["epoch", "epochs"], ["step", "steps"]], value => { state.axis = value; redraw("loss", "accuracy", "rate"); }) : null,
           make("label", {class: "control"}, box, "logarithmic")),
      charts.loss,
      widest > 1 ? make("p", {class: "note"}, `Each point is the mean of up to ${widest} steps.`) : null),
    evaluations.some(evaluation => typeof evaluation.accuracy === "number") ? section("accuracy", "Accuracy",
      make("p", {}, "The share of images, none of which it trained on, that the network names rightly."),
      views.length > 1 ? make("div", {class: "controls"}, choice("View", [["accuracy", "that of the target"], ...views.map(view => [view, view])], value => { state.view = value; redraw("accuracy"); })) : null,
      charts.accuracy) : null,
    runs.some(run => run.curve.lr.some(rate => rate !== null)) ? section("rate", "Learning rate",
      make("p", {}, "How far an update moves the parameters along the gradient."), charts.rate) : null,
    evaluations.length ? section("evaluations", "Evaluations", table("evaluations", [
      textColumn("run", row => row.name),
      numberColumn("epoch", row => row.epoch ?? null, value => precise(value, 6)),
      numberColumn("step", row => row.step ?? null, exact),
      numberColumn("loss", row => row.loss ?? null, value => precise(value, 5)),
      numberColumn("accuracy", row => row.accuracy ?? null, accuracy),
      ...views.map(view => numberColumn(view, row => row.views?.[view] ?? null, accuracy, "accuracy of this view of the images"))
    ], evaluations, {search: true, limit: 25})) : null
  ].filter(part => part);
  const [{start}] = runs;
  const networks = [...new Set(runs.map(run => run.start?.name).filter(name => name))];
  document.getElementById("page").replaceChildren(
    make("header", {}, make("h1", {}, `Training runs${networks.length ? `: ${networks.join(", ")}` : ""}`),
         make("p", {class: "lead"}, `${runs.length} ${runs.length === 1 ? "run" : "runs"}${start?.data?.name ? ` on ${start.data.name}` : ""}`), contents(sections)),
    ...sections,
    make("footer", {}, make("p", {}, start?.tool_version ? `tally ${start.tool_version}` : "tally")));
  drawCharts();
}

renderPlots();
