"""What CrypTen itself computes for the functions that it approximates, for Tests/Fixtures/truth/arithmetic/crypten.json.

    python crypten_functions.py crypten.json

Every case is one ONNX operator on a few numbers under some configuration, run between two or three processes many times
with fresh shares. Written down are the ring elements that are revealed, not the numbers that CrypTen decodes into 32 bits:
of each element the quartiles of all runs, and the middle one of the magnitudes. A run
in many that goes wrong by a lot does not show in these. Where the quartiles are far apart CrypTen computes nothing of use.
"""

import json
import os
import sys
import tempfile
import warnings

import torch

import crypten
import crypten.mpc
import crypten.nn

RUNS = 24
SIGNED = [0.0, 0.0001, 0.01, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.7, 5.0, 7.3, 10.0, 20.0, 64.0]
POSITIVE = [0.001, 0.01, 0.05, 0.1, 0.3, 0.5, 1.0, 1.7, 2.0, 5.0, 10.0, 33.0, 64.0, 100.0, 150.0, 200.0]
SIGNED = SIGNED + [-x for x in SIGNED[1:]]
ANGLES = [x for x in SIGNED if abs(x) != 0.0001]
LARGE = [250.0, 300.0, 512.0, 1000.0, -300.0, -1000.0]
EXPONENTS = [x / 2 for x in range(-20, 11)] + [-30.0, -100.0, -200.0, -256.0, -300.0, -510.0, -600.0, -1000.0]
LOGITS = [[(7 * i * i + 3 * row * i) % 31 / 5 - 3 for i in range(9)] for row in range(3)]
NEARLY_EQUAL = [[(13 * i) % 17 / 1000 for i in range(512)]]
PER_CHANNEL = [[0.8, 1.2, -0.6], [0.1, -0.2, 0.3], [0.5, -1.0, 0.0], [0.04, 0.9, 7.0]]


def tensor(values, public=False):
    """An operand: multiples of the coarsest resolution that is tried."""
    return {"values": (torch.tensor(values, dtype=torch.float64) * 65536).round() / 65536, "public": public}


def case(op, *inputs, attributes=None, parties=2, **configuration):
    """One case; underscores of configuration keys stand for themselves, all belong to `functions` unless told."""
    names = {name.replace("__", "."): value for name, value in configuration.items()}
    keys = {name if "." in name else f"functions.{name}": value for name, value in names.items()}
    operands = [x if isinstance(x, dict) else tensor(x) for x in inputs]
    return {"op": op, "inputs": operands, "attributes": attributes or {}, "parties": parties, "configuration": keys}


def elementwise():
    """Functions of one operand."""
    for op, values in {
        "Exp": EXPONENTS, "Log": POSITIVE + [0.0001, 250.0, 300.0, 1000.0], "Reciprocal": SIGNED + POSITIVE + LARGE,
        "Sqrt": POSITIVE + [0.0, 250.0, 500.0, 1000.0], "Sigmoid": SIGNED + LARGE, "Tanh": SIGNED + LARGE,
        "Erf": SIGNED[:11] + [-1.0, -2.0, -3.0, 30.0], "Sin": ANGLES + LARGE, "Cos": ANGLES + LARGE,
    }.items():
        yield case(op, values)
    yield case("Exp", EXPONENTS, exp_iterations=6)
    yield case("Exp", EXPONENTS, encoder__precision_bits=20)
    yield case("Exp", EXPONENTS, parties=3)
    yield case("Log", POSITIVE, log_iterations=1)
    yield case("Log", POSITIVE, log_exp_iterations=5)
    yield case("Log", POSITIVE, log_order=3)
    yield case("Log", POSITIVE, log_order=1)
    yield case("Log", POSITIVE, exp_iterations=5)
    yield case("Log", POSITIVE, parties=3)
    yield case("Reciprocal", POSITIVE, reciprocal_nr_iters=5)
    yield case("Reciprocal", POSITIVE, reciprocal_all_pos=True)
    yield case("Reciprocal", POSITIVE, reciprocal_method="log")
    yield case("Reciprocal", POSITIVE, reciprocal_initial=0.01)
    yield case("Reciprocal", POSITIVE, parties=3)
    yield case("Sqrt", POSITIVE, sqrt_nr_iters=5)
    yield case("Sqrt", POSITIVE, exp_iterations=6)
    yield case("Sigmoid", SIGNED, sigmoid_tanh_method="chebyshev")
    yield case("Sigmoid", SIGNED, reciprocal_method="log")
    yield case("Sigmoid", SIGNED, exp_iterations=5)
    yield case("Sigmoid", SIGNED, parties=3)
    yield case("Tanh", SIGNED, sigmoid_tanh_method="chebyshev")
    yield case("Tanh", SIGNED, sigmoid_tanh_method="chebyshev", sigmoid_tanh_terms=8)
    yield case("Erf", SIGNED[:11], erf_iterations=4)
    yield case("Sin", ANGLES, trig_iterations=6)
    yield case("Cos", ANGLES, trig_iterations=6)


