// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The page of `tally cost --format html`: what training costs, where that goes, and how models and runs compare.
"use strict";

const trainingPhases = ["initialization", "data", "forward", "loss", "backward", "optimizer", "averaging", "selection"];
const phaseMeanings = {
  initialization: "first values of the parameters, where they have to be computed",
  data: "drawing a batch: order of the images, flips, crops, normalization",
  forward: "the network's answer for a batch, layer by layer",
  loss: "how wrong the answer is, and how that changes with the answer",
  backward: "how the loss changes with each layer's parameters and input, from the last layer to the first",
  optimizer: "the new value of each parameter, from its gradient",
  averaging: "averages of the parameters over steps",
  selection: "evaluations from which something is chosen",
  evaluation: "accuracy on images that are not trained on; beside the total",
  monitoring: "what only the log shows; beside the total"
};
const isTraining = row => trainingPhases.includes(row.phase);

function describeSpan(report) {
  const {span, epoch, first_step: first} = report.reported ?? {span: "run"};
  return {run: "the training run", epoch: `epoch ${epoch}`, step: `step ${exact(first ?? 1)}`}[span];
}

// ---- The answer

function verification(report) {
  const sentences = [];
  if (report.verified) {
    const {bodies, loops, O0: plain, O3: optimized} = report.verified;
    sentences.push(make("p", {}, `Verified: the loops of ${exact(bodies)} bodies of the program count the same ${exact(loops)} operations. ` +
      `Compiled without optimization it executes ${exact(plain.executed)}, optimized ${exact(optimized.executed)}: the operations, plus surplus, less what is avoided.`));
  }
  if (report.executed) {
    const {runs, operations, surplus, avoided, executed} = report.executed;
    sentences.push(make("p", {}, `A trainer counted while it ran${runs > 1 ? ` ${exact(runs)} times` : ""}: ${exact(executed)} executed = ${exact(operations)} operations + ${exact(surplus)} surplus − ${exact(avoided)} avoided.`));
  }
  if (!sentences.length)
    sentences.push(make("p", {class: "note"}, "Not verified: ", make("code", {}, "tally cost --verify"), " counts again, from the loops of the compiled program."));
  return sentences;
}

function answer({report}) {
  const {operations, parameters, memory} = report;
  const isRun = (report.reported?.span ?? "run") === "run";
  return section("answer", `What ${describeSpan(report)} costs`,
    tiles([
      isRun && ["Complexity", inWords(report.complexity), exact(report.complexity), "parameters + operations"],
      ["Operations", inWords(operations.total), exact(operations.total), "each addition, multiplication, comparison, exp, ... of training counts 1"],
      ["Parameters", inWords(parameters.total), parameters.frozen === "0" ? exact(parameters.total) : `${exact(parameters.trained)} trained, ${exact(parameters.frozen)} frozen`, "the elements of every weight, scale and bias"],
      ["Steps", exact(report.steps), report.epochs === null ? null : `${report.epochs} epochs`, "updates of the parameters in the whole run"],
      ["Evaluation", inWords(report.evaluation), "operations, not in the total", phaseMeanings.evaluation],
      memory && ["Memory", bytesInWords(memory.peak_bytes), "of the compiled trainer, at the peak", "the arena: the one block of memory in which all tensors of the program lie"],
      report.machine && ["Time", secondsInWords(report.machine.seconds), `predicted for ${report.machine.name}`, "each kernel as fast as arithmetic or memory lets it"],
      report.machine && ["Energy", energyInWords(report.machine.joules), "predicted", "picojoules per operation and per byte moved"],
      report.bytes_moved !== undefined && ["Copied", bytesInWords(report.bytes_moved), "by operations that only move data, which count 0", "copies, reshapes, gathers by position"]
    ]),
    verification(report),
    report.subset ? make("p", {}, `It trains on the first ${exact(report.subset)} images only.`) : null);
}

// ---- Phases

