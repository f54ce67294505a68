# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The networks of families.py as ONNX files: family_networks.py FOLDER FAMILY... [--still]

Writes FOLDER/FAMILY-EXPORTER-MODE.onnx for both exporters of PyTorch in both modes, or FOLDER/FAMILY-EXPORTER-MODE.error with the message of an
exporter that fails. Weights are drawn with a fixed seed, those that begin as zeros, too, as no trained weight is 0: the dynamo exporter leaves biases
of zeros out, and a normalization with a scale of 0 loses its convolution where it is folded. `default` is the call with no options for a model in evaluation mode, `training` the one
that docs/from-pytorch.md recommends. `--still` sets the probabilities of Dropout and stochastic depth to 0. Needs the packages of
tools/scripts/requirements-torch.txt.
"""
import argparse
import pathlib
import sys
import warnings

CLASSES, SEED, SMALL = 10, 1, 0.05
# (source, model): arguments. Most take 32x32 pictures as they are; the patches of a transformer or mixer have to be smaller than the picture.
FAMILIES = {
    ("torchvision", "resnet18"): {},
    ("torchvision", "mobilenet_v2"): {},
    ("torchvision", "mobilenet_v3_small"): {},
    ("torchvision", "efficientnet_b0"): {},
    ("torchvision", "squeezenet1_1"): {},
    ("torchvision", "densenet121"): {},
    ("torchvision", "regnet_y_400mf"): {},
    ("torchvision", "regnet_x_400mf"): {},
    ("torchvision", "convnext_tiny"): {},
    # Pools 1x1 to 7x7, which the legacy exporter cannot write; "vgg11_bn_1x1" classifies the 1x1 instead.
    ("torchvision", "vgg11_bn"): {},
    ("torchvision", "vgg11_bn_1x1"): {},
    ("torchvision", "shufflenet_v2_x0_5"): {},
    ("timm", "resnet18"): {},
    ("timm", "mobilenetv2_100"): {},
    ("timm", "mobilenetv3_small_100"): {},
    ("timm", "efficientnet_b0"): {},
    ("timm", "regnety_002"): {},
    ("timm", "convnext_atto"): {},
    # By its class: the function mixer_s32_224 takes no other patch than 32.
    ("timm", "mixer_s32"): {"class": "MlpMixer", "num_blocks": 8, "embed_dim": 512, "img_size": 32, "patch_size": 4},
    ("timm", "vit_tiny_patch16_224"): {"img_size": 32, "patch_size": 4},
}
EXPORTERS, MODES = ("dynamo", "legacy"), ("default", "training")


def name_of(source, model):
    return f"{source}-{model}"


def make(source, model, still=False):
    """The network with its initial weights."""
    import torch

    torch.manual_seed(SEED)
    arguments = {**FAMILIES[source, model], "num_classes": CLASSES}
    if "class" in arguments:
        import timm.models

        network = getattr(timm.models, arguments.pop("class"))(**arguments)
    elif source == "timm":
        import timm

        network = timm.create_model(model, pretrained=False, **arguments)
    else:
        import torchvision

        network = torchvision.models.get_model(model.removesuffix("_1x1"), weights=None, **arguments)
        if model.endswith("_1x1"):
            network.avgpool, network.classifier[0] = torch.nn.Identity(), torch.nn.Linear(512, 4096)
    for parameter in network.parameters():
        if not parameter.detach().any():
            torch.nn.init.uniform_(parameter, -SMALL, SMALL)
    for part in network.modules() if still else ():
        for name in ("p", "drop_prob"):
            if type(part).__name__.startswith(("Dropout", "StochasticDepth", "DropPath")) and hasattr(part, name):
                setattr(part, name, 0.0)
    return network


def export(network, path, exporter, mode):
    import torch

    training = mode == "training"
    options = {"dynamo": exporter == "dynamo"}
    if training and exporter == "dynamo":
        options["optimize"] = False
    elif training:
        options.update(training=torch.onnx.TrainingMode.TRAINING, do_constant_folding=False)
    torch.onnx.export(network.train(training), (torch.zeros(2, 3, 32, 32),), str(path), **options)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("families", nargs="+")
    parser.add_argument("--still", action="store_true")
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    options.folder.mkdir(parents=True, exist_ok=True)
    for source, model in FAMILIES:
        for exporter in EXPORTERS if name_of(source, model) in options.families else ():
            for mode in MODES:
                path = options.folder / f"{name_of(source, model)}-{exporter}-{mode}.onnx"
                if path.exists():
                    continue
                try:
                    # Anew for each file: a trace in training mode moves the running statistics.
                    export(make(source, model, options.still), path, exporter, mode)
                except Exception as error:  # whatever an exporter throws is the row's answer
                    path.unlink(missing_ok=True)
                    path.with_suffix(".error").write_text(f"{type(error).__name__}: {error}\n")


if __name__ == "__main__":
    main()
