import ArgumentParser
import Harrier

extension Substitution: ExpressibleByArgument {
    /// The substitution that a text such as `rule@node` says.
    public init?(argument: String) { self.init(argument) }
}
