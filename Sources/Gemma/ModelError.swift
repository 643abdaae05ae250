package import GGUF

/// Why a readable GGUF file is not a model this engine can run.
package enum ModelError: Error, Sendable, Hashable {
    case file(GGUFError)
    case unsupportedArchitecture(path: String, name: String)
    case missingKey(path: String, key: String)
    case badValue(path: String, key: String, reason: String)
    case missingTensor(path: String, name: String)
    case wrongShape(path: String, name: String, found: [Int], expected: [Int])

    package var userMessage: String {
        switch self {
        case .file(let error): error.userMessage
        case .unsupportedArchitecture(let path, let name):
            "Can't run \(path): its architecture is \(name), and Facet runs gemma4 and gemma3. "
                + "Choose a Gemma model."
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
        }
    }
}
