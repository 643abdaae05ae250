import Glibc

/// The machine's default microphone, by ALSA.
///
/// The library is looked for when somebody records, so that facet starts on machines without it.
package struct Microphone: SoundSource {
    private static let library = "libasound.so.2"

    package init() {}

    package func open() throws(RecordingError) -> any SoundStream {
        guard let alsa = ALSA(Self.library) else { throw .noLibrary(name: Self.library) }
        return try MicrophoneStream(alsa)
    }
}

/// The functions of the library that are used, by their signatures in `alsa/pcm.h`.
@safe
private final class ALSA {
    typealias Open =
        @convention(c) (
            UnsafeMutablePointer<OpaquePointer?>, UnsafePointer<CChar>, CInt, CInt
        ) -> CInt
    typealias SetParameters =
        @convention(c) (
            OpaquePointer, CInt, CInt, CUnsignedInt, CUnsignedInt, CInt, CUnsignedInt
        ) -> CInt
    typealias Read =
        @convention(c) (OpaquePointer, UnsafeMutableRawPointer, CUnsignedLong) -> CLong
    typealias Recover = @convention(c) (OpaquePointer, CInt, CInt) -> CInt
    typealias Close = @convention(c) (OpaquePointer) -> CInt
    typealias Words = @convention(c) (CInt) -> UnsafePointer<CChar>?
    typealias Handler = @convention(c) (UnsafeRawPointer?) -> CInt

    let open: Open
    let setParameters: SetParameters
    let read: Read
    let recover: Recover
    let close: Close
    private let words: Words

    /// Nil when the library or one of the functions is not there.
    init?(_ name: String) {
        // Never closed: a library that was used may have left threads behind.
        guard let handle = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL) else { return nil }
        func function<Function>(_ name: String, _ type: Function.Type) -> Function? {
            unsafe dlsym(handle, name).map { unsafe unsafeBitCast($0, to: type) }
        }
        guard let open = unsafe function("snd_pcm_open", Open.self),
            let setParameters = unsafe function("snd_pcm_set_params", SetParameters.self),
            let read = unsafe function("snd_pcm_readi", Read.self),
            let recover = unsafe function("snd_pcm_recover", Recover.self),
            let close = unsafe function("snd_pcm_close", Close.self),
            let words = unsafe function("snd_strerror", Words.self)
        else { return nil }
        unsafe (self.open, self.setParameters, self.read) = unsafe (open, setParameters, read)
        unsafe (self.recover, self.close, self.words) = unsafe (recover, close, words)
        // The library would write its complaints into the screen; a function that does nothing
        // takes them.
        let silence: @convention(c) () -> Void = {}
        if let handler = unsafe function("snd_lib_error_set_handler", Handler.self) {
            _ = unsafe handler(unsafeBitCast(silence, to: UnsafeRawPointer.self))
        }
    }

    func reason(_ code: CInt) -> String {
        unsafe words(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}

/// An open device.
@safe
private final class MicrophoneStream: SoundStream {
    private let alsa: ALSA
    private var device: OpaquePointer?

    init(_ alsa: ALSA) throws(RecordingError) {
        self.alsa = alsa
        var device: OpaquePointer?
        // 1: capture.
        let opened = unsafe alsa.open(&device, "default", 1, 0)
        guard opened >= 0, let device = unsafe device else {
            throw .noDevice(reason: alsa.reason(opened))
        }
        // 2: 16 bits, low byte first. 3: interleaved. The library may convert what the device gives.
        let set = unsafe alsa.setParameters(
            device,
            2,
            3,
            1,
            CUnsignedInt(Recorder.sampleRate),
            1,
            200_000
        )
        guard set >= 0 else {
            _ = unsafe alsa.close(device)
            throw .noDevice(reason: alsa.reason(set))
        }
        unsafe self.device = unsafe device
    }

    deinit { close() }

    func read(_ count: Int) throws(RecordingError) -> [Int16] {
        guard let device = unsafe device, count > 0 else { return [] }
        var failures = 0
        while true {
            var got = 0
            let samples = unsafe [Int16](unsafeUninitializedCapacity: count) { buffer, filled in
                guard let start = buffer.baseAddress else { return }
                got = unsafe alsa.read(
                    device,
                    UnsafeMutableRawPointer(start),
                    CUnsignedLong(count)
                )
                filled = min(max(0, got), count)
            }
            if got > 0 { return samples }
            failures += 1
            // An overrun and a suspended machine are recovered from; a device that is gone is not.
            let recovered = unsafe alsa.recover(device, CInt(clamping: got), 1)
            guard got < 0, recovered >= 0, failures < 8 else {
                throw .interrupted(reason: alsa.reason(CInt(clamping: got)))
            }
        }
    }

    func close() {
        if let device = unsafe device { _ = unsafe alsa.close(device) }
        unsafe device = nil
    }
}
