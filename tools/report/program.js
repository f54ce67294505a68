// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Of the cost page: what made the program cheaper, what it executes, the memory it needs, and the time that a machine would take.
"use strict";

function energyInWords(joules) {
  return joules >= 3.6e6 ? `${precise(joules / 3.6e6, 3)} kWh` : joules >= 3600 ? `${precise(joules / 3600, 3)} Wh` : `${precise(joules, 3)} J`;
}

/// Bars that hang between a stage's operations and those of the one before, and the sum that is left.
function waterfall({report}) {
  const stages = report.waterfall ?? [];
  if (stages.length < 2)
    return null;
  const values = stages.map(stage => Number(stage.operations));
  const left = values[values.length - 1];
  // Where little was dropped, an axis from 0 would show nothing.
  const smallest = Math.min(...values), range = Math.max(...values) - smallest;
  const cut = smallest > 4 * range ? smallest - range / 2 : 0;
  const bars = stages.map((stage, i) => ({name: stage.name, span: i ? [values[i], values[i - 1]] : [cut, values[0]], text: i ? exact(BigInt(stage.operations) - BigInt(stages[i - 1].operations)) : exact(stage.operations)}));
  bars.push({name: "counted", span: [cut, left], text: exact(stages[stages.length - 1].operations)});
  const end = bars.length - 1;
  return section("waterfall", "What made it cheaper",
    make("p", {}, "From the model and recipe as they are written to what is counted: each step leaves out work that the result does not need."),
    chart("operations left after each step", 80 + 36 * bars.length, color => ({
      type: "bar",
      data: {labels: bars.map(bar => bar.name), datasets: [{label: "operations", data: bars.map(bar => bar.span), exact: bars.map(bar => bar.text), minBarLength: 2,
        backgroundColor: bars.map((bar, i) => color(i === 0 ? "initialization" : i === end ? "forward" : "optimizer"))}]},
      options: {indexAxis: "y", plugins: {legend: {display: false}, tooltip: exactTooltip},
                scales: {x: {min: cut, ...countAxis("operations", values[0]), ticks: {callback: value => precise(value / scaleOf(values[0]).size, cut ? 6 : 3), maxTicksLimit: 6, maxRotation: 0}},
                         y: {grid: {display: false}, ticks: {callback: index => shorten(bars[index].name, document.documentElement.clientWidth < 640 ? 18 : 40)}}}}
    })),
    cut ? make("p", {class: "note"}, "The axis does not begin at 0.") : null,
    table("operations left after each step", [
      textColumn("step", row => row.name),
      countColumn("operations left", row => row.operations),
      countColumn("change", row => { const at = stages.indexOf(row); return at ? BigInt(row.operations) - BigInt(stages[at - 1].operations) : null; })
    ], stages));
}

function reasons(title, counts, total) {
  const rows = Object.entries(counts ?? {}).filter(([name]) => name !== "total").map(([name, count]) => ({name, count}));
  return rows.length ? make("div", {}, make("h3", {}, title), table(title, [
    textColumn("reason", row => row.name),
    countColumn("operations", row => row.count),
    shareColumn("share", row => shareOf(row.count, total), "of the operations of training")
  ], rows, {sort: {column: 1, descending: true}, foot: ["total", exact(counts.total), percent(shareOf(counts.total, total))]})) : null;
}

function execution({report}) {
  if (!report.verified)
    return null;
  const {total} = report.operations;
  const rows = [["-O0", report.verified.O0], ["-O3", report.verified.O3]].map(([level, numbers]) => ({level, ...numbers}));
  return section("executed", "What the program executes",
    make("p", {}, "Counted from the loops of the compiled program. A pass of the compiler that adds arithmetic, or saves some, has to say how much and why; the count of the loops proves it."),
    table("executed operations", [
      textColumn("level", row => row.level, "-O0: plain loops, -O3: optimized"),
      countColumn("operations", () => total),
      countColumn("surplus", row => row.surplus),
      countColumn("avoided", row => row.avoided),
      countColumn("executed", row => row.executed),
      numberColumn("executed / operations", row => shareOf(row.executed, total), value => `${value.toFixed(4)} ×`)
    ], rows),
    make("div", {class: "columns"}, reasons("Surplus at -O3", report.surplus, total), reasons("Avoided at -O3", report.avoided, total)));
}

// ---- Memory

/// Kernels are named after their phase and layer, or a group of them.
const kernelName = row => row.op.startsWith("tally.") ? row.op.slice("tally.".length) : `${row.layer} ${row.op}`;