function phases({report}) {
  const {operations} = report;
  const names = trainingPhases.filter(name => operations[name] && operations[name] !== "0");
  const bars = chart("operations by phase", 60 + 30 * names.length, color => ({
    type: "bar",
    data: {labels: names, datasets: [{label: "operations", data: names.map(name => Number(operations[name])), exact: names.map(name => exact(operations[name])), backgroundColor: names.map(name => color(name))}]},
    options: {indexAxis: "y", plugins: {legend: {display: false}, tooltip: exactTooltip}, scales: {x: countAxis("operations", operations.total), y: {grid: {display: false}}}}
  }));
  const key = name => make("span", {}, make("span", {class: "key", style: `background:var(--${name})`}), name);
  const rows = [...names, ...["evaluation", "monitoring"].filter(name => report[name] !== undefined && report[name] !== "0")]
    .map(name => ({name, operations: operations[name] ?? report[name], inside: name in operations}));
  return section("phases", "By phase",
    make("p", {}, "A step of training goes through these phases: it draws a batch, asks the network (forward), measures how wrong it is (loss), works out how each parameter made it wrong (backward), and changes the parameters (optimizer)."),
    bars,
    table("operations by phase", [
      {title: "phase", value: row => row.name, show: key},
      countColumn("operations", row => row.operations),
      shareColumn("share", row => row.inside ? shareOf(row.operations, operations.total) : null, "of the operations of training"),
      proseColumn("what it is", row => phaseMeanings[row.name])
    ], rows, {foot: ["total", exact(operations.total), "", "evaluation and monitoring are beside it"]}));
}

/// The families of ops whose forward and backward operations are compared: the op, and the ops of its gradients.
const families = [
  {name: "convolutions", forward: /^conv(_transpose)?$/, weight: /^conv(_transpose)?_grad_weight$/, input: /^conv(_transpose)?_grad_input$/},
  {name: "matrix products", forward: /^matmul$/, weight: null, input: null}
];

/// Why backward costs more than forward, from the figures.
function backward({report}) {
  const rows = report.layers;
  const total = (phase, test) => sum(rows.filter(row => row.phase === phase && test(row.op)).map(row => row.operations));
  const forward = BigInt(report.operations.forward), back = BigInt(report.operations.backward);
  if (forward === 0n || back === 0n)
    return null;
  const times = (a, b) => b === 0n ? null : shareOf(a, b);
  const inFamily = (family, op) => family.forward.test(op) || family.weight?.test(op) || family.input?.test(op);
  const lines = families.map(family => ({name: family.name, forward: total("forward", op => family.forward.test(op)), backward: total("backward", op => inFamily(family, op))}));
  lines.push({name: "all else", forward: forward - sum(lines.map(line => line.forward)), backward: back - sum(lines.map(line => line.backward))});

  const [convolutions] = families;
  const computed = total("forward", op => convolutions.forward.test(op));
  const weight = total("backward", op => convolutions.weight.test(op)), input = total("backward", op => convolutions.input.test(op));
  const layersWith = test => new Set(rows.filter(row => test(row) && row.operations !== "0").map(row => row.name));
  const withInput = layersWith(row => row.phase === "backward" && convolutions.input.test(row.op));
  const withWeight = layersWith(row => row.phase === "backward" && convolutions.weight.test(row.op));
  const without = layers => [...layersWith(row => row.phase === "forward" && convolutions.forward.test(row.op))].filter(name => !layers.has(name));
  const list = names => names.length > 4 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
  const texts = [`Here backward costs ${times(back, forward).toFixed(3)} times forward. A layer that multiplies an input by a weight does so once forward, and backward twice: ` +
    "once for the gradient of the weight (how to change it), once for the gradient of its input (what to tell the layer before)."];
  if (computed > 0n)
    texts.push(`Of the convolutions, the gradient of the weight costs ${times(weight, computed).toFixed(3)} times forward, and the gradient of the input ${times(input, computed).toFixed(3)} times.`);
  if (computed > 0n && without(withInput).length)
    texts.push(`Nothing asks for the gradient of the input of ${list(without(withInput))}: what comes before it, such as the images, is not trained.`);
  if (computed > 0n && without(withWeight).length)
    texts.push(`Nothing asks for the gradient of the weight of ${list(without(withWeight))}: it is frozen.`);
  texts.push("The rest has its own price: ReLU is 1 operation forward (a maximum) and 2 backward (compare, select), BatchNormalization 6 and 8 per element.");
  return section("backward", "Why does backward cost more than forward?", texts.map(text => make("p", {}, text)),
    table("forward and backward", [
      textColumn("operations of", row => row.name),
      countColumn("forward", row => row.forward),
      countColumn("backward", row => row.backward),
      numberColumn("backward / forward", row => times(row.backward, row.forward), value => `${value.toFixed(3)} ×`)
    ], lines.filter(line => line.forward || line.backward), {foot: ["all", exact(forward), exact(back), `${times(back, forward).toFixed(3)} ×`]}));
}

