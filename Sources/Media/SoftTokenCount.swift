/// How many soft tokens media take.
package enum SoftTokenCount {
    /// Pixels of a soft token's side: three patches of 16.
    package static let side = 48
    /// Samples between the beginnings of two frames.
    private static let hop = 160

    /// Of a resized picture: `(width / 48) * (height / 48)`.
    package static func picture(_ picture: Picture) -> Int {
        (picture.width / side) * (picture.height / side)
    }

    /// Log-mel frames of so many samples: those whose window is real.
    package static func melFrames(samples: Int) -> Int {
        samples > hop ? (samples - hop - 1) / hop + 1 : 0
    }

    /// Of so many samples of sound, for the models with an audio tower: one for each 40 ms.
    package static func sound(samples: Int) -> Int { (melFrames(samples: samples) + 3) / 4 }
}