/// A small table of [{name, bytes}].
function parts(title, rows, whole, foot) {
  return rows?.length ? make("div", {}, make("h3", {}, title), table(title, [
    proseColumn("part", row => row.name),
    countColumn("bytes", row => row.bytes),
    shareColumn("share", row => shareOf(row.bytes, whole))
  ], rows, {sort: {column: 1, descending: true}, foot})) : null;
}

function timeline(rows) {
  const phases = [...new Set(rows.map(row => row.phase))]; // "" is work that several phases share
  const peak = rows.reduce((most, row) => Math.max(most, Number(row.bytes)), 0);
  const {size, name} = [[1e9, "GB"], [1e6, "MB"], [1e3, "kB"], [1, "bytes"]].map(([size, name]) => ({size, name})).find(({size}) => peak >= size) ?? {size: 1, name: "bytes"};
  return chart("bytes in use while each kernel of a step runs", 300, color => ({
    type: "bar",
    data: {labels: rows.map((row, index) => index + 1), datasets: phases.map(phase => ({
      label: phase || "shared", data: rows.map(row => row.phase === phase ? Number(row.bytes) : null), backgroundColor: color(phase) || color("muted"),
      exact: rows.map(row => `${kernelName(row)}, ${exact(row.bytes)} bytes`), barPercentage: 1, categoryPercentage: 1, grouped: false}))},
    options: {interaction: {mode: "index", intersect: false}, plugins: {tooltip: {filter: item => item.raw !== null, callbacks: {title: items => items.length ? `kernel ${items[0].label}` : "", label: context => `${context.dataset.label}: ${context.dataset.exact[context.dataIndex]}`}}},
              scales: {x: {...namedAxis("kernels of one step, in the order in which they run"), grid: {display: false}, ticks: {maxTicksLimit: 10, maxRotation: 0}}, y: {beginAtZero: true, ...namedAxis(name), ticks: {callback: value => precise(value / size, 3)}}}}
  }));
}

function memory({report}) {
  const sizes = report.memory;
  if (!sizes)
    return null;
  const resident = sum((sizes.resident ?? []).map(part => part.bytes));
  const highest = sizes.timeline?.length ? sizes.timeline.reduce((most, row) => Number(row.bytes) > Number(most.bytes) ? row : most) : null;
  return section("memory", "Memory",
    make("p", {}, "The compiler gives every tensor its place in one block, the arena, before the program runs; two tensors share a place when they are never needed at the same time."),
    tiles([
      ["Peak", bytesInWords(sizes.peak_bytes), `${exact(sizes.peak_bytes)} bytes`, "the size of the arena"],
      ["Parameters", bytesInWords(sizes.parameters_bytes), `${exact(sizes.parameters_bytes)} bytes`, "weights, scales and biases"],
      ["State", bytesInWords(sizes.state_bytes), `${exact(sizes.state_bytes)} bytes`, "momentum, running statistics, averages"],
      ["Activations", bytesInWords(sizes.activations_bytes), `${exact(sizes.activations_bytes)} bytes`, "results of the forward pass that backward reads"],
      ["Scratch of a thread", bytesInWords(sizes.scratch_bytes_per_thread), `${exact(sizes.scratch_bytes_per_thread)} bytes`, "beside the arena"]
    ]),
    highest ? [make("p", {}, `Forward keeps what backward will read, so memory rises to the peak (${kernelName(highest)}, in ${highest.phase}) and falls as backward uses it up.`), timeline(sizes.timeline)] : null,
    sizes.at_peak?.length ? [make("h3", {}, "Tensors alive at the peak"), table("tensors alive at the peak", [
      textColumn("tensor", row => row.name),
      textColumn("layer", row => row.layer),
      textColumn("phase", row => row.phase),
      countColumn("bytes", row => row.bytes),
      shareColumn("share", row => shareOf(row.bytes, sizes.peak_bytes), "of the peak")
    ], sizes.at_peak, {sort: {column: 3, descending: true}, search: true, limit: 15})] : null,
    make("div", {class: "columns"},
         parts("What the process needs", sizes.resident, resident, ["total", exact(resident), ""]),
         parts("The arena in each body", sizes.bodies, sizes.peak_bytes)));
}

// ---- Roofline