// ---- What runs how often

function schedule({report}) {
  const isWhole = (report.reported?.span ?? "run") === "run";
  const when = {initialize: "once, before the first step", before: "before steps", after: "after steps", evaluate: "evaluation, beside the total"};
  const rows = report.segments.map(segment => ({name: `step of ${exact(segment.batch)} images of ${segment.image_size} × ${segment.image_size}`,
                                                times: BigInt(segment.steps), each: BigInt(segment.per_step.total)}));
  for (const event of report.events) {
    const training = BigInt(event.per_trip.total), evaluation = BigInt(event.per_trip.evaluation ?? "0");
    rows.push({name: `${event.name} (${when[event.when] ?? event.when})`, times: BigInt(event.trips), each: training || evaluation, outside: !training});
  }
  const total = sum(rows.filter(row => !row.outside).map(row => row.times * row.each));
  return section("schedule", "What runs how often",
    make("p", {}, `The run is these bodies, each so many times${isWhole ? "" : " (of the whole run)"}. Times × operations each, added up, is the total.`),
    table("bodies of the program", [
      textColumn("body", row => row.name),
      countColumn("times", row => row.times),
      countColumn("operations each", row => row.each),
      countColumn("operations", row => row.outside ? null : row.times * row.each)
    ], rows, {foot: ["total", "", "", exact(total)]}));
}

// ---- Several models

function comparison(models) {
  if (models.length < 2)
    return null;
  const names = trainingPhases.filter(name => models.some(({report}) => report.operations[name] !== "0"));
  const smallest = models.map(({report}) => BigInt(report.complexity)).reduce((a, b) => a < b ? a : b);
  const largest = models.map(({report}) => Number(report.operations.total)).reduce((a, b) => Math.max(a, b));
  return section("models", "The models beside each other",
    chart("operations of each model by phase", 90 + 34 * models.length, color => ({
      type: "bar",
      data: {labels: models.map(model => shorten(model.name, 18)), datasets: names.map(name => ({label: name, data: models.map(({report}) => Number(report.operations[name])), exact: models.map(({report}) => exact(report.operations[name])), backgroundColor: color(name)}))},
      options: {indexAxis: "y", plugins: {tooltip: exactTooltip}, scales: {x: {stacked: true, ...countAxis("operations", largest)}, y: {stacked: true, grid: {display: false}}}}
    })),
    table("models", [
      textColumn("model", row => row.name),
      countColumn("complexity", row => row.report.complexity, "parameters + operations"),
      numberColumn("of the smallest", row => shareOf(row.report.complexity, smallest), value => `${precise(value, 4)} ×`),
      countColumn("parameters", row => row.report.parameters.total),
      countColumn("operations", row => row.report.operations.total, "all phases of training"),
      ...["forward", "backward"].map(name => countColumn(name, row => row.report.operations[name])),
      textColumn("recipe", row => row.recipe)
    ], models));
}

// ---- Runs

/// The report that a run was made for: model and recipe have the same digests.
function reportOf(run) {
  return data.models.find(({report}) => run.start && report.model_sha256 === run.start.model_sha256 && report.recipe_sha256 === run.start.recipe_sha256)?.report;
}

/// Parameters and operations of a run; without a report of its model what its log says of operations.
const complexityOf = run => reportOf(run)?.complexity ?? run.start?.operations ?? null;

