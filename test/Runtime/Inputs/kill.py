# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Stops a trainer at random steps and resumes it until it is done; the files must equal those of a run never stopped.
kill.py TRAINER DATA FOLDER SIGNAL TRIES [OPTIONS...]: SIGNAL is KILL, TERM, INT or HUP."""
import random
import signal
import sys
import time

import runs

trainer, data, folder, name, tries, *options = sys.argv[1:]
number = getattr(signal, f"SIG{name}")
reference = runs.Run(trainer, data, f"{folder}/reference", "--checkpoint-every", "4", *options)
begin = time.monotonic()
reference.finish("--threads", "1")
duration = time.monotonic() - begin
expected = reference.outcome()
steps = reference.steps_logged()

generator = random.Random(name)
interrupted = 0
for attempt in range(int(tries)):
    run = runs.Run(trainer, data, f"{folder}/run", "--checkpoint-every", "4", *options)
    for stop in range(generator.randrange(1, 4)):  # also while it recovers
        process = run.start("--resume", "--threads", str(generator.choice((1, 2))))
        target = generator.randrange(steps * 9 // 10)
        while run.steps_logged() < target and process.poll() is None:
            time.sleep(0.001)
        time.sleep(generator.uniform(0, 2 * duration / steps))
        process.send_signal(number)
        process.communicate()
        # A handled signal before the handler is there kills like any other.
        assert process.returncode in (0, -number, 128 + number), process.returncode
        interrupted += process.returncode != 0
    run.finish("--resume", "--threads", "2")
    runs.assert_equal(run.outcome(), expected, f"attempt {attempt}")
assert interrupted >= max(int(tries) // 2, 1), f"only {interrupted} runs were interrupted"
print(f"{tries} runs equal to one never stopped")
