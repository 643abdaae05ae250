import Foundation
import Synchronization

/// Records from a source until it is told to stop, or until a model would hear no more.
///
/// Runs on a thread of its own: reading a device blocks.
package final class Recorder: Sendable {
    /// Samples a second.
    package static let sampleRate = 16_000
    /// What a model hears of a clip, in seconds.
    package static let longest = 30
    /// Ten levels a second.
    private static let piece = sampleRate / 10

    /// What is told while it records.
    package enum Event: Sendable, Hashable {
        /// So much is recorded; the level is the loudest sample of the last piece, 0 to 1.
        case level(seconds: Double, level: Float)
        /// It is over; the samples are all there is.
        case ended([Int16], reachedLimit: Bool)
        case failed(RecordingError)
    }

    private let isStopped = Atomic<Bool>(false)

    package init() {}

    /// Begins to record.
    ///
    /// - Parameters:
    ///   - source: what is listened to.
    ///   - report: called on the recorder's thread; the last event is `.ended` or `.failed`.
    package func start(_ source: any SoundSource, _ report: @escaping @Sendable (Event) -> Void) {
        Thread.detachNewThread { [self] in report(run(source, report)) }
    }

    /// Ends the recording; `.ended` follows.
    package func stop() { isStopped.store(true, ordering: .relaxed) }

    /// Records on this thread.
    /// - Returns: how it ended.
    package func run(_ source: any SoundSource, _ report: (Event) -> Void) -> Event {
        var samples: [Int16] = []
        let most = Self.longest * Self.sampleRate
        do throws(RecordingError) {
            let stream = try source.open()
            defer { stream.close() }
            while !isStopped.load(ordering: .relaxed), samples.count < most {
                let new = try stream.read(min(Self.piece, most - samples.count))
                if new.isEmpty { break }
                samples += new.prefix(most - samples.count)
                report(
                    .level(
                        seconds: Double(samples.count) / Double(Self.sampleRate),
                        level: Self.level(of: new)
                    )
                )
            }
            return .ended(samples, reachedLimit: samples.count >= most)
        } catch {
            // What was said until then is not thrown away.
            return samples.isEmpty ? .failed(error) : .ended(samples, reachedLimit: false)
        }
    }

    /// The loudest of some samples, from 0 to 1.
    private static func level(of samples: [Int16]) -> Float {
        Float(samples.map(\.magnitude).max() ?? 0) / 32_768
    }
}
