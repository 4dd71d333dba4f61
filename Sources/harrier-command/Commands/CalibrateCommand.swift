import ArgumentParser
import Harrier

struct CalibrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract: "Compare a measured run with the prediction, and show where they part.",
        usage: "harrier calibrate [<model>] --framework <name> --measured <file> [<options>]",
        discussion: """
            Reads a JSON document with measurements of layers, CrypTen's communication statistics, or the profile logs of \
            SPU, one a party. Without a model, the layers of the file are priced by their operators and shapes. The \
            formats are described in docs/CALIBRATION.md.
            """)

    @Argument(help: "The model that ran: an ONNX file, binary (.onnx) or textual (.onnxtxt).", completion: .model)
    var model: String?

    @OptionGroup var reading: ReadingOptions
    @OptionGroup(title: "Framework options") var framework: FrameworkOptions

    @Option(
        help: ArgumentHelp("The measurements. Repeatable, for the profile logs of several parties.", valueName: "file"),
        completion: .file())
    var measured: [String] = []

    @Option(
        name: .customLong("run"),
        help: "Which run of a file that holds several, the first being 1; by default the model's.")
    var runNumber: Int?

    @Flag(help: "Show every row of the tables, not only those that part most.")
    var all = false

    @Option(help: "A table for people, JSON for programs.")
    var format = ReportFormat.table

    @OptionGroup var output: OutputOptions

    func validate() throws {
        try framework.requireFramework()
        guard !measured.isEmpty else { throw ValidationError("name the measurements with '--measured FILE'") }
        if let runNumber, runNumber < 1 { throw ValidationError("'--run' must be at least 1") }
        if format != .table, all { throw ValidationError("'--all' is for the table; JSON holds everything") }
    }

    func run() throws {
        guard let pricing = try framework.makeFramework() else { return }
        let name = model.map(Model.name(ofFile:))
        let selection = RunSelection(number: runNumber, model: name, framework: pricing.info)
        let measurement = try MeasuredRun.read(measured, selection)
        let calibration = try calibration(of: measurement, pricing)
        switch format {
        case .json:
            try Results.write(calibration.json(), to: output.output)
        case .table:
            let style = Style(isColored: output.isStandardOutput && Console.outputTakesColor)
            let table = CalibrationTable(calibration: calibration, limit: all ? nil : TextTable.usualRows, style: style)
            try Results.write(table.render(), to: output.output)
        }
    }

    private func calibration(of run: MeasuredRun, _ pricing: any Framework) throws -> CalibrationResult {
        let visibility = framework.setting.visibility
        do {
            guard let model else { return try run.calibrate(under: pricing, visibility: visibility) }
            return try reading.loadForPricing(model).calibrate(run, under: pricing, visibility: visibility)
        } catch let error as HarrierError {
            throw error.inFile(measured.joined(separator: ", "))
        }
    }
}
