import ArgumentParser
import Harrier

/// The frameworks that a training step is priced under.
struct TrainingFrameworkOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The MPC frameworks that price the step; 'harrier frameworks' lists them. Repeatable.", valueName: "names"),
        completion: .framework)
    var framework: [NameList] = []

    @Option(
        help: """
            Whose gradients are priced: those that the framework's own training computes, Harrier's (the step that \
            '--output' writes), or JAX's.
            """)
    var gradients = GradientSource.framework

    @OptionGroup var setting: SettingOptions

    /// The names of the frameworks.
    var names: [String] { framework.flatMap(\.names) }

    func validate() throws {
        if names.isEmpty, !setting.isEmpty {
            throw ValidationError("'--parties', '--config' and visibility need '--framework NAME'")
        }
        if names.count > 1, setting.parties != nil || !setting.config.isEmpty {
            throw ValidationError("'--parties' and '--config' are for one framework at a time")
        }
    }

    /// The frameworks as configured.
    func make() throws -> [any Framework] { try names.map(setting.make) }
}

extension GradientSource: ExpressibleByArgument {}
