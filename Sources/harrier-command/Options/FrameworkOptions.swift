import ArgumentParser
import Harrier

/// The framework that prices, its configuration, and who knows what.
struct FrameworkOptions: ParsableArguments {
    @Option(help: "The MPC framework; 'harrier frameworks' lists them.", completion: .framework)
    var framework: String?

    @OptionGroup var setting: SettingOptions

    func validate() throws {
        if framework == nil, !setting.isEmpty {
            throw ValidationError("'--parties', '--config' and visibility need '--framework NAME'")
        }
    }

    /// Complains if no framework is named.
    func requireFramework() throws {
        guard framework == nil else { return }
        throw ValidationError(
            "name the framework that is to price the model with '--framework NAME': "
                + FrameworkCatalog.names.joined(separator: ", "))
    }

    /// The framework as configured; nil if none is named.
    ///
    /// - Throws: `HarrierError` if there is no such framework, or it does not take the configuration.
    func makeFramework() throws -> (any Framework)? { try framework.map(setting.make) }
}
