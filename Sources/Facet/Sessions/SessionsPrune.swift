import ArgumentParser
import Configuration
import Foundation
import JSONValues
import SessionIndex
import SessionStore
import SnapshotStore

extension SessionsCommand {
    struct Prune: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Apply the retention rule: old sessions go to the trash.",
            discussion: """
                The rule is [retention] in the configuration (keep_days, keep_megabytes, trash_days), \
                off by default; an option here counts before it. Pinned sessions, the newest one and \
                those that are open stay. Where more than half would go, or the clock looks wrong, \
                nothing happens without --yes.
                """
        )

        @OptionGroup var storage: StorageOptions

        @Option(help: "Sessions untouched for more days go.")
        var keepDays: Int?

        @Option(help: "Beyond that many megabytes the oldest go.")
        var keepMegabytes: Int?

        @Option(help: "What was longer in the trash is removed for good.")
        var trashDays: Int?

        @Flag(help: "Say what would go, and do nothing.")
        var dryRun = false

        @Flag(help: "Do it even if it is more than half, or the clock looks wrong.")
        var yes = false

        @Flag(help: "Print JSON.")
        var json = false

        func validate() throws {
            for value in [keepDays, keepMegabytes, trashDays].compactMap(\.self)
            where !(1...1_000_000_000).contains(value) {
                throw ValidationError("Days and megabytes are 1 to 1000000000; this is \(value).")
            }
        }

        func run() async throws {
            let set = try Settings.inForce().retention
            let rule = RetentionRule(
                keepDays: keepDays ?? set.keepDays,
                keepMegabytes: keepMegabytes ?? set.keepMegabytes,
                trashDays: trashDays ?? set.trashDays
            )
            guard !rule.isOff else {
                throw Failure(
                    "No retention rule is set: everything is kept. Set keep_days under [retention] "
                        + "in config.toml, or give --keep-days.",
                    .usage
                )
            }
            let now = Date()
            var report = RetentionReport()
            var plan: RetentionPlan
            do {
                let (_, index) = try storage.index()
                plan = RetentionPlan(rule, for: try await index.list(), now: now)
                await index.close()
                if !dryRun {
                    if !yes, let refusal = plan.refusal { throw Failure(refusal.userMessage) }
                    report = try await storage.library().carryOut(plan, rule, now: now)
                }
            } catch let error as SessionError { throw Failure(error) }
            let snapshots = try Settings.inForce().snapshotFolder
            for session in report.moved { snapshots?.remove(session: session.id) }
            try show(plan, report)
        }

        private func show(_ plan: RetentionPlan, _ report: RetentionReport) throws {
            let moves = dryRun ? plan.moves : report.moved
            if json {
                var value: JSONValue = [
                    dryRun ? "would_move" : "moved": .array(moves.map { .string($0.id) }),
                    "left": .array(report.left.map { .string($0.session.id) }),
                    "removed": .array(report.removed.map { .string($0) }),
                ]
                if let refusal = plan.refusal { value["refusal"] = .string(refusal.userMessage) }
                return try Console.write(value, .pretty)
            }
            for session in moves {
                try Console.write(
                    "\(session.id)  \(Timestamp.text(session.updated).prefix(10))  "
                        + "\(ModelsCommand.printable(session.title))\n"
                )
            }
            for left in report.left {
                Console.complain("Left: \(left.session.id), \(left.reason)")
            }
            if dryRun, let refusal = plan.refusal { Console.complain(refusal.userMessage) }
            Console.complain(
                dryRun
                    ? "Would move to the trash: \(moves.count)"
                    : "Moved to the trash: \(moves.count). Removed from it for good: "
                        + "\(report.removed.count)."
            )
        }
    }
}

extension Settings {
    /// What is to happen to old sessions; nothing unless somebody set it.
    var retention: RetentionRule {
        RetentionRule(
            keepDays: whole(.keepDays),
            keepMegabytes: whole(.keepMegabytes),
            trashDays: whole(.trashDays)
        )
    }
}
