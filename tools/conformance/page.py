# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes the page of the results."""
import collections

import onnx

from reasons import generalize

HEAD = """<!-- Made from tools/conformance/results.txt by `conformance.py run`; edit neither. -->
# ONNX conformance

The tests of `onnx.backend.test`, release {version}: each model is imported (`tally-translate --import-onnx`), compiled and called (`tally-check-op --run`) on each of
its data sets, and each output is compared with the expected one, within rtol and atol of the test (0.001 and 1e-7 of most; 2^-6 for bfloat16), integers and booleans
exactly. Inside a graph each integer is an i64 and a float16 or bfloat16 an f32; results are converted back to the type that the test declares.

{bound} of the tests that pass do so once the inputs that decide what is computed and of what shapes (the shape of Reshape, the axes of ReduceSum, the trip count of Loop,
...: the table `STRUCTURAL` in `tools/conformance/cases.py`) are constants of the model, because a Tally program has static shapes; the data are inputs. They are
counted apart as *fixed*.

    build/venv/bin/python tools/conformance/conformance.py run     # all tests, new results and page; --filter REGEX runs some and shows what they say
    build/venv/bin/python tools/conformance/conformance.py check   # fails where a test that passed fails, or results or page are stale

"""


COLUMNS = ["passed", "of these fixed", "all", "share"]
NUMBERS = {*COLUMNS, "number"}


def table(head, rows):
    lines = [head, ["---:" if word in NUMBERS else "---" for word in head]] + rows
    return "".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |\n" for line in lines) + "\n"


def count(results):
    """The cells of COLUMNS."""
    passed = sum(result.status != "fail" for result in results)
    bound = sum(result.status == "bound" for result in results)
    return [f"{passed}", f"{bound or ''}", f"{len(results)}", f"{100 * passed / max(1, len(results)):.1f} %"]


def group(results, key):
    groups = collections.defaultdict(list)
    for result in results:
        groups[key(result)].append(result)
    return groups


# What trains: BatchNormalization and Dropout in training mode, the optimizers, the two networks with Gradient.
TRAINING = ("test_batchnorm_example_training_mode", "test_batchnorm_epsilon_training_mode", "test_training_dropout", "test_adam", "test_adagrad", "test_momentum",
            "test_nesterov_momentum", "test_gradient_of")
LOSSES = ("NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss")


def make_page(results):
    bound = sum(result.status == "bound" for result in results)
    text = HEAD.format(version=onnx.__version__, bound=bound)
    rows = [[f"`{kind}`", *count(some)] for kind, some in group(results, lambda result: result.kind).items()]
    rows.append(["training (optimizers, Gradient, BatchNormalization and Dropout in training mode)", *count([r for r in results if r.name.startswith(TRAINING)])])
    rows.append(["losses (" + ", ".join(f"`{op}`" for op in LOSSES) + ")", *count([r for r in results if r.op in LOSSES and r.kind == "node"])])
    text += table(["tests", *COLUMNS], rows)

    failed = [result for result in results if result.status == "fail"]
    text += "## Why tests do not pass\n\n"
    for title, some in (("By nature: beyond static graphs of tensors of numbers", [r for r in failed if r.nature]), ("Others", [r for r in failed if not r.nature])):
        if some:
            groups = group(some, lambda result: result.nature or generalize(result.reason))
            rows = [[reason, len(of), ", ".join(result.name for result in of[:3]) + (", ..." if len(of) > 3 else "")]
                    for reason, of in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))]
            text += f"### {title}\n\n" + table(["reason", "number", "examples"], rows)

    text += "## By op\n\nThe node tests of an op, those of its function body (`_expanded`) included.\n\n"
    ops = group([result for result in results if result.kind == "node"], lambda result: result.op)
    return text + table(["op", *COLUMNS], [[f"`{op}`", *count(ops[op])] for op in sorted(ops)])
