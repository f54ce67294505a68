# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes damaged copies of a small CIFAR-10 set: damage-data.py FOLDER INTO. Or writes one label:
damage-data.py --label FILE RECORD_BYTES RECORD BYTE VALUE."""
import pathlib
import shutil
import sys

RECORD = 3073


def set_byte(path, position, value):
    content = bytearray(path.read_bytes())
    content[position] = value
    path.write_bytes(content)


if sys.argv[1] == "--label":
    record_bytes, record, byte, value = map(int, sys.argv[3:])
    set_byte(pathlib.Path(sys.argv[2]), record * record_bytes + byte, value)
    sys.exit()

good, into = map(pathlib.Path, sys.argv[1:])


def copy(name):
    return pathlib.Path(shutil.copytree(good, into / name))


(into / "empty").mkdir()
(into / "python" / "cifar-10-batches-py").mkdir(parents=True)
(into / "python" / "cifar-10-batches-py" / "data_batch_1").write_bytes(b"\x80")
(copy("incomplete") / "data_batch_3.bin").unlink()
odd = copy("odd") / "data_batch_2.bin"
odd.write_bytes(odd.read_bytes()[:-1])
set_byte(copy("label") / "data_batch_4.bin", 5 * RECORD, 10)
few = copy("few") / "data_batch_1.bin"
few.write_bytes(few.read_bytes()[:-RECORD])
many = copy("many") / "test_batch.bin"
many.write_bytes(many.read_bytes() + many.read_bytes()[:RECORD])
folder = copy("folder") / "data_batch_5.bin"
folder.unlink()
folder.mkdir()
uneven = copy("uneven")
names = [f"data_batch_{i}.bin" for i in range(1, 6)]
records = b"".join((uneven / name).read_bytes() for name in names)
for name, begin, end in zip(names, (0, 1, 1, 20, 30), (1, 1, 20, 30, 40)):
    (uneven / name).write_bytes(records[begin * RECORD : end * RECORD])
