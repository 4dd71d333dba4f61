import IR
import Pricing

extension SPU {
    /// CHEETAH for two parties.
    ///
    /// - Throws: ``HarrierError`` for another number of parties or a wrong configuration.
    static func cheetah(parties: Int = 2, configuration: [String: String] = [:]) throws -> SPU {
        guard parties == 2 else { throw HarrierError("SPU's CHEETAH is for 2 parties, not \(parties)") }
        let settings = try Settings(configuration)
        let kernels = CheetahKernels(
            ringBits: settings.field.bits, maxConcurrency: settings.maxConcurrency, otKind: settings.otKind,
            allowsProductError: settings.allowsProductError, packsMatrices: !settings.disablesPacking)
        return SPU(
            functions: Functions(kernels: kernels, settings: settings),
            description: description(
                "spu-cheetah", "SecretFlow SPU CHEETAH", parties: parties, supported: 2...2,
                threat: "semi-honest, one of two parties may be corrupted",
                offline:
                    "refills of random oblivious transfers and of Beaver triples, amortised; keys and first stocks apart"
            ), sharedElements: parties * (parties - 1))
    }
}
