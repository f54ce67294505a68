# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the numeric checks of all op cards through the passes of -O3: optimized_cards.py FOLDER [OPTIONS of tally-check-op]. Prints each card that
differs."""
import pathlib
import subprocess
import sys

cards = [card for card in sorted(pathlib.Path(sys.argv[1]).glob("*.mlir")) if "RUN: tally-check-op" in card.read_text()]
failed = 0
for card in cards:
    run = subprocess.run(["tally-check-op", "--optimize", *sys.argv[2:], card], capture_output=True, text=True)
    if run.returncode != 0:
        failed += 1
        print(f"{card.name}:\n{run.stdout}{run.stderr}")
print(f"{len(cards)} cards, {failed} failed")
sys.exit(failed != 0 or not cards)
