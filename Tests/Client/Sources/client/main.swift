import Harrier

// Prices a model, makes it cheaper, and writes the result: client MODEL OUTPUT.
let arguments = CommandLine.arguments
let crypten: any Framework = try FrameworkCatalog.make("crypten")

func tell(_ when: String, _ cost: Cost) {
    print("\(when): \(cost.online.bytes) bytes, \(cost.online.rounds) rounds")
}

do throws(HarrierError) {
    let model = try Model(contentsOf: arguments[1])
    let profile: Profile = try model.profile(under: crypten)
    tell("before", profile.total)
    let dearest = profile.entries.max { $0.cost.online.bytes < $1.cost.online.bytes }
    print("dearest: \(dearest?.op.description ?? "none")")

    let found: Optimization = try await model.optimize(under: crypten)
    tell("after", found.after)
    print("check: \(found.check.status)")
    for note in try found.write(to: arguments[2]) { print("note: \(note)") }
} catch {
    print("\(error.file ?? ""): \(error.message)")
}
