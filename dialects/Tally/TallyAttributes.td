// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The attributes of the tally dialect.
#ifndef TALLY_TALLY_TALLYATTRIBUTES_TD
#define TALLY_TALLY_TALLYATTRIBUTES_TD

include "dialects/Tally/TallyBase.td"
include "mlir/IR/AttrTypeBase.td"

/// A figure with a default; it is printed where it differs.
class Tally_Fact<string key, int number, string description>
    : DefaultValuedParameter<"int64_t", !cast<string>(number), description> {
  string name = key;
}

defvar Tally_facts = [
  Tally_Fact<"vector_bits", 256, "bits of the widest vector register">,
  Tally_Fact<"vector_registers", 16, "vector registers">,
  Tally_Fact<"matrix_rows", 0, "rows of a matrix register, of 64 bytes each, for sums in f32 of products of pairs of bf16 (AMX); 0 where there is none">,
  Tally_Fact<"lane_products", 1, "products of bf16 that a lane of a vector adds to its sum in f32 in one instruction: 2 with vdpbf16ps">,
  Tally_Fact<"units", 2, "vector operations of arithmetic that can start in a cycle">,
  Tally_Fact<"loads", 2, "vector loads that can start in a cycle">,
  Tally_Fact<"latency", 4, "cycles until a sum can be used">,
  Tally_Fact<"l1_bytes", 32768, "bytes of the first data cache">,
  Tally_Fact<"l2_bytes", 262144, "bytes of the second cache">,
  Tally_Fact<"streams", 10, "tensors that one loop can read and write at full speed">,
  Tally_Fact<"grain", 4096, "iterations of a loop that are worth a piece of their own">,
  Tally_Fact<"threads", 16, "pieces that work is cut for">];

def Tally_TargetAttr : AttrDef<Tally_Dialect, "Target"> {
  let mnemonic = "target";
  let summary = "the machine that code is made for";
  let description = [{
    Triple, processor and features are words of LLVM; with them a backend makes its code generator. The figures follow from them (--set-target) and
    from nothing else, so that equal words make equal programs on any machine. Whatever is not given has its default: a machine of 256 bits.

    `threads` is no fact of a machine but the number of pieces that work is cut for. It decides in which order numbers are added, so it does
    not follow the machine that a trainer happens to run on: results do not depend on the number of threads.

    ```mlir
    module attributes {tally.target = #tally.target<processor = "znver4", vector_bits = 512, vector_registers = 32>}
    ```
    (C1) no figure is negative, and all but vector_bits, vector_registers and matrix_rows, which are 0 without such registers, are at least 1
  }];
  let parameters = !con((ins
    StringRefParameter<"triple of LLVM", [{""}]>:$triple,
    StringRefParameter<"name of a processor of LLVM", [{""}]>:$processor,
    StringRefParameter<"features of LLVM that differ from the processor's, like +fma,-sse4a", [{""}]>:$features),
    !dag(ins, Tally_facts, !foreach(fact, Tally_facts, fact.name)));
  let builders = [
    /// All defaults.
    AttrBuilder<(ins), [{return $_get($_ctxt, "", "", "", }] # !interleave(!foreach(fact, Tally_facts, fact.defaultValue), ", ") # ");">];
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Elements of a type (index: 64 bits) in a vector register; 1 where there is no vector.
    int64_t getLanes(::mlir::Type element) const;
    /// Whether there are instructions for products of bf16, of matrices or of pairs in lanes.
    bool multipliesBf16() const { return getMatrixRows() || getLaneProducts() > 1; }
  }];
}

/// Loops of an op, each with a number of steps: [3 by 7, 1 by 2].
class Tally_LoopSteps<string description> : OptionalArrayRefParameter<"::tally::LoopSteps", description> {
  let parser = "::tally::parseLoopSteps($_parser)";
  let printer = "::tally::printLoopSteps($_printer, $_self)";
}

def Tally_ScheduleAttr : AttrDef<Tally_Dialect, "Schedule"> {
  let mnemonic = "schedule";
  let summary = "how the loops of a kernel's op run";
  let description = [{
    Loops are those of the op, by number. A tile of results stays in registers over a reduction: `vectors` vectors of `lanes` elements along the loop
    `vector` (-1: scalars), times the steps of the loops to `unroll`, which are parallel. Reduced loops that are cut into `blocks` run outside of the
    tiles, outermost first; the sums of a block are added through memory. With a loop of `rows`, the tile is one of matrix registers: rows times
    lanes of results, and pairs of products a step. A loop that moves every operand as the next one does is
    part of that one, and a loop of one step is none: neither is named.

    ```mlir
    linalg.generic {...} ins(...) outs(...) attrs = {tally.schedule = #tally.schedule<vector = 1, lanes = 16, vectors = 2, unroll = [0 by 14], blocks = [2 by 96]>}
    ```
    (C1) lanes, vectors and steps are positive
  }];
  let parameters = (ins
    DefaultValuedParameter<"int64_t", "-1", "loop whose steps are lanes">:$vector,
    DefaultValuedParameter<"int64_t", "1", "elements of a vector">:$lanes,
    DefaultValuedParameter<"int64_t", "1", "vectors of a tile">:$vectors,
    Tally_LoopSteps<"parallel loops of a tile">:$unroll,
    Tally_LoopSteps<"reduced loops that are cut">:$blocks,
    DefaultValuedParameter<"int64_t", "-1", "loop whose steps are rows of matrix registers">:$rows);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

#endif
