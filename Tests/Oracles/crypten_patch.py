"""Makes an installed CrypTen 0.4.1 importable with today's PyTorch, by a change of one line.

usage: crypten_patch.py            (with the Python of the environment that CrypTen is in)

`nn/onnx_converter.py` imports a registry of PyTorch's old exporter, which PyTorch no longer has, and uses it only to
export PyTorch modules. Reading ONNX files does not need it.
"""

import importlib.util
import pathlib

LINE = "    from torch.onnx._internal.registration import registry  # noqa\n"


def main():
    package = importlib.util.find_spec("crypten")
    converter = pathlib.Path(package.origin).parent / "nn" / "onnx_converter.py"
    text = converter.read_text()
    if LINE in text:
        converter.write_text(text.replace(LINE, "    pass\n"))
    elif "registration import registry" in text:
        raise SystemExit(f"{converter}: not the file that this patch is for; is this CrypTen 0.4.1?")


main()