function roofline({report}) {
  const {machine} = report;
  if (!machine)
    return null;
  const rows = machine.layers.filter(row => Number(row.operations) > 0 && Number(row.bytes) > 0 && row.seconds > 0)
    .map(row => ({...row, intensity: Number(row.operations) / Number(row.bytes), rate: Number(row.operations) / row.seconds}));
  const xs = rows.map(row => row.intensity);
  const low = Math.min(0.05, ...xs) / 2, high = Math.max(1000, ...xs) * 2;
  // A roof for each type of number that training calculates with; types of one rate share it.
  const peaks = machine.peak_operations_per_second;
  const types = new Map();
  for (const type of new Set(Object.keys(report.by_type).map(type => type in peaks ? type : "other")))
    if (type in peaks)
      types.set(peaks[type], [...(types.get(peaks[type]) ?? []), type]);
  const roofs = [...types].map(([peak, names]) => {
    const ridge = peak / machine.bytes_per_second;
    return {type: names.join(", "), peak, points: [low, Math.min(Math.max(ridge, low), high), high].map(x => ({x, y: Math.min(peak, x * machine.bytes_per_second)}))};
  });
  const cached = rows.some(row => row.rate > 1.01 * row.intensity * machine.bytes_per_second);
  const phases = [...new Set(rows.map(row => row.phase))];
  const bound = kind => shareOf(rows.filter(row => isTraining(row) && row.bound === kind).reduce((total, row) => total + row.seconds, 0), machine.seconds);
  const {size, name} = [[1e12, "TB/s"], [1e9, "GB/s"], [1e6, "MB/s"]].map(([size, name]) => ({size, name})).find(({size}) => machine.bytes_per_second >= size) ?? {size: 1, name: "B/s"};
  return section("roofline", "Time on a machine: the roofline",
    make("p", {}, `Predicted for ${machine.name}: a kernel takes as long as its arithmetic or its bytes, whichever takes longer. Of ${secondsInWords(machine.seconds)}, ${percent(bound("compute"))} wait for arithmetic, ${percent(bound("memory"))} for memory.`),
    tiles([
      ["Time", secondsInWords(machine.seconds), "of training"],
      ["Energy", energyInWords(machine.joules), "of training"],
      machine.evaluation_seconds && ["Evaluation", secondsInWords(machine.evaluation_seconds), "in addition"],
      ["Bandwidth", `${precise(machine.bytes_per_second / size, 3)} ${name}`, "of memory"],
      ...roofs.map(({type, peak}) => [`Peak, ${type}`, inWords(Math.round(peak)), "operations per second"])
    ]),
    chart("operations per second of each kernel against its arithmetic intensity, below the roof of the machine", 380, color => ({
      type: "scatter",
      data: {datasets: [
        ...phases.map(phase => { const of = rows.filter(row => row.phase === phase); return {
          label: phase, backgroundColor: color(phase) || color("muted"), data: of.map(row => ({x: row.intensity, y: row.rate})),
          pointRadius: of.map(row => 2.5 + 12 * Math.sqrt(shareOf(row.seconds, machine.seconds))),
          exact: of.map(row => `${row.layer} ${row.op}: ${precise(row.intensity, 3)} operations a byte, ${secondsInWords(row.seconds)}`)}; }),
        ...roofs.map((roof, index) => ({label: `roof, ${roof.type}`, type: "line", data: roof.points, pointStyle: "line", pointRadius: 0, borderWidth: 2, borderDash: index ? [6, 4] : [], borderColor: color("muted"), backgroundColor: color("muted"), exact: roof.points.map(() => `${inWords(Math.round(roof.peak))} a second`)}))
      ]},
      options: {plugins: {tooltip: exactTooltip, legend: {labels: {usePointStyle: true}}}, scales: {x: {...powerAxis("operations per byte"), min: low, max: high}, y: {...powerAxis("operations per second"), max: 2 * Math.max(...roofs.map(roof => roof.peak), ...rows.map(row => row.rate))}}}
    })),
    make("p", {class: "note"}, `A larger point takes a larger share of the time.${cached ? " Points above the slope find their data in a cache, which is faster than memory." : ""}`),
    table("time of each kernel", [
      textColumn("layer", row => row.layer),
      textColumn("phase", row => row.phase),
      textColumn("op", row => row.op),
      numberColumn("time", row => row.seconds, secondsInWords),
      shareColumn("share", row => isTraining(row) ? shareOf(row.seconds, machine.seconds) : null, "of the time of training"),
      textColumn("waits for", row => row.bound),
      countColumn("operations", row => row.operations),
      countColumn("bytes", row => row.bytes, "read and written"),
      numberColumn("operations / byte", row => Number(row.bytes) ? Number(row.operations) / Number(row.bytes) : null, value => precise(value, 3), "arithmetic intensity"),
      numberColumn("energy", row => row.joules, energyInWords)
    ], machine.layers, {sort: {column: 3, descending: true}, search: true, limit: 15, filters: [{label: "Waits for", value: row => row.bound}]}));
}
