"""Exports small models of scikit-learn and records what onnxruntime makes of them: `classical_models.py FOLDER`.

The folder gets a file for each model and `results.json`: rows of random inputs and, for each, the results in order, labels first. It needs the
packages of requirements-classical.txt.
"""

import json
import pathlib
import sys

import numpy as np
import onnxruntime
from skl2onnx import to_onnx
from sklearn.cluster import KMeans
from sklearn.datasets import make_classification, make_regression
from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor, RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer, StandardScaler
from sklearn.svm import SVR
from sklearn.tree import DecisionTreeClassifier

FEATURES, ROWS = 5, 6
SIZES = {"n_estimators": 3, "max_depth": 3, "random_state": 0}
CLASSIFIERS = {
    "logistic": (LogisticRegression(), 3), "logistic_of_two": (LogisticRegression(), 2),
    "scaled": (make_pipeline(StandardScaler(), LogisticRegression()), 3),
    "normalized": (make_pipeline(Normalizer(), LogisticRegression()), 3),
    "tree": (DecisionTreeClassifier(max_depth=3, random_state=0), 3), "forest": (RandomForestClassifier(**SIZES), 3),
    "boosted": (GradientBoostingClassifier(**SIZES), 3), "boosted_of_two": (GradientBoostingClassifier(**SIZES), 2),
    "naive_bayes": (GaussianNB(), 3), "clusters": (KMeans(3, random_state=0), 3),
}
REGRESSORS = {
    "linear": LinearRegression(), "forest_of_numbers": RandomForestRegressor(**SIZES),
    "boosted_numbers": GradientBoostingRegressor(**SIZES), "support_vectors": SVR(),
}


def fitted():
    for name, (model, classes) in CLASSIFIERS.items():
        x, y = make_classification(60, FEATURES, n_informative=4, n_redundant=0, n_classes=classes, random_state=0)
        yield name, model.fit(x.astype(np.float32), y + 5 if name == "tree" else y)
    for name, model in REGRESSORS.items():
        x, y = make_regression(60, FEATURES, random_state=0)
        yield name, model.fit(x.astype(np.float32), y / 100)


def numbers(result):
    """A result as a list: of maps, the numbers in the order of the labels."""
    if isinstance(result, list):
        result = [list(row.values()) for row in result]
    return np.asarray(result, np.float64).ravel().tolist()


def main(folder):
    rng, results = np.random.default_rng(0), {}
    for name, model in fitted():
        exported = to_onnx(model, np.zeros((1, FEATURES), np.float32), target_opset={"": 17, "ai.onnx.ml": 3})
        (folder / f"{name}.onnx").write_bytes(exported.SerializeToString())
        session = onnxruntime.InferenceSession(exported.SerializeToString(), providers=["CPUExecutionProvider"])
        rows = rng.standard_normal((ROWS, 1, FEATURES)).astype(np.float32)
        results[name] = [
            {"input": row.ravel().tolist(), "outputs": [numbers(r) for r in session.run(None, {session.get_inputs()[0].name: row})]}
            for row in rows]
    (folder / "results.json").write_text(json.dumps(results))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
