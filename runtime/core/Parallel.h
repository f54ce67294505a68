// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The threads behind tally_rt_parallel_for.
#ifndef TALLY_RT_CORE_PARALLEL_H
#define TALLY_RT_CORE_PARALLEL_H

namespace tally::rt {

/// How many threads the machine offers to this process.
int availableThreads();
/// Starts the threads; before it is called everything runs on the caller's thread. Called once, by the main thread.
/// Fails with status 4 when the system gives no thread.
void startThreads(int count);

} // namespace tally::rt
#endif
