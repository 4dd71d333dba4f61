"""Runs an ONNX file in CrypTen itself, between two processes, and counts what they send.

    measured = run(MODEL, [array, ...], seed=0)

The file goes through CrypTen's own importer; what that computes otherwise than ONNX is refused (crypten_checks.py). The
importer makes every initializer a secret of party 0; the inputs are secrets of party 1. Counting starts when everything is shared and ends before the output is revealed. CrypTen counts what a party
sends and receives, which for two parties is what both send together: the bytes that Harrier's prices are in.
"""

import io
import json
import os
import tempfile
import time
import warnings

import numpy as np
import onnx
import torch

import crypten
import crypten.communicator
import crypten.mpc
import crypten.nn

import crypten_checks
import crypten_modules


class Failed(Exception):
    """CrypTen does not read or run the file, or would run something else."""


def run(model, inputs, seed=0, extended=False):
    """Runs the file on the inputs. Gives {"output": array, "bytes": int, "rounds": int, "seconds": float}.

    `extended` adds the operators of crypten_modules.py to those of CrypTen's importer.
    """
    loaded = onnx.load(model)
    try:
        crypten_checks.check(loaded, crypten_modules.INSTALLED if extended else ())
    except crypten_checks.Wrong as wrong:
        raise Failed(f"CrypTen would run {model} wrongly: {wrong}")
    data = io.BytesIO(loaded.SerializeToString())
    with tempfile.TemporaryDirectory() as folder:
        results = _parties(data, inputs, seed, extended, os.path.join(folder, "output.npy"))
        if results is None:
            raise Failed(f"CrypTen does not run {model}")
        counts = [json.loads(text) for text in results]
        if "error" in counts[0]:
            raise Failed(f"CrypTen does not run {model}: {counts[0]['error']}")
        if any(count["bytes"] != counts[0]["bytes"] or count["rounds"] != counts[0]["rounds"] for count in counts):
            raise Failed(f"the parties count differently: {counts}")
        return {"output": np.load(os.path.join(folder, "output.npy")), **counts[0]}


@crypten.mpc.run_multiprocess(world_size=2)
def _parties(*arguments):
    """What each party does; an exception comes back as what it says."""
    try:
        return json.dumps(_party(*arguments))
    except Exception as error:
        return json.dumps({"error": f"{type(error).__name__}: {error}"})


def _party(data, inputs, seed, extended, output):
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    crypten.cfg.communicator.verbose = True
    # Truncating shares locally is wrong once in some 2^32 elements, by a lot. Fixed seeds make a run repeatable.
    crypten.cfg.debug.debug_mode = True
    rank = crypten.communicator.get().get_rank()
    crypten.manual_seed(100 * seed + 1 + rank, 100 * seed + 11 + rank, 100 * seed + 21)
    torch.manual_seed(100 * seed + 31 + rank)
    if extended:
        crypten_modules.install()
    model = crypten.nn.from_onnx(data)
    model.eval()
    model.encrypt(src=0)
    shared = [crypten.cryptensor(torch.from_numpy(array), src=1) for array in inputs]
    with crypten.no_grad():
        crypten.reset_communication_stats()
        start = time.monotonic()
        result = model(*shared)
        seconds = time.monotonic() - start
        counts = crypten.communicator.get().get_communication_stats()
        revealed = result.get_plain_text()
    if rank == 0:
        np.save(output, revealed.numpy())
    return {"bytes": counts["bytes"], "rounds": counts["rounds"], "seconds": seconds}
