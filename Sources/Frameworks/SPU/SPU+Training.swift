import IR
import Pricing

extension SPU {
    /// JAX differentiates what SPU runs, and the compiler takes max-pools and their gradients together.
    public var differentiation: Differentiation { .jax(jointly: jointly) }

    /// What the compiler makes of an operator and its gradient together (`optimize_maxpool.cc`); nil if it takes them one by
    /// one. A Relu written as `jnp.maximum` has a gradient of its own. Windows of a max-pool keep the positions of their largest elements, which the gradient is multiplied with. By
    /// reading the source: no such step was measured apart.
    private func jointly(_ site: OperatorSite) throws -> RecordedPrice? {
        let operation = Operation(site: site, functions: functions)
        switch site.node.op {
        case "Relu" where functions.settings.relu == .maximum && operation.isSecret(0):
            let count = try operation.resultCount()
            return RecordedPrice(
                forward: try operation.price { hal in _ = hal.relu(hal.secret(count)) },
                backward: try functions.calls { hal in hal.maximumGradient(hal.secret(count)) })
        case "MaxPool" where operation.isSecret(0): return try pooledJointly(operation)
        default: return nil
        }
    }

    private func pooledJointly(_ operation: Operation<Functions>) throws -> RecordedPrice {
        let kernel = try operation.node.ints("kernel_shape")
        let (windows, size) = (try operation.resultCount(), kernel.saturatingProduct())
        let strides = try operation.node.ints("strides", count: kernel.count)
        let isPadded = try operation.node.ints("pads", count: 2 * kernel.count).contains { $0 != 0 }
        let isTwoByTwo = kernel == [2, 2] && strides == kernel && !isPadded
        return RecordedPrice(
            forward: try operation.price { hal in
                hal.argMaxPool(windows: windows, size: size, isTwoByTwo: isTwoByTwo)
            },
            backward: try functions.calls { hal in hal.maxPoolScatter(windows: windows, size: size) })
    }
}
