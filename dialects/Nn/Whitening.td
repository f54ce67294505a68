// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Whitening of image patches: their covariance and its eigenvectors.
#ifndef TALLY_NN_WHITENING_TD
#define TALLY_NN_WHITENING_TD

include "dialects/Nn/NnBase.td"

def Nn_PatchCovarianceOp : Nn_InferredOp<"patch_covariance", [DeclareOpInterfaceMethods<CostOpInterface>]> {
  let summary = "the second moments of all patches of a set of images";
  let description = [{
    With p_i the D = C*R*S elements of a patch in the order c, r, s, and P = N*(H - R + 1)*(W - S + 1) patches (stride 1):
    cov[i, j] = (sum p_i*p_j) * (1/P); with `centred`
    cov[i, j] = (sum p_i*p_j) * (1/(P - 1)) - (sum p_i)*(sum p_j) * (1/(P*(P - 1))), the sample covariance.
    Sums are made for each image, then over the images.

    Shapes: x: [N, C, H, W]; cov: [D, D].
    Cost: P*D*D multiplications, P*D*D - D*D additions, D*D multiplications; centred also P*D - D additions and 3*D*D operations.
    (C1) x is [N, C, H, W], kernel [R, S] fits into an image. (C2) centred needs at least 2 patches.

    (* example: test/Ops/patch_covariance.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$x, DenseI64ArrayAttr:$kernel, UnitAttr:$centred);
  let results = (outs Nn_FloatTensor:$cov);
  let assemblyFormat = "$x `kernel` $kernel (`centred` $centred^)? attr-dict `:` type($x)";
}

def Nn_SymmetricEigenOp : Nn_InferredOp<"symmetric_eigen", [DeclareOpInterfaceMethods<CostOpInterface>]> {
  let summary = "eigenvalues and eigenvectors of a symmetric matrix";
  let description = [{
    a = transpose(vectors) * diag(values) * vectors, by cyclic Jacobi: in each of `sweeps` sweeps, for each pair p < q
    d = a[q,q] - a[p,p], h = a[p,q] + a[p,q], t = h / max(|d| + sqrt(d*d + h*h), tiny), negated where d < 0,
    c = rsqrt(t*t + 1), s = t*c; columns, then rows, then vectors (u, v) of p and q become (c*u - s*v, s*u + c*v).
    A fixed number of sweeps, so that the work does not depend on data; 6 sweeps are enough for f32 at D = 12.
    Eigenvalues are sorted in descending order by pairwise compares; row i of vectors belongs to values[i].

    Shapes: a: [D, D], symmetric; values: [D], vectors: [D, D].
    Cost: sweeps * D*(D - 1)/2 * (17 + 18*D) + D*(D - 1)/2 operations.
    (C1) a is [D, D] with D at least 1. (C2) sweeps is at least 1.

    (* example: test/Ops/symmetric_eigen.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$a, I64Attr:$sweeps);
  let results = (outs Nn_FloatTensor:$values, Nn_FloatTensor:$vectors);
  let assemblyFormat = "$a `sweeps` $sweeps attr-dict `:` type($a)";
}

#endif
