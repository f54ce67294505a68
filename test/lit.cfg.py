# The test suite: lit and FileCheck on the tools of build/bin.
import ctypes
import os
import shutil

import lit.formats

config.name = "Tally"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs"]
config.test_source_root = os.path.dirname(__file__)

path = os.pathsep.join([config.tally_bin_dir, config.llvm_tools_dir, os.environ.get("PATH", "")])
config.environment["PATH"] = path
config.substitutions.append(("%python", config.python))
config.substitutions.append(("%source", config.tally_source_dir))
config.substitutions.append(("%lib", config.tally_lib_dir))
config.substitutions.append(("%status", f"{config.python} {config.test_source_root}/Runtime/Inputs/status.py"))
# The steps and evaluations of a log, without what depends on the clock.
config.substitutions.append(("%log-numbers", r"""sed -e '/"event":"start"/d' -e '/"event":"end"/d' -e 's/,"time":.*/}/'"""))
config.substitutions.append(("%make-data", f"{config.python} {config.tally_source_dir}/tools/scripts/make-synthetic-cifar"))

data = os.environ.get("TALLY_DATA")
if data:
    config.environment["TALLY_DATA"] = data
    config.available_features.add("cifar")
    config.substitutions.append(("%cifar", data))

try:
    for end in os.openpty():
        os.close(end)
    config.available_features.add("terminal")
except OSError:
    pass

# A Python with PyTorch: TALLY_TORCH_PYTHON, or what `tools/scripts/peer-venv torch` has made.
torch_python = os.environ.get("TALLY_TORCH_PYTHON") or os.path.join(config.tally_source_dir, "build/torch-venv/bin/python")
if os.path.exists(torch_python):
    config.available_features.add("torch")
    config.substitutions.append(("%torch-python", torch_python))

# TALLY_SLOW=1 adds what takes long or asks a package index.
if os.environ.get("TALLY_SLOW"):
    config.available_features.add("slow")

# A processor with matrix registers (AMX), and a system that lets programs use them (arch_prctl: ARCH_REQ_XCOMP_PERM, tile data).
cpuinfo = "/proc/cpuinfo"
if os.path.exists(cpuinfo) and "amx_bf16" in open(cpuinfo).read().split() and ctypes.CDLL(None).syscall(158, 0x1023, 18) == 0:
    config.available_features.add("amx")

# Code for AArch64 can be linked and run here.
if shutil.which("aarch64-linux-gnu-gcc") and shutil.which("qemu-aarch64"):
    config.available_features.add("aarch64")

# A table of the report can be set (the packages texlive-latex-base and -recommended).
if shutil.which("pdflatex"):
    config.available_features.add("latex")

if shutil.which("clang-22"):
    config.available_features.add("clang")

# Pages can be looked at (the packages chromium and chromium-driver: tools/scripts/bootstrap --browser).
if shutil.which("chromium") and shutil.which("chromedriver"):
    config.available_features.add("browser")
