"""Runs an ONNX file in SecretFlow SPU, SEMI2K between two parties in one process, and counts what they send.

    measured = run(MODEL, [array, ...])

Every party is a thread with SPU's own runtime, linked through memory: SPU counts the same payload as between processes.
Inputs are secret, and so are parameters; the rest is public (onnx_to_jax.py). The
counters stand in the profile that the runtime logs, which is read from a process of its own:
`spu_run.py MODEL INPUTS.npz OUTPUT.npy` is that process.
"""

import os
import re
import subprocess
import sys
import tempfile
import threading
import time

import numpy as np

PARTIES = 2


class Failed(Exception):
    """SPU could not compile or run the file."""


def run(model, inputs, seed=0):
    """Runs the file on the inputs. Gives {"output": array, "bytes": int, "rounds": int, "seconds": float}.

    Bytes are summed over the parties; rounds are the messages that one of them sends. SPU draws its randomness itself,
    whatever the seed.
    """
    with tempfile.TemporaryDirectory() as folder:
        given, taken = os.path.join(folder, "inputs.npz"), os.path.join(folder, "output.npy")
        np.savez(given, *inputs)
        start = time.monotonic()
        process = subprocess.run([sys.executable, __file__, model, given, taken], capture_output=True, text=True)
        seconds = time.monotonic() - start
        if process.returncode != 0:
            raise Failed(f"SPU does not run {model}\n{process.stderr[-2000:]}")
        log = process.stdout + process.stderr
        details = re.findall(r"Link details: total send bytes (\d+), .*?send actions (\d+)", log)
        if len(details) != PARTIES:
            raise Failed(f"SPU logged {len(details)} totals where {PARTIES} parties ran\n{log[-2000:]}")
        sent = [int(count) for count, _ in details]
        actions = [int(count) for _, count in details]
        return {"output": np.load(taken), "bytes": sum(sent), "rounds": max(actions), "seconds": seconds}


def main(model, given, taken):
    """One run, with the profile of both parties in the log."""
    import onnx_to_jax

    try:
        compute_and_save(onnx_to_jax.load(model), given, taken)
    except onnx_to_jax.Refused as refusal:
        raise SystemExit(str(refusal))


def compute_and_save(program, given, taken):
    import spu
    import spu.utils.frontend

    function, weights = program
    arrays = np.load(given)
    arguments = [arrays[name] for name in arrays.files] + weights
    names = [f"in{index}" for index in range(len(arguments))]
    secret = spu.Visibility.VIS_SECRET
    executable, _ = spu.utils.frontend.compile(
        spu.utils.frontend.Kind.JAX, function, arguments, {}, names, [secret] * len(names),
        lambda outputs: [f"out{index}" for index in range(len(outputs))], copts=spu.CompilerOptions())
    config = spu.RuntimeConfig(protocol=spu.ProtocolKind.SEMI2K, field=spu.FieldType.FM64)
    config.enable_pphlo_profile = True
    io = spu.Io(PARTIES, config)
    shares = [io.make_shares(np.asarray(argument), secret) for argument in arguments]
    parties = spu.link.Desc()
    for rank in range(PARTIES):
        parties.add_party(f"party{rank}", f"thread{rank}")
    results, failures = [None] * PARTIES, []

    def compute(rank):
        runtime = spu.Runtime(spu.link.create_mem(parties, rank), config)
        for name, share in zip(names, shares):
            runtime.set_var(name, share[rank])
        try:
            runtime.run(executable)
        except Exception as error:
            failures.append(str(error))
            return
        results[rank] = runtime.get_var("out0")

    threads = [threading.Thread(target=compute, args=(rank,)) for rank in range(PARTIES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise SystemExit(f"SPU's runtime: {' '.join(failures[0].split())[:300]}")
    np.save(taken, io.reconstruct(results))


if __name__ == "__main__":
    main(*sys.argv[1:])