def arithmetic():
    """Powers and quotients."""
    for power in [-2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 9, 0.5, 1.5, -0.5]:
        positive = isinstance(power, float) or power < 0
        yield case("Pow", POSITIVE[3:12] if positive else SIGNED[:12] + [-1.5, -3.0], tensor(float(power), True))
    yield case("Div", [[1.0, -2.0, 30.0]], [[0.5], [-3.0], [50.0], [0.01]])
    yield case("Div", SIGNED, tensor(3.0, True))
    yield case("Div", SIGNED, tensor(5.65685, True))
    yield case("Div", [[1.0, -2.0, 30.0]], tensor([[2.0], [-7.0], [768.0]], True))
    yield case("Div", [[1.0, -2.0, 30.0]], tensor([[2.0], [0.37], [8.0]], True))
    yield case("Div", tensor([[1.0, -2.5, 30.0]], True), [[0.5], [-3.0], [50.0]])
    yield case("Div", SIGNED, tensor(3.0, True), parties=3)
    yield case("ReduceProd", [[1.5, -2.0, 0.3, 4.0, 1.1]], attributes={"axes": [1], "keepdims": 0})
    yield case("ReduceL2", [[1.5, -2.0, 0.3], [0.1, 0.2, 0.05]], attributes={"axes": [1], "keepdims": 1})


def layers():
    """Softmax, normalisations, means and products with factors of their own."""
    for op in ["Softmax", "LogSoftmax"]:
        yield case(op, LOGITS, attributes={"axis": -1})
        yield case(op, LOGITS, attributes={"axis": 0})
        yield case(op, [[1.5], [2.5]], attributes={"axis": 1})
        yield case(op, LOGITS, attributes={"axis": 1}, exp_iterations=5)
    yield case("Softmax", [[0.0, -50.0, -300.0, -1000.0, 1.0]], attributes={"axis": 1})
    yield case("Softmax", [NEARLY_EQUAL[0][:128]], attributes={"axis": 1})
    yield case("Softmax", NEARLY_EQUAL, attributes={"axis": 1})
    yield case("Softmax", LOGITS, attributes={"axis": 1}, reciprocal_nr_iters=4)
    yield case("Softmax", LOGITS, attributes={"axis": 1}, parties=3)
    images = [[[0.5, -1.5], [2.0, 0.25], [3.0, -4.0]], [[0.1, 0.2], [-0.3, 0.4], [10.0, 20.0]]]
    yield case("BatchNormalization", images, *PER_CHANNEL, attributes={"epsilon": 1e-5})
    yield case("BatchNormalization", images, *PER_CHANNEL, attributes={"epsilon": 0.01})
    yield case("BatchNormalization", images, *[tensor(x, True) for x in PER_CHANNEL], attributes={"epsilon": 1e-5})
    yield case("ReduceMean", images, attributes={"axes": [2], "keepdims": 0})
    yield case("ReduceMean", images, attributes={"axes": [0, 2], "keepdims": 1})
    yield case("GlobalAveragePool", [images])
    factors = ([[0.5, -1.25, 3.0], [7.0, 0.01, -0.3]], [[1.0, -2.0], [0.3, 0.7], [0.01, 5.0]], [0.2, -0.1])
    yield case("Gemm", *factors, attributes={"alpha": 1.0, "beta": 1.0})
    yield case("Gemm", *factors, attributes={"alpha": 0.3, "beta": 0.7})
    yield case("Gemm", factors[1], factors[0], [[0.5]], attributes={"alpha": 1.0, "beta": 1.0, "transA": 1, "transB": 1})


