import Media

extension MediaKind {
    func write(to writer: inout AnswerWriter) {
        switch self {
        case .picture: writer.write(0)
        case .sound: writer.write(1)
        case .video: writer.write(2)
        }
    }

    init(from reader: inout AnswerReader) throws(AnswerReader.Malformed) {
        switch try reader.number() {
        case 0: self = .picture
        case 1: self = .sound
        case 2: self = .video
        default: throw AnswerReader.Malformed()
        }
    }
}

extension DecodingFailure {
    func write(to writer: inout AnswerWriter) {
        switch self {
        case .unknownType: writer.write(1)
        case .undecodable(let codec):
            writer.write(2)
            writer.write(codec)
        case .pictureTooLarge(let width, let height):
            writer.write(3)
            writer.write(width)
            writer.write(height)
        case .fileTooLarge(let limit):
            writer.write(4)
            writer.write(limit)
        case .cutOff: writer.write(5)
        case .damaged: writer.write(6)
        case .shape(let width, let height):
            writer.write(7)
            writer.write(width)
            writer.write(height)
        case .wrongKind(let kind):
            writer.write(8)
            kind.write(to: &writer)
        case .noFrames: writer.write(9)
        case .noSound: writer.write(10)
        case .noMemory: writer.write(11)
        case .libraryMissing(let name):
            writer.write(12)
            writer.write(name)
        }
    }

    init(from reader: inout AnswerReader) throws(AnswerReader.Malformed) {
        switch try reader.number() {
        case 1: self = .unknownType
        case 2: self = .undecodable(try reader.name())
        case 3: self = .pictureTooLarge(width: try reader.number(), height: try reader.number())
        case 4: self = .fileTooLarge(try reader.number())
        case 5: self = .cutOff
        case 6: self = .damaged
        case 7: self = .shape(width: try reader.number(), height: try reader.number())
        case 8: self = .wrongKind(try MediaKind(from: &reader))
        case 9: self = .noFrames
        case 10: self = .noSound
        case 11: self = .noMemory
        case 12: self = .libraryMissing(try reader.name())
        default: throw AnswerReader.Malformed()
        }
    }
}

extension DecodingNote {
    func write(to writer: inout AnswerWriter) {
        switch self {
        case .soundCut(let seconds):
            writer.write(1)
            writer.write(seconds)
        case .framesSampled(let taken, let total):
            writer.write(2)
            writer.write(taken)
            writer.write(total)
        case .firstOfAnimation(let count):
            writer.write(3)
            writer.write(count)
        case .silentVideo: writer.write(4)
        case .soundtrackUndecodable(let codec):
            writer.write(5)
            writer.write(codec)
        case .partsDamaged: writer.write(6)
        case .endMissing: writer.write(7)
        }
    }

    init(from reader: inout AnswerReader) throws(AnswerReader.Malformed) {
        switch try reader.number() {
        case 1: self = .soundCut(seconds: try reader.amount())
        case 2: self = .framesSampled(taken: try reader.number(), total: try reader.number())
        case 3: self = .firstOfAnimation(count: try reader.number())
        case 4: self = .silentVideo
        case 5: self = .soundtrackUndecodable(try reader.name())
        case 6: self = .partsDamaged
        case 7: self = .endMissing
        default: throw AnswerReader.Malformed()
        }
    }
}
