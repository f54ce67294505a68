// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The train dialect: enumerations and the base class of its ops.
#ifndef TALLY_TRAIN_TRAINBASE_TD
#define TALLY_TRAIN_TRAINBASE_TD

include "dialects/Nn/NnBase.td"
include "dialects/Train/TrainEnums.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "tally/Interfaces/BodyOpInterface.td"
include "tally/Interfaces/BoundaryOpInterface.td"

def Train_Dialect : Dialect {
  let name = "train";
  let cppNamespace = "::tally::train";
  let summary = "the process: what is learned, from what, how many times";
  let description = [{
    A train.program holds the variables of a training run (parameters, state, tables), the bodies that compute (steps,
    periodic work, initialization, evaluation) and the table that says which body runs at which step. Bodies are straight
    lines of pure tensor ops between train.read and train.write: all reads see the content before the body runs, each
    variable is written at most once, and the writes take effect together at its end.
  }];
  let dependentDialects = ["::tally::nn::NnDialect"];
}

class Train_Op<string mnemonic, list<Trait> traits = []> : Op<Train_Dialect, mnemonic, traits>;

/// A body of a program: a straight line of ops without terminator.
class Train_BodyOp<string mnemonic, list<Trait> traits = []>
    : Train_Op<mnemonic, !listconcat(traits, [HasParent<"ProgramOp">, Symbol, NoTerminator, SingleBlock, NoRegionArguments,
                                             DeclareOpInterfaceMethods<BodyOpInterface>])> {
  let regions = (region SizedRegion<1>:$region);
}

#endif
