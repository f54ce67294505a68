# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Imports damaged models: fuzz.py TALLY_TRANSLATE FOLDER SEED SECONDS MODEL... The tool must neither crash nor hang, and its status
must be 0, 1 or 3; a failing model is kept in FOLDER. Some models must still be imported and some be refused, or nothing was tried."""
import pathlib
import random
import subprocess
import sys
import time

import onnx

NUMBERS = [-(1 << 63), -1, 0, 1, 2, 7, 1 << 31, 1 << 40, (1 << 63) - 1]


def damage_bytes(data, rng):
    data = bytearray(data)
    for _ in range(rng.randrange(1, 6)):
        position = rng.randrange(len(data))
        action = rng.randrange(3)
        if action == 0:
            data[position] = rng.randrange(256)
        elif action == 1:
            del data[position:position + rng.randrange(1, 20)]
        else:
            data[position:position] = data[rng.randrange(len(data)):][:20]
        if not data:
            return b""
    return bytes(data[:rng.randrange(len(data))] if rng.randrange(5) == 0 else data)


def all_nodes(graph):
    """The nodes of a graph or function, and of the bodies in their attributes."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            yield from all_nodes(attribute.g)


def damage_graph(data, rng):
    """Changes that keep the protobuf readable."""
    model = onnx.load_from_string(data)
    graph = model.graph
    nodes = [node for part in [graph, *model.functions] for node in all_nodes(part)]
    names = [name for node in nodes for name in [*node.input, *node.output]]
    for _ in range(rng.randrange(1, 4)):
        node = rng.choice(nodes)
        tensor = rng.choice(graph.initializer) if graph.initializer else None
        action = rng.randrange(9)
        if action == 0 and node.input:
            node.input[rng.randrange(len(node.input))] = rng.choice([*names, ""])
        elif action == 1 and node.input:
            del node.input[rng.randrange(len(node.input))]
        elif action == 2 and node.attribute:
            attribute = rng.choice(node.attribute)
            if attribute.ints:
                attribute.ints[rng.randrange(len(attribute.ints))] = rng.choice(NUMBERS)
            else:
                attribute.i = rng.choice(NUMBERS)
        elif action == 3 and tensor is not None and tensor.dims:
            tensor.dims[rng.randrange(len(tensor.dims))] = rng.choice(NUMBERS)
        elif action == 4 and tensor is not None:
            tensor.data_type = rng.randrange(25)
        elif action == 5:
            other = rng.choice(nodes)
            node.op_type, node.domain = other.op_type, other.domain
        elif action == 6:
            graph.node.append(rng.choice(graph.node))
        elif action == 7:
            dimension = rng.choice(graph.input[0].type.tensor_type.shape.dim)
            dimension.dim_value = rng.choice(NUMBERS)
        elif tensor is not None and tensor.data_type == onnx.TensorProto.INT64 and len(tensor.raw_data) >= 8:
            position = 8 * rng.randrange(len(tensor.raw_data) // 8)
            number = rng.choice(NUMBERS).to_bytes(8, "little", signed=True)
            tensor.raw_data = tensor.raw_data[:position] + number + tensor.raw_data[position + 8:]
    return model.SerializeToString()


def main(tool, folder, seed, seconds, paths):
    rng = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    models = [pathlib.Path(path).read_bytes() for path in paths]
    end, tries, failures, imported, refused = time.monotonic() + seconds, 0, 0, 0, 0
    while time.monotonic() < end or tries < 10:
        tries += 1
        damage = damage_graph if rng.randrange(3) else damage_bytes
        path = folder / "damaged.onnx"
        path.write_bytes(damage(rng.choice(models), rng))
        try:
            result = subprocess.run([tool, "--import-onnx", path, "-o", folder / "out.mlir"], capture_output=True, timeout=60, check=False)
            fine = result.returncode in (0, 1, 3) and (result.returncode == 0 or b"error: " in result.stderr)
            why = f"status {result.returncode}"
            imported += fine and result.returncode == 0
            refused += fine and result.returncode != 0
        except subprocess.TimeoutExpired:
            fine, why = False, "timeout"
        if not fine:
            failures += 1
            path.rename(folder / f"failure{tries}.onnx")
            print(f"{folder}/failure{tries}.onnx: {why}")
    print(f"{tries} tries, {imported} imported, {refused} refused, {failures} failures")
    return failures != 0 or imported == 0 or refused == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), sys.argv[5:]))
