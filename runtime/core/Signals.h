// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Signals that end a run in good order.
#ifndef TALLY_RT_CORE_SIGNALS_H
#define TALLY_RT_CORE_SIGNALS_H

namespace tally::rt {

/// SIGINT, SIGTERM and SIGHUP (unless ignored) are noted; another one, more than a second later, ends the process at once
/// with 128+n. Broken pipes and file size limits become errors of the calls that meet them.
void installSignalHandlers();
/// The signal that was noted, or 0.
int pendingSignal();

} // namespace tally::rt
#endif
