// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Of the cost page: where the operations are, by layer, module, op, kind and type, and what there is of parameters.
"use strict";

/// What a row of `layers` is summed up by.
const groupings = {layer: row => row.name, module: row => row.module ?? row.name, op: row => row.op};

/// The rows of training summed up: [{name, total, phases {phase: BigInt}}].
function groupLayers(rows, by) {
  const groups = new Map();
  for (const row of rows.filter(isTraining)) {
    const name = groupings[by](row) || "(the network itself)";
    const group = groups.get(name) ?? {name, total: 0n, phases: {}};
    group.total += BigInt(row.operations);
    group.phases[row.phase] = (group.phases[row.phase] ?? 0n) + BigInt(row.operations);
    groups.set(name, group);
  }
  return [...groups.values()].filter(group => group.total > 0n);
}

function layers({report}) {
  const most = 20;
  const state = {by: "layer", order: "cost", all: false};
  const others = make("p", {class: "note"});
  const hasModules = report.layers.some(row => row.module);
  const shown = () => {
    const groups = groupLayers(report.layers, state.by).sort((a, b) => compareCells(b.total, a.total));
    const largest = state.all ? groups : groups.slice(0, most);
    const rest = groups.slice(largest.length);
    if (state.order === "name")
      largest.sort((a, b) => compareCells(a.name, b.name));
    // A bar of all others would dwarf the largest where there are many.
    others.textContent = rest.length ? `Not drawn: ${exact(rest.length)} others, together ${percent(shareOf(sum(rest.map(group => group.total)), report.operations.total))} of the operations.` : "";
    return largest;
  };
  const bars = chart("operations by layer and phase", () => 90 + 22 * shown().length, color => {
    const groups = shown();
    const phases = trainingPhases.filter(phase => groups.some(group => group.phases[phase]));
    const narrow = document.documentElement.clientWidth < 640;
    return {
      type: "bar",
      data: {labels: groups.map(group => group.name), datasets: phases.map(phase => ({
        label: phase, data: groups.map(group => Number(group.phases[phase] ?? 0n)), exact: groups.map(group => exact(group.phases[phase] ?? 0n)), backgroundColor: color(phase)}))},
      options: {indexAxis: "y", plugins: {tooltip: exactTooltip},
                scales: {x: {stacked: true, ...countAxis("operations", groups.reduce((most, group) => Math.max(most, Number(group.total)), 0))},
                         y: {stacked: true, grid: {display: false}, ticks: {autoSkip: false, callback: index => shorten(groups[index].name, narrow ? 16 : 34)}}}}
    };
  });
  const set = (key, value) => { state[key] = value; bars.redraw(); };
  const {total} = report.operations;
  return section("layers", "By layer",
    make("p", {}, "Each bar is what one part of the model costs in the whole training, split by phase."),
    make("div", {class: "controls"},
         choice("By", [["layer", "layer"], ...(hasModules ? [["module", "module"]] : []), ["op", "op"]], value => set("by", value)),
         choice("Order", [["cost", "largest first"], ["name", "by name"]], value => set("order", value)),
         choice("Show", [["", `the ${most} largest`], ["all", "all"]], value => set("all", value === "all"))),
    bars, others,
    table("operations of each phase, layer and op", [
      textColumn("layer", row => row.name, "a node of the model, or a part of the recipe"),
      ...(hasModules ? [textColumn("module", row => row.module ?? "", "the part of the model that the layer is in")] : []),
      textColumn("phase", row => row.phase),
      textColumn("op", row => row.op, "the kind of what is computed"),
      countColumn("operations", row => row.operations),
      shareColumn("share", row => isTraining(row) ? shareOf(row.operations, total) : null, "of the operations of training"),
      countColumn("parameters", row => row.parameters),
      ...(report.layers.some(row => row.bytes_moved !== undefined) ? [countColumn("bytes copied", row => row.bytes_moved ?? null, "by ops that only move data")] : [])
    ], report.layers, {sort: {column: hasModules ? 4 : 3, descending: true}, search: true, limit: 25, filters: [{label: "Phase", value: row => row.phase}]}));
}

/// A small table of {name: count}.
function split(title, counts, total) {
  if (!counts || !Object.keys(counts).length)
    return null;
  const rows = Object.entries(counts).map(([name, count]) => ({name, count}));
  return make("div", {}, make("h3", {}, title), table(title, [
    textColumn("name", row => row.name),
    countColumn("operations", row => row.count),
    shareColumn("share", row => shareOf(row.count, total))
  ], rows, {sort: {column: 1, descending: true}, limit: 12}));
}

function attribution({report}) {
  const {total} = report.operations;
  const groups = report.parameter_groups?.length ? make("div", {}, make("h3", {}, "Parameters by group"), table("parameters by group", [
    textColumn("group", row => row.kind),
    countColumn("tensors", row => row.tensors),
    countColumn("elements", row => row.elements),
    countColumn("trained", row => row.trained),
    countColumn("frozen", row => row.frozen, "never changed by training")
  ], report.parameter_groups, {sort: {column: 2, descending: true}, foot: ["total", "", exact(report.parameters.total), exact(report.parameters.trained), exact(report.parameters.frozen)]})) : null;
  return section("kinds", "By kind", make("div", {class: "columns"},
    split("By op", report.by_op, total), split("By kind of operation", report.by_kind, total), split("By type of number", report.by_type, total), groups));
}