function accuracyAgainstComplexity(runs) {
  const finished = runs.filter(run => finalAccuracy(run) !== null && complexityOf(run) !== null);
  if (!runs.length)
    return null;
  const groups = groupRuns(finished);
  const numbers = finished.map(run => Number(complexityOf(run)));
  const isWide = Math.max(...numbers) > 8 * Math.min(...numbers);
  const dots = finished.length ? chart("accuracy of each run against its complexity", 340, color => ({
    type: "scatter",
    data: {datasets: groups.map((group, index) => ({
      label: group.name, pointRadius: 5, pointHoverRadius: 7, backgroundColor: color(`series-${index % 8}`),
      data: group.runs.map(run => ({x: Number(complexityOf(run)), y: finalAccuracy(run)})),
      exact: group.runs.map(run => `${runName(run, runs)}: ${percent(finalAccuracy(run))}, complexity ${exact(complexityOf(run))}`)
    }))},
    options: {plugins: {tooltip: {callbacks: {label: context => context.dataset.exact[context.dataIndex]}}},
              scales: {x: isWide ? powerAxis("complexity") : countAxis("complexity", Math.max(...numbers)), y: accuracyAxis()}}
  })) : null;
  return section("runs", "Accuracy against complexity",
    make("p", {}, "What the operations bought: each point is a finished run; up is better, left is cheaper."), dots,
    summaryTable(runs, [countColumn("complexity", complexityOf, "parameters + operations; of a run without a report on this page its operations"),
                        textColumn("counted by", run => reportOf(run) ? "a report of this page" : "its log (operations only)")]));
}

// ---- The page

const glossary = [
  ["operation", "one scalar addition, multiplication, comparison, exp, ...: all count the same. Copies and address arithmetic count 0."],
  ["complexity", "parameters + operations of the whole training."],
  ["phase", "a part of training: initialization, data, forward, loss, backward, optimizer, averaging, selection."],
  ["layer, module, op", "a layer is a node of the model; a module a part of the model with several layers, by the path of its name; an op the kind of what a layer computes (conv, relu)."],
  ["as written, dead work", "what the model and recipe say literally, before results that nothing needs are dropped."],
  ["surplus, avoided", "a compiled program may execute more than what is counted (padding of a vector, a sum that begins at zero), or less; executed = operations + surplus − avoided."],
  ["arena", "the one block of memory in which a compiled program keeps all tensors; each has its place for as long as it is needed."],
  ["arithmetic intensity", "operations per byte that is read or written: kernels of a low one wait for memory, others for arithmetic."],
  ["profile", "the rules by which operations are counted; haet counts everything once."]
];

function renderModel(model, into) {
  const sections = [answer, phases, backward, layers, attribution, waterfall, execution, schedule, memory, roofline].map(part => part(model)).filter(part => part);
  into.replaceChildren(...sections);
  return sections;
}

function renderPage() {
  const {models, runs} = data;
  const ofModel = make("div");
  const list = make("div");
  const across = [comparison(models), accuracyAgainstComplexity(runs)].filter(part => part);
  const sub = make("p", {class: "lead"});
  const foot = make("footer");
  const show = index => {
    const model = models[index], {report} = model;
    const sections = renderModel(model, ofModel);
    sub.replaceChildren(`${model.name}${model.recipe ? `, recipe ${model.recipe}` : ""}; counted by the profile ${report.profile}`);
    foot.replaceChildren(make("p", {}, `tally ${report.tool_version}, ${report.schema}. Model SHA-256 `, make("code", {}, report.model_sha256 ?? "unknown"), ", recipe ", make("code", {}, report.recipe_sha256 ?? "unknown"), "."));
    list.replaceChildren(contents([...across, ...sections, words]));
    drawCharts();
  };
  const words = section("words", "Words", make("dl", {class: "glossary"}, glossary.map(([word, meaning]) => [make("dt", {}, word), make("dd", {}, meaning)]).flat()));
  const chooser = models.length > 1 ? make("div", {class: "controls"}, choice("Details of model", models.map((model, index) => [index, model.name]), index => show(Number(index)))) : null;
  document.getElementById("page").replaceChildren(
    make("header", {}, make("h1", {}, `Training cost: ${models.map(model => model.name).join(", ")}`), sub, list),
    ...across, ...(chooser ? [chooser] : []), ofModel, words, foot);
  show(0);
}

renderPage();
