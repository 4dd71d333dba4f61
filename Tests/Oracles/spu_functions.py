"""Records what SecretFlow SPU gives for the functions that it approximates: `spu_functions.py OUTPUT.json`.

Every function is written as jax has it, compiled by SPU and run by all parties in one process. Each operand is repeated, so
that one run gives many results for the same number; the smallest, the mean and the largest of them are recorded, and how far the
middle half of them spreads. The last bits of a result are random, because shares are cut off each by itself.
"""

import json
import sys
import threading

import jax
import jax.numpy as jnp
import numpy as np
import spu
import spu.utils.frontend
from jax import lax

import onnx_to_jax

REPETITIONS = 48
PROTOCOLS = {"semi2k": (spu.ProtocolKind.SEMI2K, 2), "semi2k-3": (spu.ProtocolKind.SEMI2K, 3),
             "spu-aby3": (spu.ProtocolKind.ABY3, 3), "spu-cheetah": (spu.ProtocolKind.CHEETAH, 2)}
FIELDS = {"FM32": spu.FieldType.FM32, "FM64": spu.FieldType.FM64, "FM128": spu.FieldType.FM128}


def configured(protocol, configuration):
    """A runtime configuration with the given keys, as JSON has them."""
    kind, _ = PROTOCOLS[protocol]
    config = spu.RuntimeConfig(protocol=kind, field=FIELDS[configuration.get("field", "FM64")])
    for key, value in configuration.items():
        if key == "field":
            continue
        kinds = {"fxp_exp_mode": spu.RuntimeConfig.ExpMode, "fxp_log_mode": spu.RuntimeConfig.LogMode}
        if key in kinds:
            value = getattr(kinds[key], value)
        elif value in ("true", "false"):
            value = value == "true"
        else:
            value = int(value)
        setattr(config, key, value)
    return config


