// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What pages show of trainers' runs: their names, groups, and the table of where they ended.
"use strict";

const fileStem = path => path.replace(/^.*\//, "").replace(/\.[^.]*$/, "") || path;

/// The log, and the seed where a log has several.
function runName(run, runs) {
  const ofLog = runs.filter(other => other.log === run.log).length;
  const sameStem = new Set(runs.filter(other => fileStem(other.log) === fileStem(run.log)).map(other => other.log)).size;
  const name = sameStem > 1 ? run.log : fileStem(run.log);
  return ofLog > 1 ? `${name}, seed ${run.seed ?? "none"}` : name;
}

/// Runs of one program, which differ in their seed; a run without a first event is one of its log's.
function groupRuns(runs) {
  const groups = new Map();
  for (const run of runs) {
    const key = run.start?.program_sha256 ?? run.log;
    const group = groups.get(key) ?? {name: run.start?.name ?? fileStem(run.log), runs: []};
    group.runs.push(run);
    groups.set(key, group);
  }
  const list = [...groups.values()];
  // Two programs may have been given one name.
  for (const group of list)
    if (list.some(other => other !== group && other.name === group.name))
      group.label = `${group.name}, ${fileStem(group.runs[0].log)}`;
  return list.map(({name, label, runs}) => ({name: label ?? name, runs}));
}

const lastEvaluation = run => run.evaluations.filter(evaluation => typeof evaluation.accuracy === "number").at(-1);
const finalAccuracy = run => run.end?.accuracy ?? lastEvaluation(run)?.accuracy ?? null;
const bestAccuracy = run => run.evaluations.reduce((best, {accuracy}) => typeof accuracy === "number" && (best === null || accuracy > best) ? accuracy : best, null);
const lastStep = run => run.end?.step ?? run.curve.step.at(-1) ?? run.evaluations.at(-1)?.step ?? 0;

const accuracyAxis = () => ({title: {display: true, text: "accuracy"}, ticks: {callback: value => `${precise(100 * value, 4)} %`}});

/// A row for each run with `more` columns, and for each program that ran with several seeds their mean.
function summaryTable(runs, more) {
  const accuracy = value => `${(100 * value).toFixed(2)} %`;
  const rows = table("runs", [
    textColumn("run", run => runName(run, runs)),
    textColumn("network", run => run.start?.name ?? null),
    numberColumn("steps", run => lastStep(run), exact),
    numberColumn("final accuracy", finalAccuracy, accuracy),
    numberColumn("best accuracy", bestAccuracy, accuracy, "of all evaluations"),
    textColumn("target", run => typeof run.end?.target !== "number" ? null : `${accuracy(run.end.target)}${run.end.passed === true ? ", met" : run.end.passed === false ? ", missed" : ""}`),
    ...more
  ], runs);
  const several = groupRuns(runs).map(group => ({...group, accuracies: group.runs.map(finalAccuracy).filter(value => value !== null)})).filter(group => group.accuracies.length > 1);
  const mean = ({accuracies}) => accuracies.reduce((sum, value) => sum + value, 0) / accuracies.length;
  const deviation = group => Math.sqrt(group.accuracies.reduce((sum, value) => sum + (value - mean(group)) ** 2, 0) / (group.accuracies.length - 1));
  return [rows, several.length ? make("div", {}, make("h3", {}, "Programs that ran several times"), table("programs that ran several times", [
    textColumn("program", group => group.name),
    numberColumn("runs", group => group.accuracies.length, String),
    numberColumn("mean accuracy", mean, accuracy),
    numberColumn("deviation", deviation, accuracy, "standard deviation of the sample"),
    numberColumn("lowest", group => Math.min(...group.accuracies), accuracy),
    numberColumn("highest", group => Math.max(...group.accuracies), accuracy)
  ], several)) : null];
}
