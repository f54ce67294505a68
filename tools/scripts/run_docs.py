# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the ```shell blocks of pages as a reader would, in a copy of FOLDER for each page: run_docs.py FOLDER PAGE...
A block after `<!-- not run: REASON -->` is not run. Commands that stand in no block are a problem. python3 is the one that runs this."""
import os
import pathlib
import re
import shutil
import subprocess
import sys

BLOCK = re.compile(r"(?:^<!-- not run: (.+) -->\n)?^```shell\n(.*?)^```$", re.M | re.S)
LOOSE = re.compile(r"^ {4,}(?:tally|\./trainer|tools/scripts|ninja|pip|cmake)\b.*", re.M)


def main():
    folder, pages = pathlib.Path(sys.argv[1]), sys.argv[2:]
    run, skipped, problems = 0, 0, 0
    environment = {**os.environ, "PATH": os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]}
    for page in map(pathlib.Path, pages):
        text = page.read_text(encoding="utf-8")
        place = folder.parent / page.stem
        shutil.copytree(folder, place, symlinks=True)
        for line in LOOSE.findall(text):
            print(f"{page.name}: in no ```shell block: {line.strip()}")
            problems += 1
        for reason, commands in BLOCK.findall(text):
            if reason:
                skipped += 1
                continue
            done = subprocess.run(["bash", "-euo", "pipefail", "-c", commands], cwd=place, env=environment, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True)
            run += 1
            if done.returncode:
                print(f"{page.name}: status {done.returncode} of\n{commands}{done.stdout[-2000:]}")
                problems += 1
    print(f"{run} blocks run, {skipped} not, {problems} problems")
    sys.exit(not run or bool(problems))


main()