def run(function, operands, protocol, configuration):
    """The result of a function of secret operands."""
    names = [f"in{index}" for index in range(len(operands))]
    secret = spu.Visibility.VIS_SECRET
    executable, _ = spu.utils.frontend.compile(
        spu.utils.frontend.Kind.JAX, function, operands, {}, names, [secret] * len(names),
        lambda outputs: [f"out{index}" for index in range(len(outputs))], copts=spu.CompilerOptions())
    config = configured(protocol, configuration)
    parties = PROTOCOLS[protocol][1]
    io = spu.Io(parties, config)
    shares = [io.make_shares(operand, secret) for operand in operands]
    description = spu.link.Desc()
    description.recv_timeout_ms = 600_000
    for rank in range(parties):
        description.add_party(f"party{rank}", f"thread{rank}")
    results = [None] * parties

    def compute(rank):
        runtime = spu.Runtime(spu.link.create_mem(description, rank), config)
        for name, share in zip(names, shares):
            runtime.set_var(name, share[rank])
        runtime.run(executable)
        results[rank] = runtime.get_var("out0")

    threads = [threading.Thread(target=compute, args=(rank,)) for rank in range(parties)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return io.reconstruct(results)


def unary(function):
    return lambda attributes, constants: function


def operator(name):
    """The function that the oracle of whole models has for an operator."""
    def make(attributes, constants):
        def function(*operands):
            # Leading axes are repetitions; rows keep their axes counted from the end.
            return onnx_to_jax.OPERATORS[name]([*operands, *constants], attributes, 1)
        return function
    return make


def batch_normalization(attributes, constants):
    def function(x, scale, bias, mean, variance):
        factor = scale * lax.rsqrt(variance + np.float32(1e-5))
        return (x - mean[:, None, :, None]) * factor[:, None, :, None] + bias[:, None, :, None]
    return function


def power(attributes, constants):
    return operator("Pow")(attributes, constants) if constants else jnp.power


def instance_normalization(attributes, constants):
    def function(x, scale, bias):
        centred = x - jnp.mean(x, axis=-1, keepdims=True)
        factor = lax.rsqrt(jnp.mean(centred * centred, axis=-1, keepdims=True) + np.float32(1e-5))
        return centred * factor * scale[:, None, :, None] + bias[:, None, :, None]
    return function


def pool(name):
    def make(attributes, constants):
        # Images of one axis, the first of which counts the repetitions.
        return lambda x: onnx_to_jax.OPERATORS[name]([x[:, 0]], attributes, 1)[:, None]
    return make


def hard_sigmoid(x, alpha=0.2):
    return jnp.clip(x * np.float32(alpha) + np.float32(0.5), 0, 1)


FUNCTIONS = {
    "Exp": unary(jnp.exp), "Log": unary(jnp.log), "Sqrt": unary(jnp.sqrt), "Reciprocal": unary(lambda x: 1 / x),
    "Sigmoid": unary(jax.nn.sigmoid), "Tanh": unary(jnp.tanh), "Erf": unary(lax.erf), "Softplus": unary(jax.nn.softplus),
    "Sin": unary(jnp.sin), "Cos": unary(jnp.cos), "Atan": unary(jnp.arctan), "Acos": unary(jnp.arccos),
    "Asin": unary(jnp.arcsin), "Mish": unary(lambda x: x * jnp.tanh(jax.nn.softplus(x))),
    "Selu": unary(jax.nn.selu), "Softsign": unary(lambda x: x / (1 + jnp.abs(x))), "HardSigmoid": unary(hard_sigmoid),
    "HardSwish": unary(lambda x: x * hard_sigmoid(x, 1 / 6)),
    "Elu": lambda attributes, constants: lambda x: jax.nn.elu(x, attributes.get("alpha", 1.0)),
    "Celu": lambda attributes, constants: lambda x: jax.nn.celu(x, attributes.get("alpha", 1.0)),
    "LeakyRelu": lambda attributes, constants: lambda x: jax.nn.leaky_relu(x, attributes["alpha"]),
    "Swish": lambda attributes, constants: lambda x: x * jax.nn.sigmoid(x * np.float32(attributes["alpha"]))
    if attributes.get("alpha", 1.0) != 1 else x * jax.nn.sigmoid(x),
    "Gelu": operator("Gelu"), "Softmax": operator("Softmax"),
    "LogSoftmax": unary(lambda x: jax.nn.log_softmax(x, axis=-1)),
    "ReduceLogSumExp": unary(lambda x: jax.nn.logsumexp(x, axis=-1, keepdims=True)),
    "ReduceLogSum": unary(lambda x: jnp.log(jnp.sum(x, axis=-1, keepdims=True))),
    "ReduceL2": unary(lambda x: jnp.sqrt(jnp.sum(x * x, axis=-1, keepdims=True))),
    "ReduceProd": unary(lambda x: jnp.prod(x, axis=-1, keepdims=True)),
    "ReduceSumSquare": unary(lambda x: jnp.sum(x * x, axis=-1, keepdims=True)),
    "ReduceMean": unary(lambda x: jnp.mean(x, axis=-1, keepdims=True)),
    "LayerNormalization": operator("LayerNormalization"),
    "BatchNormalization": batch_normalization,
    "Div": operator("Div"), "Pow": power,
    "InstanceNormalization": instance_normalization, "AveragePool": pool("AveragePool"),
    "GlobalAveragePool": pool("GlobalAveragePool"),
    "PRelu": unary(lambda x, slope: jax.nn.leaky_relu(x, slope)), "Mean": unary(lambda *terms: sum(terms) / len(terms)),
    # SPU's runtime has no jnp.tan, which is why this is not among the operators recorded.
    "Mod": lambda attributes, constants: jnp.fmod if attributes.get("fmod") else jnp.remainder,
}

WIDE = [-1000, -300, -200, -100, -40, -20, -10, -5, -2.5, -1, -0.3, -0.01, 0, 0.002, 0.1, 0.5, 0.9, 1, 1.7, 2.2, 3, 4.9,
        5.1, 8, 12, 20, 100, 1000]
POWERS = [-1e9, -1e4, -1000, -513, -400, -300, -257, -256, -255, -200, -100, -33, -20, -8, -3, -1, -0.1, 0, 1e-4, 0.3, 1,
          2.5, 5, 8, 10, 12, 14, 17, 20, 22, 23, 30, 100, 1000]
POSITIVE = [0, 4e-6, 2e-5, 1e-4, 0.001, 0.01, 0.1, 0.26, 0.5, 0.7, 0.999, 1, 1.01, 1.5, 2, 3.3, 7, 10, 100, 999, 1e4, 1e5,
            262143, 262145, 5e5, 1e6, 1e9]
SIGNED = [-1e6, -300, -3.3, -1, -0.5, -0.001, -1e-5] + POSITIVE
ROWS = [[1, 2, 3, 4, 5], [0.1, -0.2, 0.3, 0.05, 0], [10, -10, 3, 0, 7], [0.5, -100, 0.25, 1, -100],
        [0.5, -1000, 0.25, 1, -1000], [0.5, -1e9, 0.25, 1, -1e9], [-250, 0, -255, 5, 1], [300, 1, 2, 3, 4]]
SPREADS = [[1, 2, 3, 4, 5, 6], [0.01, 0.02, 0.01, 0.0, 0.03, -0.02], [100, -50, 30, 20, 0, 5], [1, 1, 1, 1, 1, 1],
           [1000, -2000, 500, 0, 1, 2]]
NEAR = [-1, -0.9, -0.5, -0.1, 0, 0.1, 0.3, 0.77, 0.999, 1]


def cases():
    """Operator, attributes, secret operands, public operands, protocol and configuration."""
    def case(name, operands, attributes=None, constants=(), protocol="semi2k", **configuration):
        return name, attributes or {}, operands, list(constants), protocol, configuration

    for name, numbers in {
        "Exp": POWERS, "Log": [-1, -0.01] + POSITIVE, "Sqrt": [-1] + POSITIVE, "Reciprocal": SIGNED, "Sigmoid": WIDE,
        "Tanh": WIDE, "Erf": WIDE, "Softplus": WIDE, "Sin": WIDE, "Cos": WIDE, "Atan": WIDE, "Acos": NEAR, "Asin": NEAR,
        "Mish": WIDE, "Selu": WIDE, "Softsign": WIDE, "HardSigmoid": WIDE, "HardSwish": WIDE,
    }.items():
        yield case(name, [numbers])
    yield case("Elu", [WIDE], {"alpha": 1.5})
    yield case("Celu", [WIDE], {"alpha": 1.5})
    yield case("LeakyRelu", [WIDE], {"alpha": 0.1})
    yield case("Swish", [WIDE])
    yield case("Swish", [WIDE], {"alpha": 1.702})
    yield case("Gelu", [WIDE])
    yield case("Gelu", [WIDE], {"approximate": "tanh"})
    for name in ["Softmax", "LogSoftmax", "ReduceLogSumExp"]:
        yield case(name, [ROWS], {"axes": [-1]} if name == "ReduceLogSumExp" else {})
    for name in ["ReduceL2", "ReduceProd", "ReduceSumSquare", "ReduceMean"]:
        yield case(name, [SPREADS], {"axes": [-1]})
    yield case("ReduceLogSum", [[[1, 2, 3], [0.01, 0.02, 0.3], [100, 200, 1e4]]], {"axes": [-1]})
    images = [[SPREADS[0], SPREADS[2]]]
    yield case("InstanceNormalization", [images, [2, -0.5], [0.1, 3]])
    yield case("AveragePool", [images], {"kernel_shape": [3], "strides": [1], "pads": [1, 1], "count_include_pad": 1})
    yield case("GlobalAveragePool", [images])
    yield case("PRelu", [WIDE, [0.3] * len(WIDE)])
    yield case("Mean", [WIDE, WIDE[::-1], WIDE])
    yield case("LayerNormalization", [SPREADS, [1, 2, 0.5, -1, 1, 3], [0, 0.1, 0.2, 0.3, 0.4, 0.5]])
    yield case("BatchNormalization", [[[[1, 2, -3], [0.5, 10, 100]]], [1, 0.3], [0.1, -2], [0.5, 3], [2, 0.001]])
    quotients = [[1, -7, 0.001, 1e5, 3, 0.5, -0.25, 10, 1e6], [3, 0.3, 7, 123, -1e-3, 1e5, 1e-5, 1, 2e6]]
    yield case("Div", quotients)
    yield case("Div", [[1, -7, 0.001, 1e5, 3]], constants=[[3.0]])
    bases = [0.01, 0.3, 0.9, 1, 1.5, 2, 10, 60, -2, 0]
    yield case("Pow", [bases], constants=[[1.7]])
    yield case("Pow", [bases], constants=[[0.5]])
    yield case("Pow", [bases], constants=[[-0.5]])
    yield case("Pow", [bases], constants=[[3.0]])
    yield case("Pow", [bases], constants=[[-2.0]])
    yield case("Pow", [bases, [2, -1.5, 3, 0.1, 0.5, 2.5, 1.1, 1, 3, 2]])
    yield case("Mod", [[5, -5, 7.5, 0.3, 100], [3, 3, -2, 0.2, 7]], {"fmod": 1})
    yield case("Mod", [[5, -5, 7.5, 0.3, 100], [3, 3, -2, 0.2, 7]], {"fmod": 0})

    modes = [("Exp", POWERS[2:]), ("Log", POSITIVE), ("Sqrt", POSITIVE), ("Reciprocal", SIGNED), ("Sigmoid", WIDE),
             ("Tanh", WIDE), ("Erf", WIDE), ("Sin", WIDE)]
    for name, numbers in modes:
        yield case(name, [numbers], field="FM128")
        yield case(name, [numbers], protocol="spu-aby3")
        yield case(name, [numbers], protocol="semi2k-3")
    for name in ["Softmax", "LogSoftmax"]:
        yield case(name, [ROWS], field="FM128")
        yield case(name, [ROWS], protocol="spu-aby3")
    for name, numbers in modes[:6]:
        yield case(name, [numbers], protocol="spu-cheetah")
    for name in ["Atan", "Acos"]:
        yield case(name, [NEAR], field="FM128")
    yield case("Gelu", [WIDE], field="FM128")
    yield case("Exp", [POWERS[2:]], field="FM32")
    yield case("Tanh", [WIDE], field="FM32")
    yield case("ReduceMean", [SPREADS[:3]], {"axes": [-1]}, field="FM32")
    yield case("Exp", [POWERS], fxp_exp_mode="EXP_PADE")
    yield case("Exp", [POWERS], fxp_exp_mode="EXP_PADE", field="FM128")
    yield case("Softmax", [ROWS], fxp_exp_mode="EXP_PADE")
    yield case("Exp", [POWERS], fxp_exp_mode="EXP_PRIME", field="FM128", experimental_enable_exp_prime="true")
    yield case("Exp", [POWERS], fxp_exp_mode="EXP_PRIME", field="FM128", experimental_enable_exp_prime="true",
               experimental_exp_prime_enable_upper_bound="true")
    yield case("Exp", [NEAR], fxp_exp_mode="EXP_PRIME", field="FM128", experimental_enable_exp_prime="true",
               experimental_exp_prime_disable_lower_bound="true", experimental_exp_prime_offset="10")
    yield case("Exp", [POWERS], fxp_exp_iters="5")
    yield case("Log", [POSITIVE], fxp_log_mode="LOG_PADE")
    yield case("Log", [POSITIVE], fxp_log_mode="LOG_NEWTON")
    yield case("Log", [POSITIVE], fxp_log_mode="LOG_NEWTON", fxp_log_iters="2", fxp_log_orders="5")
    yield case("Log", [POSITIVE], fxp_log_mode="LOG_PADE", field="FM128")
    yield case("Sqrt", [POSITIVE], enable_lower_accuracy_rsqrt="true", field="FM128")
    yield case("Reciprocal", [SIGNED], fxp_div_goldschmidt_iters="1")
    yield case("Reciprocal", [SIGNED], field="FM128", fxp_fraction_bits="30")
    yield case("Exp", [POWERS], fxp_fraction_bits="13")
    yield case("Sqrt", [POSITIVE], fxp_fraction_bits="13")
    yield case("Sqrt", [POSITIVE], enable_lower_accuracy_rsqrt="true")
    yield case("Exp", [POWERS], trunc_allow_msb_error="true")
    yield case("Reciprocal", [SIGNED], trunc_allow_msb_error="true")
    yield case("Exp", [POWERS], protocol="semi2k-3", trunc_allow_msb_error="true")


def rounded(array, digits=8):
    """Numbers about as short as 32-bit floats are."""
    return [float(f"{number:.{digits}g}") for number in np.asarray(array, np.float64).reshape(-1)]


def recorded(name, attributes, operands, constants, protocol, configuration):
    """A row of the fixture."""
    arrays = [np.array(operand, np.float32) for operand in operands]
    repeated = [np.broadcast_to(array, (REPETITIONS, *array.shape)).copy() for array in arrays]
    if name == "LayerNormalization":
        repeated[1:] = [array[:, None, :] for array in repeated[1:]]
    for_jax = {key: value.encode() if isinstance(value, str) else value for key, value in attributes.items()}
    public = [np.array(constant, np.float32) for constant in constants]
    function = FUNCTIONS[name](for_jax, public)
    results = np.asarray(run(function, repeated, protocol, configuration), np.float64)
    quarters = np.quantile(results, [0.25, 0.75], axis=0)
    return {"operator": name, "attributes": attributes, "protocol": protocol, "configuration": configuration,
            "operands": [
                {"shape": list(array.shape), "values": rounded(array, digits=9), "public": index >= len(arrays)}
                for index, array in enumerate(arrays + public)],
            "shape": list(results.shape[1:]), "low": rounded(results.min(0)), "mean": rounded(results.mean(0)),
            "high": rounded(results.max(0)), "middle": rounded(quarters[1] - quarters[0], digits=2)}


def main(output):
    rows = []
    for case in cases():
        try:
            rows.append(recorded(*case))
        except Exception as error:
            print(f"{case[0]} {case[4]} {case[5]}: {str(error)[:200]}", file=sys.stderr)
    with open(output, "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(row, separators=(",", ":")).replace(".0,", ",").replace(".0]", "]") for row in rows) + "\n]\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
