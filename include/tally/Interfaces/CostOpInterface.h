// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The facts that an op's price is made of.
#ifndef TALLY_INTERFACES_COSTOPINTERFACE_H
#define TALLY_INTERFACES_COSTOPINTERFACE_H

#include "mlir/IR/OpDefinition.h"
#include "tally/Support/OpCount.h"

namespace tally {

/// Marks an op that costs no operation.
template <typename ConcreteType>
class ZeroCost : public mlir::OpTrait::TraitBase<ConcreteType, ZeroCost> {};

/// One fact about the scalar operations of an op. Numbers are for one execution of the whole op.
struct CostTerm {
  enum class Form {
    Body,    ///< `terms` evaluations of the scalar operation `kind`
    Sum,     ///< `terms` values combined by `kind` into `results` results: terms - results operations
    Product, ///< `terms` products summed into `results` results: terms multiplications, terms - results additions
    Unknown, ///< a scalar operation that the counting rules do not know: an error for whoever counts
  };
  Form form;
  OperationKind kind;
  mlir::Type type; ///< element type of the operation; of products, that of each product
  Count terms;
  Count results = 0;      ///< results that receive at least one term
  Count paddingTerms = 0; ///< those of `terms` that read padding (they count in profile haet)
  mlir::Type sumType = {}; ///< of products: element type in which they are summed
  std::string operation = {}; ///< of what is unknown: the name of the scalar op

  static CostTerm body(OperationKind kind, mlir::Type type, Count number) { return {Form::Body, kind, type, number}; }
  static CostTerm sum(mlir::Type type, Count terms, Count results, OperationKind kind = OperationKind::Add) {
    return {Form::Sum, kind, type, terms, terms == 0 ? 0 : results};
  }
  static CostTerm product(mlir::Type type, mlir::Type sumType, Count terms, Count results, Count paddingTerms = 0) {
    return {Form::Product, OperationKind::Multiply, type, terms, terms == 0 ? 0 : results, paddingTerms, sumType};
  }
  static CostTerm unknown(llvm::StringRef operation) {
    return {.form = Form::Unknown, .kind = {}, .type = {}, .terms = {}, .operation = operation.str()};
  }
};

} // namespace tally

#include "tally/Interfaces/CostOpInterface.h.inc"

#endif
