/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* The C ABI between a compiled program and the runtime that it is linked with; README.md explains the manifest. */
#ifndef TALLY_RT_RUNTIME_H
#define TALLY_RT_RUNTIME_H

#include <stdint.h>

/* Bumped on any change of this file, of Functions.def or of the manifest's meaning. */
#define TALLY_RT_VERSION 6

#ifdef __cplusplus
extern "C" {
#endif

/* A compiled function: initialization, a step, periodic work or one evaluation batch. `arena` is aligned to 64 bytes.
 */
typedef void (*tally_rt_function)(unsigned char *arena, const unsigned char *dataset);

/* The iterations [begin, end) of a parallel loop; `context` is what tally_rt_parallel_for was given. */
typedef void (*tally_rt_loop_body)(void *context, int64_t begin, int64_t end);

/* What a program object defines; the trainer begins with `tally_program`. All members are 8 bytes wide; nothing is copied,
   everything lives as long as the process. */
struct tally_rt_program {
  int64_t version;      /* TALLY_RT_VERSION */
  const char *manifest; /* JSON text, not terminated */
  int64_t manifest_bytes;
  const unsigned char *blob; /* initial values, tables, export template */
  int64_t blob_bytes;
  const tally_rt_function *functions; /* in the order of the manifest's `functions` */
  int64_t function_count;
  const struct tally_rt_program *next; /* the same for a lesser processor, null in the last */
};

extern const struct tally_rt_program tally_program;

#define TALLY_RT_FUNCTION(result, name, parameters) result name parameters;
#include "tally-rt/Functions.def"

#ifdef __cplusplus
}
#endif
#endif
