/// Why a model file cannot be used.
package enum GGUFError: Error, Sendable, Hashable {
    case unreadable(path: String, reason: String)
    case notGGUF(path: String)
    case unsupportedVersion(path: String, version: UInt32)
    case truncated(path: String, size: Int, needed: Int, what: String)
    case malformed(path: String, offset: Int, reason: String)
    case unsupportedType(path: String, tensor: String, type: UInt32)

    package var userMessage: String {
        switch self {
        case .unreadable(let path, let reason):
            "Can't open \(path): \(reason). Check the path, or list models with: facet models list"
        case .notGGUF(let path):
            "Can't open \(path): it is not a GGUF file. Facet reads GGUF models; "
                + "convert it, or choose another file."
        case .unsupportedVersion(let path, let version):
            "Can't open \(path): it is GGUF version \(version), and Facet reads versions 2 and 3. "
                + "Download a newer conversion."
        case .truncated(let path, let size, let needed, let what):
            "Can't open \(path): the file ends at byte \(size) but \(what) needs \(needed). "
                + "Download it again."
        case .malformed(let path, let offset, let reason):
            "Can't open \(path): \(reason) (near byte \(offset)). Download it again."
        case .unsupportedType(let path, let tensor, let type):
            "Can't open \(path): tensor \(tensor) has block type \(type), which Facet does not "
                + "know. Choose another quantisation, such as Q4_0 or Q4_K_M."
        }
    }
}
