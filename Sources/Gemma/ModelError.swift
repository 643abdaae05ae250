package import GGUF

/// Why a readable GGUF file is not a model this engine can run.
package enum ModelError: Error, Sendable, Hashable {
    case file(GGUFError)
    case unsupportedArchitecture(path: String, name: String)
    /// One of several files that hold a model together.
    case partOfModel(path: String, number: Int, count: Int)
    case missingKey(path: String, key: String)
    case badValue(path: String, key: String, reason: String)
    case missingTensor(path: String, name: String)
    case wrongShape(path: String, name: String, found: [Int], expected: [Int])
    /// Encoders of another family, by the name that the file gives them.
    case unsupportedEncoder(path: String, name: String)
    /// Encoders whose soft tokens are as wide as another model's.
    case encoderOfAnotherModel(path: String, found: Int, expected: Int)

    package var userMessage: String {
        switch self {
        case .file(let error): error.userMessage
        case .unsupportedArchitecture(let path, let name):
            "Can't run \(path): its architecture is \(name), and Facet runs gemma4 and gemma3. "
                + "Choose a Gemma model."
        case .partOfModel(let path, let number, let count):
            "Can't run \(path): it is part \(number) of \(count), and Facet reads models of one file. "
                + "Join the parts with llama-gguf-split --merge."
        case .missingKey(let path, let key):
            "Can't run \(path): it lacks the metadata key \(key). Download a newer conversion."
        case .badValue(let path, let key, let reason):
            "Can't run \(path): its value of \(key) \(reason). Download it again."
        case .missingTensor(let path, let name):
            "Can't run \(path): it lacks the tensor \(name). "
                + "A vocabulary-only file holds no weights; otherwise download it again."
        case .wrongShape(let path, let name, let found, let expected):
            "Can't run \(path): its tensor \(name) has the shape \(found) where \(expected) is "
                + "needed. Download it again."
        case .unsupportedEncoder(let path, let name):
            "Can't use \(path): its encoder is of the kind \(name), and Facet runs gemma4v, "
                + "gemma4uv, gemma4a and gemma4ua. Choose the mmproj file of a Gemma 4 model."
        case .encoderOfAnotherModel(let path, let found, let expected):
            "Can't use \(path) with this model: its soft tokens are \(found) numbers wide"
                + "\(Self.owner(found)), and the model's are \(expected)\(Self.owner(expected)). "
                + "Choose the mmproj file that was published with the model."
        }
    }

    /// Which Gemma 4 has embeddings of this width, as an addition to a sentence.
    private static func owner(_ width: Int) -> String {
        let owners = [1536: "E2B", 2560: "E4B", 3840: "12B", 2816: "26B-A4B", 5376: "31B"]
        return owners[width].map { " like those of Gemma 4 \($0)" } ?? ""
    }
}