def method(op, attributes):
    """CrypTen's own method for the operator: its importer's module if it has one."""
    plain = {"Log": "log", "Reciprocal": "reciprocal", "Tanh": "tanh", "Sin": "sin", "Cos": "cos"}
    if op in plain:
        return lambda x: getattr(x, plain[op])()
    if op == "Div":
        return lambda x, y: y.reciprocal().mul(x) if torch.is_tensor(x) else x.div(y)
    if op == "Pow":
        return power
    if op in ("ReduceProd", "ReduceL2"):
        axis, keeps = attributes["axes"][0], bool(attributes["keepdims"])
        return lambda x: (x.prod(axis, keeps) if op == "ReduceProd" else x.norm(dim=axis, keepdim=keeps))
    kind = getattr(crypten.nn.module, op, crypten.nn.onnx_converter.ONNX_TO_CRYPTEN.get(op))
    module = kind.from_onnx(attributes=dict(attributes)).eval()
    return lambda *x: type(module).forward(module, x[0] if len(x) == 1 else list(x))


def power(x, exponent):
    """What the importer's module does, which takes integers only; beyond them CrypTen has `pos_pow`."""
    number = exponent.item()
    return x.pow(int(number)) if int(number) == number else x.pos_pow(number)


def revealed(entry):
    """One run of a case: the ring elements."""
    operands = []
    for operand in entry["inputs"]:
        values = operand["values"].float()
        operands.append(values if operand["public"] else crypten.cryptensor(values, src=0))
    return method(entry["op"], entry["attributes"])(*operands).reveal()


def all_runs(entries, output):
    """What each party does. The results go through a file: a party that has much to return never ends."""
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    crypten.cfg.debug.debug_mode = True
    rank = crypten.communicator.get().get_rank()
    crypten.manual_seed(1 + rank, 11 + rank, 21)
    results = []
    with crypten.no_grad():
        for entry in entries:
            with crypten.cfg.temp_override(entry["configuration"]):
                results.append([revealed(entry) for _ in range(RUNS)])
    if rank == 0:
        with open(output, "w") as file:
            json.dump([[list(runs[0].shape), *(run.flatten().tolist() for run in runs)] for runs in results], file)


def measure(entries, parties):
    """The results of the cases with that many parties: the shape, and the elements of every run."""
    with tempfile.TemporaryDirectory() as folder:
        output = os.path.join(folder, "output.json")
        if crypten.mpc.run_multiprocess(world_size=parties)(all_runs)(entries, output) is None:
            sys.exit("CrypTen failed; its own message is on standard error")
        with open(output) as file:
            return [(result[0], result[1:]) for result in json.load(file)]


def written(entry, shape, runs):
    """A case as it stands in the file."""
    columns = [sorted(column) for column in zip(*runs)]
    return {
        **entry,
        "configuration": {key: str(value).lower() for key, value in entry["configuration"].items()},
        "inputs": [
            {"shape": list(x["values"].shape), "values": x["values"].flatten().tolist(), "public": x["public"]}
            for x in entry["inputs"]
        ],
        "shape": shape,
        "quartiles": [[column[RUNS // 4], column[-1 - RUNS // 4]] for column in columns],
        "size": [sorted(abs(x) for x in column)[RUNS // 2] for column in columns],
    }


def main(path):
    """Runs everything and writes the file, a case a line."""
    entries = [*elementwise(), *arithmetic(), *layers()]
    lines = []
    for parties in (2, 3):
        chosen = [entry for entry in entries if entry["parties"] == parties]
        for entry, (shape, runs) in zip(chosen, measure(chosen, parties)):
            lines.append(json.dumps(written(entry, shape, runs), separators=(",", ":")))
    with open(path, "w") as file:
        file.write('{"runs":%d,"cases":[\n' % RUNS + ",\n".join(lines) + "\n]}\n")


if __name__ == "__main__":
    main(sys.argv[1])
