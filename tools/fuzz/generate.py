# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes a random training graph from a seed: 5 to 30 nodes, with branches and fan-out, from images to logits."""
import families
from builder import Builder, Unfit
from description import prune


def grow(builder, nodes):
    """Adds families until there are so many nodes."""
    tries = 0
    while len(builder.description["nodes"]) < nodes and tries < 300:
        tries += 1
        family = builder.random.choices(families.ALL, [family.weight for family in families.ALL])[0]
        attempt(builder, family)


def attempt(builder, family):
    """True if the family found its place; what a failed one has begun is taken back."""
    description = builder.description
    before = (len(description["nodes"]), dict(description["params"]), dict(description["numbers"]), dict(builder.values),
              dict(builder.constants), list(builder.unused))
    try:
        family(builder)
        return True
    except Unfit:
        del description["nodes"][before[0]:]
        description["params"], description["numbers"], builder.values, builder.constants, builder.unused = before[1:]
        return False


def flatten(builder, x):
    """x as [N, features], at most 48 of them."""
    if builder.rank(x) == 4 and (builder.values[x][0].numel() > 48 or builder.chance(0.4)):
        x = builder.node(builder.random.choice(["GlobalAveragePool", "GlobalAveragePool", "GlobalMaxPool"]), x)
    while builder.values[x][0].numel() > 48 and builder.rank(x) > 2:
        x = builder.node("ReduceMean", x, axes=[builder.rank(x) - 1], keepdims=0)
    if builder.rank(x) == 1:
        return builder.node("Unsqueeze", x, axes=[1])
    if builder.rank(x) > 2:
        return builder.node("Flatten", x) if builder.chance(0.6) else builder.node("Reshape", x, shape=[0, -1] if builder.chance(0.5) else
                                                                                  [-1, builder.values[x][0].numel()])
    return x


def finish(builder):
    """Brings all unused values together to logits."""
    unused = [name for name in builder.unused if name != "x"] or ["x"]
    # The last ones take part; of many others some do not.
    chosen = unused[-3:] + [name for name in unused[:-3] if builder.chance(0.5)]
    features = [builder.tame(flatten(builder, name)) for name in chosen]
    x = features[0] if len(features) == 1 else builder.node("Concat", *features, axis=1)
    size = builder.values[x].shape[1]
    if builder.chance(0.7):
        weight = builder.weight((builder.description["classes"], size), size)
        bias = [builder.param((builder.description["classes"],), slot="b")] if builder.chance(0.8) or builder.opset < 11 else []
        logits = builder.node("Gemm", x, weight, *bias, transB=1)
    else:
        logits = builder.node("MatMul", x, builder.weight((size, builder.description["classes"]), size))
    builder.description["nodes"][-1]["out"] = ["logits"]
    builder.values["logits"] = builder.values.pop(logits)


def choose_recipe(builder):
    recipe = builder.description["recipe"]
    kind = builder.random.random()
    decay = {"weight_decay": builder.random.choice([0.01, 0.001])} if builder.chance(0.4) else {}
    if kind < 0.75:
        momentum = {"momentum": 0.9, **({"nesterov": True} if builder.chance(0.3) else {})} if builder.chance(0.8) else {}
        recipe["optimizer"] = {"name": "sgd", "lr": builder.random.choice([0.01, 0.03, 0.1]), **momentum, **decay}
    else:
        # Gradients that are 0 but for roundings must stay small.
        recipe["optimizer"] = {"name": "adamw" if builder.chance(0.7) else "adam", "lr": 0.01, "eps": 0.001, **decay}
    if any(node["op"] == "BatchNormalization" for node in builder.description["nodes"]) and builder.chance(0.5):
        recipe["running_variance"] = "sample"
    if builder.chance(0.3):
        recipe["label_smoothing"] = 0.125
    if builder.batch > 2 and builder.chance(0.3):
        recipe["partial"] = 1


def generate(seed, excluded=()):
    """A description; None where this seed comes to nothing."""
    builder = Builder(seed, excluded)
    grow(builder, builder.random.randint(4, 26))
    if not attempt(builder, finish):
        return None
    choose_recipe(builder)
    return prune(builder.description)
