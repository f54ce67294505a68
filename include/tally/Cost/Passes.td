// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The passes that count.
#ifndef TALLY_COST_PASSES_TD
#define TALLY_COST_PASSES_TD

include "mlir/Pass/PassBase.td"

class CountPass<string flag> : Pass<flag> {
  let options = [Option<"format", "format", "std::string", "\"text\"",
                        "text: a line for each body (its operations and their kinds) and for each of its phases; layers: a "
                        "line for each layer, too; none: nothing is printed">];
  let statistics = [Statistic<"operations", "operations", "operations of one execution of every body">];
}

def CountCost : CountPass<"count-cost"> {
  let summary = "count the scalar operations of each body from the interfaces of its ops";
  let description = [{
    Prints to the standard output what one execution of each function and of each body of a program costs:
    `@relu: 15 operations: maximum 15`, and below it each phase where phases are marked. Ops of a program's body that reach only metrics are `monitoring`.
    An op without a phase has that of its body: of an initialization, periodic work or an evaluation its own; of a step that of its
    location, else it is an error. The program is not changed.

    Before and after: graph or training level. Refuses an op with neither CostOpInterface nor ZeroCost, and a number beyond 127 bits.
  }];
}

def CountScalarOps : CountPass<"count-scalar-ops"> {
  let summary = "count the scalar operations of each body from its loops";
  let description = [{
    Prints the same lines as `--count-cost`, from loops: trips times the scalar ops of each linalg body and loop, for each lane of a
    vector, and of the kernels that are called. Each scalar op is charged to its own location. In bodies on tensors, where an
    accumulator starts from a fill of its neutral element, the first op on each touched element of the (cropped) result is not
    counted; an accumulation into positions that depend on data is counted in full. In kernels all that is executed counts.

    Before and after: tensor level to `--vectorize-kernels`. Refuses loops without constant bounds, branches of unequal counts and scalar ops that the counting rules do not know.
  }];
}

def CheckCounts : Pass<"check-counts", "::mlir::ModuleOp"> {
  let summary = "require that the counts before and after the conversion are equal";
  let description = [{
    Lowers a clone by `--convert-nn-to-linalg` and compares both counts of each body by phase, layer, kind of operation and element
    type; the error names both numbers and each layer that differs.

    Before and after: graph or training level.
  }];
  let statistics = [Statistic<"bodies", "bodies", "bodies compared">];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect", "::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect", "::mlir::scf::SCFDialect"];
}

#endif
