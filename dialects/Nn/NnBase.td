// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The nn dialect: its types, enumerations and the base classes of its ops.
#ifndef TALLY_NN_NNBASE_TD
#define TALLY_NN_NNBASE_TD

include "mlir/IR/AttrTypeBase.td"
include "dialects/Nn/NnEnums.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "tally/Interfaces/CostOpInterface.td"
include "tally/Interfaces/DifferentiableOpInterface.td"
include "tally/Interfaces/ScalarBodyOpInterface.td"
include "tally/Interfaces/TrainingFormOpInterface.td"

def Nn_Dialect : Dialect {
  let name = "nn";
  let cppNamespace = "::tally::nn";
  let summary = "the network: value-semantic tensor ops with ONNX meaning and static shapes";
  let description = [{
    Ops of the nn dialect compute tensors from tensors. Shapes are static, layouts are those of ONNX (N, C, H, W), element types
    are f32 and f64 for values, i32 and i64 for whole numbers, i1 for truth values, and index for positions, whose arithmetic is
    free. An op says what it is by interfaces: its result type (InferTypeOpInterface), gradient (DifferentiableOpInterface), price
    (CostOpInterface), scalar formula (ScalarBodyOpInterface), training form (TrainingFormOpInterface). Passes know the
    interfaces, never the ops.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect", "::mlir::tensor::TensorDialect"];
  let hasConstantMaterializer = 1;
}

// Types. Every tensor has a static shape.
def Nn_Float : AnyTypeOf<[F32, F64]>;
def Nn_FloatTensor : StaticShapeTensorOf<[F32, F64]>;
def Nn_FactorTensor : StaticShapeTensorOf<[F16, BF16, F32, F64]>; // of a sum of products
def Nn_NumberTensor : StaticShapeTensorOf<[F32, F64, I32, I64, Index]>; // a value, or a position (whose arithmetic is free)
def Nn_TruthTensor : StaticShapeTensorOf<[I1]>;
def Nn_BitsTensor : StaticShapeTensorOf<[I1, I32, I64]>;
def Nn_ComparableTensor : StaticShapeTensorOf<[F32, F64, I1, I32, I64, Index]>;
def Nn_ValueTensor : StaticShapeTensorOf<[F16, BF16, F32, F64, I1, I8, I16, I32, I64]>;
def Nn_IndexTensor : StaticShapeTensorOf<[Index]>;
def Nn_ByteTensor : StaticShapeTensorOf<[I8]>;
def Nn_Tensor : StaticShapeTensorOf<[F16, BF16, F32, F64, Index, I1, I8, I16, I32, I64]>;

/// Any op of the dialect: pure, its result types follow from operands and attributes.
class Nn_Op<string mnemonic, list<Trait> traits = []>
    : Op<Nn_Dialect, mnemonic, !listconcat(traits, [Pure])>;

/// An op whose one result type is given by `inferReturnTypes` of its family file (through the op's adaptor).
class Nn_InferredOp<string mnemonic, list<Trait> traits = []>
    : Nn_Op<mnemonic, !listconcat(traits, [InferTypeOpAdaptor])>;

/// An elementwise op: y[i] = f(x0[i], x1[i], ...), operands broadcast as in ONNX (numpy). The family file writes
/// `buildScalarBody`; shape, lowering, cost and the folding of small constants follow from it.
class Nn_ElementwiseOp<string mnemonic, list<Trait> traits = []>
    : Nn_InferredOp<mnemonic, !listconcat(traits, [
        DeclareOpInterfaceMethods<ScalarBodyOpInterface>, DeclareOpInterfaceMethods<CostOpInterface>])> {
  code elementwiseDefinitions = [{
    ::llvm::SmallVector<::tally::CostTerm> $cppClass::getCost() { return ::tally::costOfScalarBody(*this); }
    ::llvm::LogicalResult $cppClass::inferReturnTypes(
        ::mlir::MLIRContext *, std::optional<::mlir::Location> loc, Adaptor adaptor,
        ::llvm::SmallVectorImpl<::mlir::Type> &types) {
      return ::tally::nn::inferBroadcastType(loc, adaptor.getOperands(), types);
    }
  }];
  code foldDefinition = [{
    ::mlir::OpFoldResult $cppClass::fold(FoldAdaptor adaptor) {
      return ::tally::nn::foldScalarBody(*this, adaptor.getOperands());
    }
  }];
  let extraClassDefinition = elementwiseDefinitions # foldDefinition;
  let hasFolder = 1;
}

/// y[i] = f(x[i]).
class Nn_UnaryOp<string mnemonic, list<Trait> traits = []>
    : Nn_ElementwiseOp<mnemonic, !listconcat(traits, [DeclareOpInterfaceMethods<DifferentiableOpInterface>])> {
  let arguments = (ins Nn_FloatTensor:$x);
  let results = (outs Nn_FloatTensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x)";
}

/// `name` as it stands in the name of an accessor.
class Nn_Capitalized<string name> { string result = !toupper(!substr(name, 0, 1)) # !substr(name, 1); }

/// y[i] = f(x[i]) with f given here: `formula` builds it from `x` and the f64 attributes `numbers` by `b`, a ScalarBuilder. Its
/// gradient is the op `<mnemonic>_grad` (Nn_DerivedGradOp), which `reads` x, y or both: it follows from the formula, unless
/// `gradientFormula` builds it from what it reads, dy and the numbers, because that counts less or has no rule.
class Nn_FormulaOp<string mnemonic, list<string> reads, list<string> attributes = []> : Nn_UnaryOp<mnemonic> {
  list<string> gradientReads = reads;
  list<string> numbers = attributes;
  code formula = "";
  code gradientFormula = "";
  string gradientOp = !subst("Nn_", "", !subst("Op", "GradOp", NAME));
  let arguments = !con((ins Nn_FloatTensor:$x), !dag(ins, !foreach(number, numbers, F64Attr), numbers));
  let assemblyFormat = "$x " # !interleave(!foreach(number, numbers, "`" # number # "` $" # number), " ") # " attr-dict `:` type($x)";
  string parameters = !interleave(!foreach(number, numbers, ", double " # number), "");
  string given = !interleave(!foreach(number, numbers, ", get" # Nn_Capitalized<number>.result # "().convertToDouble()"), "");
  string givenAttributes = !interleave(!foreach(number, numbers, ", get" # Nn_Capitalized<number>.result # "Attr()"), "");
  let extraClassDeclaration = [{
    static ::mlir::Value buildFormula(::tally::nn::ScalarBuilder &b, ::mlir::Value x}] # parameters # [{);
  }];
  let extraClassDefinition = elementwiseDefinitions # foldDefinition # [{
    ::mlir::Value $cppClass::buildFormula(::tally::nn::ScalarBuilder &b, ::mlir::Value x}] # parameters # ") {" # formula # "}" # [{
    ::mlir::Value $cppClass::buildScalarBody(::mlir::OpBuilder &builder, ::mlir::Location loc, ::mlir::ValueRange in) {
      ::tally::nn::ScalarBuilder b(builder, loc, in[0].getType());
      return buildFormula(b, in[0]}] # given # [{);
    }
    ::llvm::LogicalResult $cppClass::buildGradient(::tally::GradientBuilder &gradients) {
      ::mlir::Value x = getX(), y = getY();
      (void)x;
      gradients.accumulate(getX(), gradients.create<}] # gradientOp # ">(" # !interleave(reads, ", ") # [{, gradients.of(y)}] #
        givenAttributes # [{));
      return ::mlir::success();
    }
  }];
}

/// dx[i] = f'(x[i]) * dy[i] for y[i] = f(x[i]), with the scalar body that follows from f.
class Nn_DerivedGradOp<Nn_FormulaOp forward> : Nn_ElementwiseOp<forward.opName # "_grad", [SameTypeOperands]> {
  list<string> names = !listconcat(forward.gradientReads, ["dy"]);
  let arguments = !con(!dag(ins, !foreach(name, names, Nn_FloatTensor), names),
                       !dag(ins, !foreach(number, forward.numbers, F64Attr), forward.numbers));
  let results = (outs Nn_FloatTensor:$dx);
  let assemblyFormat = !interleave(!foreach(name, names, "$" # name), " `,` ") # " " #
                       !interleave(!foreach(number, forward.numbers, "`" # number # "` $" # number), " ") # " attr-dict `:` " #
                       !interleave(!foreach(name, names, "type($" # name # ")"), " `,` ");
  code derivedFormula = [{
      return ::tally::nn::differentiateFormula(builder, loc, [&](::tally::nn::ScalarBuilder &b, ::mlir::Value x) {
        return }] # !subst("Nn_", "", !cast<string>(forward)) # "::buildFormula(b, x" # forward.given # [{);
      }, "}] # !interleave(forward.gradientReads, "") # [{", in);
  }];
  code givenFormula = [{
      ::tally::nn::ScalarBuilder b(builder, loc, in[0].getType());
  }] # !interleave(!foreach(name, forward.gradientReads, "::mlir::Value " # name # " = in[" # !if(!eq(name, !head(forward.gradientReads)), "0", "1") # "];"), " ") #
  " ::mlir::Value dy = in.back();" #
  !interleave(!foreach(number, forward.numbers, "[[maybe_unused]] double " # number # " = get" # Nn_Capitalized<number>.result # "().convertToDouble();"), " ") #
  forward.gradientFormula;
  let extraClassDefinition = elementwiseDefinitions # foldDefinition # [{
    ::mlir::Value $cppClass::buildScalarBody(::mlir::OpBuilder &builder, ::mlir::Location loc, ::mlir::ValueRange in) {
  }] # !if(!empty(forward.gradientFormula), derivedFormula, givenFormula) # [{
    }
  }];
}

/// dx[i] = f'(x[i]) * dy[i] for a unary op, written by hand, as one op, so that its price is its own scalar body. Its own
/// gradient is not defined.
class Nn_UnaryGradOp<string mnemonic, list<Trait> traits = []>
    : Nn_ElementwiseOp<mnemonic, !listconcat(traits, [SameTypeOperands])> {
  let arguments = (ins Nn_FloatTensor:$x, Nn_FloatTensor:$dy);
  let results = (outs Nn_FloatTensor:$dx);
  let assemblyFormat = "$x `,` $dy attr-dict `:` type($x) `,` type($dy)";
}

/// dx[i] = g(y[i]) * dy[i] for a unary op whose derivative is cheaper, or at hand, in terms of its result y.
class Nn_ResultGradOp<string mnemonic, list<Trait> traits = []>
    : Nn_ElementwiseOp<mnemonic, !listconcat(traits, [SameTypeOperands])> {
  let arguments = (ins Nn_FloatTensor:$y, Nn_FloatTensor:$dy);
  let results = (outs Nn_FloatTensor:$dx);
  let assemblyFormat = "$y `,` $dy attr-dict `:` type($y) `,` type($dy)";
}

/// z[i] = f(x[i], y[i]) with both operands broadcast.
class Nn_BinaryOp<string mnemonic, list<Trait> traits = []>
    : Nn_ElementwiseOp<mnemonic, !listconcat(traits, [
        SameOperandsAndResultElementType, DeclareOpInterfaceMethods<DifferentiableOpInterface>])> {
  let arguments = (ins Nn_FloatTensor:$x, Nn_FloatTensor:$y);
  let results = (outs Nn_FloatTensor:$z);
  let assemblyFormat = "$x `,` $y attr-dict `:` type($x) `,` type($y)";
}

#endif
