import Evaluate
import Foundation
import IR
import Suggest
import TestSupport
import Testing

@Suite("files of samples")
struct SampleFileTests {
    private func model(_ inputs: String) throws -> Graph {
        try ONNXText.parseModel(
            """
            <ir_version: 8, opset_import: ["" : 17]>
            model (\(inputs)) => (float[1,2] y) {
              y = Relu (x)
            }
            """)
    }

    /// Runs NumPy on a script in which `folder` is a folder.
    private func numpy(_ script: String, in folder: URL) throws {
        let outcome = try Oracle.launch(
            try Oracle.python(), ["-c", "import numpy as np, sys\nfolder = sys.argv[1]\n" + script, folder.path])
        try #require(outcome.status == 0, "\(outcome.errors)")
    }

    private func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    @Test("NumPy's archives are read, stored and deflated, of all kinds of numbers")
    func archives() throws {
        let graph = try model("float[1,2] x, int64[1,3] ids, bool[1] mask")
        try withFolder { folder in
            try numpy(
                """
                arrays = dict(x=np.array([[1.5, -2], [3, 4], [5, 6]], np.float64),
                              ids=np.arange(9, dtype=np.int32).reshape(3, 1, 3), mask=np.array([True, False, True]).reshape(3, 1))
                np.savez(folder + "/stored.npz", **arrays)
                np.savez_compressed(folder + "/deflated.npz", **arrays)
                """, in: folder)
            for name in ["stored", "deflated"] {
                let samples = try Samples.read(folder.appendingPathComponent("\(name).npz").path, for: graph, limit: 2)
                #expect(samples.inputs.count == 2 && !samples.isSynthetic)
                #expect(try samples.inputs[0]["x"]?.doubles() == [1.5, -2])
                #expect(try samples.inputs[1]["ids"]?.integers() == [3, 4, 5])
                #expect(samples.inputs[1]["ids"]?.shape == [1, 3])
                #expect(try samples.inputs[1]["mask"]?.integers() == [0])
            }
        }
    }

    @Test("a single array is read, and what is written NumPy reads")
    func arrays() throws {
        let graph = try model("float[1,2] x")
        try withFolder { folder in
            try numpy("np.save(folder + '/x.npy', np.array([[1, 2], [3, 4]], np.float32))", in: folder)
            let samples = try Samples.read(folder.appendingPathComponent("x.npy").path, for: graph, limit: 10)
            #expect(try samples.inputs.map { try $0["x"]?.doubles() } == [[1, 2], [3, 4]])
            let drawn = try Samples.synthetic(for: try model("float[1,2] x, int64[1,3] ids"), count: 3)
            try drawn.write(to: folder.appendingPathComponent("drawn.npz").path)
            try numpy(
                """
                drawn = np.load(folder + "/drawn.npz")
                assert drawn["x"].shape == (3, 1, 2) and drawn["x"].dtype == np.float32, drawn["x"]
                assert drawn["ids"].tolist() == [[[1, 1, 1]]] * 3, drawn["ids"]
                """, in: folder)
        }
    }

    @Test(
        "files that do not fit are answered",
        arguments: [
            ("np.save(folder + '/bad.npy', np.zeros((2, 3), np.float32))", "npy", "holds no samples of shape"),
            ("np.save(folder + '/bad.npy', np.asfortranarray(np.zeros((4, 2), np.float32)))", "npy", "Fortran"),
            ("np.save(folder + '/bad.npy', np.array(['a', 'b']))", "npy", "has elements of type"),
            ("open(folder + '/bad.npy', 'wb').write(b'no array at all')", "npy", "is no NumPy array file"),
            ("open(folder + '/bad.npz', 'wb').write(b'no archive')", "npz", "cannot be opened as an archive"),
            ("np.savez(folder + '/bad.npz', y=np.zeros(2), z=np.zeros(2))", "npz", "has no array for the input 'x'"),
            (
                "np.save(folder + '/bad.npy', np.zeros((4, 2), np.float32)); f = open(folder + '/bad.npy', 'r+b'); f.truncate(140)",
                "npy", "are no array of shape"
            ),
        ])
    func misfits(script: String, kind: String, message: String) throws {
        let graph = try model("float[1,2] x")
        try withFolder { folder in
            try numpy(script, in: folder)
            let error = #expect(throws: HarrierError.self) {
                _ = try Samples.read(folder.appendingPathComponent("bad.\(kind)").path, for: graph, limit: 10)
            }
            #expect("\(try #require(error))".contains(message), "\(String(describing: error))")
        }
    }
}
