// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The passes that end in LLVM.
#ifndef TALLY_TARGET_PASSES_TD
#define TALLY_TARGET_PASSES_TD

include "mlir/Pass/PassBase.td"

def SetTarget : Pass<"set-target", "::mlir::ModuleOp"> {
  let summary = "put what LLVM knows of a processor on the module";
  let description = [{
    Sets `tally.target`, which the passes after the tensor level and the code generator ask. The widest vector registers count, also where LLVM
    prefers narrower ones for code that is not all vectors. What LLVM does not tell keeps its default.

    ```mlir
    module {}
    // becomes (march=x86-64-v4)
    module attributes {tally.target = #tally.target<triple = "x86_64-pc-linux-gnu", processor = "x86-64-v4", vector_bits = 512, vector_registers = 32>} {}
    ```
    Before and after: any level. Refuses processors and triples that LLVM does not know.
  }];
  let options = [Option<"march", "march", "std::string", "\"native\"",
                        "a processor of LLVM, TRIPLE:PROCESSOR for another architecture, or native">,
                 Option<"target", "target", "std::string", "", "the attribute itself, instead of what LLVM knows">];
  let dependentDialects = ["::tally::TallyDialect"];
}

def TimeKernels : Pass<"time-kernels", "::mlir::ModuleOp"> {
  let summary = "tell the runtime when each kernel begins and ends";
  let description = [{
    Each call of a kernel in a body stands between tally_rt_begin_kernel(n) and tally_rt_end_kernel(n), which do nothing unless the trainer runs with
    `--profile`; n is the number of the call in `tally.calls` of the program, which says of each: body, kernel, operations, bytes, and the phases
    and layers that the call, not the kernel, belongs to: equal kernels are one function.

    ```mlir
    call @k(%x, %y)
    // becomes
    call @tally_rt_begin_kernel(%c0); call @k(%x, %y); call @tally_rt_end_kernel(%c0)   // %c0: the first of tally.calls
    ```
    Before: buffer level, measured (`--measure-kernels`). After: buffer level. Refuses a kernel that is not measured.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect"];
}

def CountExecutions : Pass<"count-executions", "::mlir::ModuleOp"> {
  let summary = "kernels tell the runtime how often each of their blocks ran";
  let description = [{
    The third count: each block of a kernel (its body, that of a loop, a branch) that computes counts its executions in a local number; before
    it returns, the kernel gives the numbers to tally_rt_count_block. `tally.blocks` of the program says what one execution of a block costs: its
    kernel, and operations by layer. The trainer multiplies, and compares with what the static counts say that it executes.

    ```mlir
    scf.for ... { %z = arith.mulf %x, %y : f32 ... }
    // becomes
    scf.for ... { %n = memref.load %times[%c0] ...; memref.store %n1, %times[%c0] ...; %z = arith.mulf %x, %y : f32 ... }
    call @tally_rt_count_block(%c17, %n) : (i64, i64) -> ()   // tally.blocks = [..., {costs = [{layer = "conv1", operations = "multiply f32 1"} ], kernel = "k"} ]
    ```
    Before: buffer level, all that is counted is in loops (after `--parallelize-kernels`). After: buffer level. Refuses ops that the
    counting rules do not know, and regions that are no loops or branches.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::memref::MemRefDialect"];
}

def ConvertKernelsToLlvm : Pass<"convert-kernels-to-llvm", "::mlir::ModuleOp"> {
  let summary = "convert bodies and kernels to the LLVM dialect";
  let description = [{
    One conversion of func, memref, arith, math, cf, index and vector. A memref of static shape is passed as its address, so that a body is
    `void f(unsigned char *arena, const unsigned char *dataset)`. exp, log, erf and the like become calls of libm (one for each lane). Private
    functions, which are kernels and random numbers, become internal and are never inlined.

    Before: buffer level, control flow as branches. After: the LLVM dialect, and the program that the manifest is made from. Refuses what it
    cannot convert.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def ThreadKernels : Pass<"thread-kernels", "::mlir::ModuleOp"> {
  let summary = "call parallel kernels through the runtime's threads";
  let description = [{
    A call of a function with `tally.parallel = n` becomes tally_rt_parallel_for(n, part, context): the context is an array of the addresses
    that the call passes, on the stack of the body; the part loads them and calls the function for its [begin, end).

    ```mlir
    llvm.call @k(%a, %b, %c0, %c16) : (!llvm.ptr, !llvm.ptr, i64, i64) -> ()
    // becomes
    llvm.store %a, %context ... llvm.call @tally_rt_parallel_for(%c16, @k.part, %context)
    ```
    Before: the LLVM dialect. After: the same. Refuses a parallel function with arguments that are no addresses.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif
