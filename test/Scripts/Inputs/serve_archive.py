# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a command while a small archive of CIFAR-10's layout is served on a local port: serve_archive.py FOLDER [damage] -- COMMAND...

The command's environment names the server (TALLY_CIFAR10_URL) and the digest of the undamaged archive (TALLY_CIFAR10_MD5).
"""
import functools
import hashlib
import http.server
import io
import os
import pathlib
import subprocess
import sys
import tarfile
import threading

folder = pathlib.Path(sys.argv[1])
split = sys.argv.index("--")
folder.mkdir(parents=True, exist_ok=True)
archive = folder / "cifar-10-binary.tar.gz"
with tarfile.open(archive, "w:gz") as tar:
    for name in [f"data_batch_{i}.bin" for i in range(1, 6)] + ["test_batch.bin"]:
        record = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
        record.size = 3073
        tar.addfile(record, io.BytesIO(bytes(3073)))
md5 = hashlib.md5(archive.read_bytes()).hexdigest()
if "damage" in sys.argv[2:split]:
    archive.write_bytes(archive.read_bytes()[:-20])


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}/{archive.name}"
environment = {**os.environ, "TALLY_CIFAR10_URL": address, "TALLY_CIFAR10_MD5": md5, "no_proxy": "127.0.0.1"}
environment.pop("TALLY_DATA", None)
sys.exit(subprocess.run(sys.argv[split + 1 :], env=environment).returncode)
