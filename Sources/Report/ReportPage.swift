import IR
import Pricing

/// A report that people open in a browser: one HTML file that needs nothing else.
///
/// The values say what is in it; ``html()`` writes it down. The same values make the same page, byte for byte.
public struct ReportPage: Sendable {
    /// What was done, which decides the sentence at the top of the page.
    package enum Subject: Hashable, Sendable {
        /// One model under one framework.
        case profile
        /// One model, before and after rewriting.
        case optimization(objective: String)
        /// One training step: loss, optimizer and samples in a step.
        case training(loss: String, optimizer: String, batch: Int)
        /// One model under several frameworks.
        case comparison
        /// One model and cheaper variants of it.
        case suggestion(objective: String)
    }

    /// The model's name.
    package var model: String
    /// What was done.
    package var subject: Subject
    /// The network that times are for until the reader chooses another one.
    package var network: Network
    /// What is priced: one entry for a profile, two (before and after) for an optimization, one a framework for training and
    /// comparisons.
    package var runs: [PricedRun]
    /// Drawings, in the order in which they can be chosen.
    package var pictures: [Picture] = []
    /// What rules did.
    package var rewrites: [RewriteRow] = []
    /// Cheaper variants, in any order.
    package var variants: [Variant] = []
    /// Single changes that variants are made of, the best first.
    package var sites: [RankedSite] = []
    /// Costs that are no points of the front.
    package var alternatives: [AlternativeRow] = []
    /// What the reader should know, a sentence each.
    public var notes: [String] = []
    /// The command that makes the page again; empty if there is none.
    package var command = ""

    /// A page about the given runs, without drawings, rewrites, variants and notes.
    package init(model: String, subject: Subject, network: Network, runs: [PricedRun]) {
        self.model = model
        self.subject = subject
        self.network = network
        self.runs = runs
    }

    /// The page.
    ///
    /// - Throws: ``HarrierError`` if a drawing cannot be painted.
    /// - Complexity: O(nodes + calls), and Graphviz's time for each level of each drawing.
    public func html() throws -> String {
        try PageTemplate.render(PageContext(self))
    }
}
