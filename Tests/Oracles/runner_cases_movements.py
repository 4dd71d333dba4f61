"""The cases of runner_cases.py whose operators move numbers, make them or say how many there are."""

import numpy as np
from onnx import numpy_helper

LARGEST = np.iinfo(np.int64).max


def movements(case, integers, floats):
    yield from shapes(case, integers)
    yield from slices(case, integers)
    yield from pads(case, integers)
    for axis in (-3, -1, 0, 1, 2):
        for indices in (integers(0, 2, 1), integers(-1, 0), integers([[0, -2], [1, 1]]), np.array(1), np.array(-1)):
            if axis != 0 or np.max(indices) < 2 and np.min(indices) >= -2:
                yield case("Gather", [(3, 3, 4), indices], axis=axis)
        yield case("Split", [(6, 6, 6)], 12, 2, axis=axis)
        yield case("Split", [(6, 6, 6)], 12, 2, axis=axis, split=[2, 4])
        yield case("Split", [(6, 6, 6), integers(1, 2, 3)], 13, 3, axis=axis)
        yield case("Split", [(7, 7, 7)], 18, 4, axis=axis, num_outputs=4)
        yield case("Concat", [(2, 2, 2), (2, 2, 2)], axis=axis)
    yield case("Split", [(6, 6)], 17, 3)
    yield case("Concat", [(2, 2)], axis=0)
    for mode in ({}, {"mode": "DCR"}, {"mode": "CRD"}):
        yield case("DepthToSpace", [(2, 8, 2, 3)], 13, blocksize=2, **mode)
    yield case("SpaceToDepth", [(2, 2, 4, 6)], blocksize=2)
    yield case("Constant", [], value=numpy_helper.from_array(np.arange(6, dtype=np.float32).reshape(2, 3)))
    yield case("Constant", [], value_float=1.5)
    yield case("Constant", [], value_floats=[1.5, 2.0])
    yield case("Constant", [], value_int=3)
    yield case("Constant", [], value_ints=[3, 4])
    yield case("ConstantOfShape", [integers(2, 3)])
    yield case("ConstantOfShape", [integers()], value=numpy_helper.from_array(np.array([7], np.int64)))
    yield case("Shape", [(2, 3, 4)], 13)
    for bounds in ({}, {"start": 1}, {"start": -2, "end": -1}, {"end": 2}, {"start": 1, "end": 9}, {"start": -9}, {"start": 2, "end": 1}):
        yield case("Shape", [(2, 3, 4)], 15, **bounds)
    yield case("Range", [np.array(1), np.array(9), np.array(3)])
    yield case("Range", [np.array(5), np.array(0), np.array(-2)])


def shapes(case, integers):
    for axis in range(-3, 4):
        yield case("Flatten", [(2, 3, 4)], axis=axis)
    yield case("Flatten", [(2, 3, 4)])
    for lengths in ((4, 6), (-1,), (0, -1), (0, 0, 4), (2, -1, 2), (1, 24)):
        yield case("Reshape", [(2, 3, 4), integers(*lengths)])
        yield case("Reshape", [(2, 3, 4), integers(*lengths)], 13)
    yield case("Reshape", [(2, 12), integers(2, 3, 4)], allowzero=1)
    yield case("Transpose", [(2, 3, 4)])
    yield case("Transpose", [(2, 3, 4)], perm=[2, 0, 1])
    for axes in ([0], [-1], [0, 2], [2, 0], [-1, 0]):
        yield case("Squeeze", [(1, 3, 1)] if len(axes) > 1 or axes == [0] else [(2, 3, 1)], 11, axes=axes)
        yield case("Squeeze", [(1, 3, 1), integers(*axes)], 13)
        yield case("Unsqueeze", [(3, 4)], 11, axes=axes)
        yield case("Unsqueeze", [(3, 4), integers(*axes)], 13)
    yield case("Squeeze", [(1, 3, 1)], 13)
    yield case("Squeeze", [(1, 3, 1)], 11)
    for lengths in ((2, 3, 4), (3, 1), (1,), (2, 3, 1), (5, 2, 3, 4)):
        yield case("Expand", [(3, 1) if len(lengths) < 3 else (3, 4), integers(*lengths)])


def slices(case, integers):
    x = (4, 5, 6)
    yield case("Slice", [x], 9, starts=[1, -2], ends=[3, LARGEST], axes=[0, -1])
    yield case("Slice", [x], 9, starts=[1, 0], ends=[-1, -2])
    for starts, ends, axes, steps in (
            ((1,), (3,), None, None), ((0, 1), (2, 4), None, None), ((-3,), (-1,), (2,), None), ((1,), (LARGEST,), (-1,), (2,)),
            ((-1,), (-LARGEST,), (0,), (-1,)), ((3,), (0,), (0,), (-2,)), ((99,), (-99,), (1,), (-1,)), ((-99,), (99,), (1,), (1,)),
            ((4,), (-2,), (1,), (-1,)), ((0, 1), (2, 5), (2, 0), (1, 2)), ((2,), (-(1 << 31),), (0,), (-1,)), ((0,), (0,), (0,), (1,))):
        optional = [None if each is None else integers(*each) for each in (axes, steps)]
        operands = [x, integers(*starts), integers(*ends), *optional]
        while operands[-1] is None:
            operands.pop()
        for opset in (10, 11, 13, 17):
            yield case("Slice", operands, opset)


def pads(case, integers):
    for amounts in ((0, 1, 2, 1), (1, 0, 0, 2)):
        yield case("Pad", [(3, 4)], 10, pads=amounts)
        yield case("Pad", [(3, 4)], 10, pads=amounts, value=1.5)
        for mode in ("constant", "reflect", "edge"):
            yield case("Pad", [(3, 4)], 10, pads=amounts, mode=mode)
            for opset in (11, 13, 18):
                yield case("Pad", [(3, 4), integers(*amounts)], opset, mode=mode)
        yield case("Pad", [(3, 4), integers(*amounts)], 19, mode="wrap")
        yield case("Pad", [(3, 4), integers(*amounts), np.array(-2, np.float32)], 13)
        yield case("Pad", [(3, 4, 2), integers(*amounts), None, integers(2, 0)], 18)
        yield case("Pad", [(3, 4, 2), integers(*amounts), None, integers(-1, 1)], 18)
    yield case("Pad", [(3, 4), integers(-1, 0, 1, -2)], 13)
    yield case("Pad", [(3, 4), integers(-1, 0, 0, 0)], 13, mode="reflect")
    yield case("Pad", [(3, 4), integers(0, 1, 0, 1), np.array(-np.inf, np.float32)], 13)
