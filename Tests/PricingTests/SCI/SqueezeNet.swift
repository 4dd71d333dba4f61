/// SqueezeNet 1.1 on 227 × 227 images as OpenCheetah ships it (SCI/networks/main_sqnet.cpp): Relu behind the first pooling, and an
/// argmax at the end.
enum SqueezeNet {
    static var text: String {
        var weights: [String] = []
        var nodes: [String] = []
        var last = "x"
        func conv(_ from: String, _ to: String, _ inputs: Int, _ outputs: Int, _ kernel: Int, _ more: String = "") {
            weights.append("float[\(outputs),\(inputs),\(kernel),\(kernel)] w_\(to)")
            let pads = kernel == 3 && more.isEmpty ? "<pads = [1, 1, 1, 1]>" : more
            nodes.append("\(to) = Conv\(pads)(\(from), w_\(to))")
        }
        func relu(_ name: String) { nodes.append("\(name)_r = Relu(\(name))") }
        func pool(_ name: String) {
            nodes.append("\(name) = MaxPool<kernel_shape = [3, 3], strides = [2, 2]>(\(last))")
            last = name
        }
        func fire(_ name: String, _ inputs: Int, _ squeezed: Int, _ expanded: Int) {
            conv(last, "\(name)s", inputs, squeezed, 1)
            relu("\(name)s")
            conv("\(name)s_r", "\(name)a", squeezed, expanded, 1)
            relu("\(name)a")
            conv("\(name)s_r", "\(name)b", squeezed, expanded, 3)
            relu("\(name)b")
            last = "\(name)_c"
            nodes.append("\(last) = Concat<axis = 1>(\(name)a_r, \(name)b_r)")
        }
        conv(last, "c1", 3, 64, 3, "<strides = [2, 2]>")
        last = "c1"
        pool("p1")
        relu("p1")
        last = "p1_r"
        fire("f2", 64, 16, 64)
        fire("f3", 128, 16, 64)
        pool("p3")
        fire("f4", 128, 32, 128)
        fire("f5", 256, 32, 128)
        pool("p5")
        fire("f6", 256, 48, 192)
        fire("f7", 384, 48, 192)
        fire("f8", 384, 64, 256)
        fire("f9", 512, 64, 256)
        conv(last, "c10", 512, 1000, 1)
        relu("c10")
        nodes.append("g = GlobalAveragePool(c10_r)")
        nodes.append("z = ArgMax<axis = 1>(g)")
        return """
            squeezenet (float[1,3,227,227] x, \(weights.joined(separator: ", "))) => (int64[1,1,1,1] z) {
              \(nodes.joined(separator: "\n  "))
            }
            """
    }

    /// The names of the weights, which are inputs of the graph.
    static func isWeight(_ name: String) -> Bool { name.hasPrefix("w_") }
}
