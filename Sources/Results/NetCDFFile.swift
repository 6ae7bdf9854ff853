import CNetCDF
import Glibc
import Synchronization

/// A netCDF-4 file that is being written, over netCDF-C. What the library reports becomes a `RunFolder.Failure` that names file and variable.
///
/// The library is not made for several threads, not even with a file for each: every call holds one lock.
final class NetCDFFile {
    typealias Dimension = Int32
    typealias Variable = Int32

    enum Kind {
        case byte, int, float, double, text
        fileprivate var code: nc_type {
            switch self {
            case .byte: nc_type(NC_BYTE)
            case .int: nc_type(NC_INT)
            case .float: nc_type(NC_FLOAT)
            case .double: nc_type(NC_DOUBLE)
            case .text: nc_type(NC_STRING)
            }
        }
    }

    /// What stands where there is no value: the library's own fill value of float32.
    static let missing = Float(9.969209968386869e36)

    private static let library = Mutex(prepared())

    /// HDF5 below netCDF cleans up as the program ends, which crashes (1.10.8) where a file could not be written to its end; every file is
    /// closed here, so that nothing needs cleaning. Has to be asked for before the first call.
    private static func prepared() {
        typealias Refuse = @convention(c) () -> Int32
        if let symbol = dlsym(nil, "H5dont_atexit") { _ = unsafeBitCast(symbol, to: Refuse.self)() }
    }

    let path: String
    private var file: Int32 = -1
    private var isOpen = false

    init(creating path: String) throws(RunFolder.Failure) {
        self.path = path
        try call("creating it") { nc_create(path, NC_CLOBBER | NC_NETCDF4, &file) }
        isOpen = true
    }

    deinit { try? close() }

    /// A dimension of a fixed length, or one that grows.
    func dimension(_ name: String, _ length: Int?) throws(RunFolder.Failure) -> Dimension {
        var dimension: Dimension = -1
        try call("dimension \(name)") { nc_def_dim(file, name, length ?? NC_UNLIMITED, &dimension) }
        return dimension
    }

    /// A variable with its attributes.
    ///
    /// - Parameter chunk: the shape that is compressed and read as a whole; without it the variable is stored as it is.
    func variable(
        _ name: String, _ kind: Kind, _ dimensions: [Dimension], chunk: [Int]? = nil, _ attributes: KeyValuePairs<String, String> = [:]
    ) throws(RunFolder.Failure) -> Variable {
        var variable: Variable = -1
        let what = "variable \(name)"
        try call(what) { nc_def_var(file, name, kind.code, Int32(dimensions.count), dimensions, &variable) }
        if let chunk {
            try call(what) { nc_def_var_chunking(file, variable, NC_CHUNKED, chunk) }
            try call(what) { nc_def_var_deflate(file, variable, 1, 1, 4) }
            // Blocks are written whole, so that a cache would only hold memory.
            try call(what) { nc_set_var_chunk_cache(file, variable, 1 << 20, 1009, 1) }
        }
        if kind == .float {
            var fill = Self.missing
            try call(what) { nc_def_var_fill(file, variable, NC_FILL, &fill) }
        }
        for (key, value) in attributes where !value.isEmpty { try attribute(key, value, of: variable) }
        return variable
    }

    func attribute(_ name: String, _ text: String, of variable: Variable = NC_GLOBAL) throws(RunFolder.Failure) {
        try call("attribute \(name)") { nc_put_att_text(file, variable, name, text.utf8.count, text) }
    }

    func endDefinitions() throws(RunFolder.Failure) { try call("ending definitions") { nc_enddef(file) } }

    func put(_ values: [Float], _ variable: Variable, start: [Int], count: [Int]) throws(RunFolder.Failure) {
        try call("writing") { nc_put_vara_float(file, variable, start, count, values) }
    }

    func put(_ values: [Double], _ variable: Variable, start: [Int], count: [Int]) throws(RunFolder.Failure) {
        try call("writing") { nc_put_vara_double(file, variable, start, count, values) }
    }

    func put(_ texts: [String], _ variable: Variable) throws(RunFolder.Failure) {
        for (index, text) in texts.enumerated() {
            try call("writing") {
                text.withCString { pointer in
                    var pointer: UnsafePointer<CChar>? = pointer
                    return nc_put_var1_string(file, variable, [index], &pointer)
                }
            }
        }
    }

    func close() throws(RunFolder.Failure) {
        guard isOpen else { return }
        isOpen = false
        try call("closing it") { nc_close(file) }
    }

    private func call(_ what: String, _ body: () -> Int32) throws(RunFolder.Failure) {
        let status = Self.library.withLock { _ in body() }
        guard status != NC_NOERR else { return }
        // The library tells a full disk as an error of HDF5's, or as a permission that is denied.
        throw .notWritable("\(path): cannot be written (\(what)): \(isFull ? "the disk is full" : String(cString: nc_strerror(status)))\(status == NC_EHDFERR && !isFull ? "; is the disk full?" : "")")
    }

    /// Whether no more than a page or two is left where the file stands.
    private var isFull: Bool {
        var space = statvfs()
        let slash = path.lastIndex(of: "/")
        guard statvfs(slash.map { String(path[...$0]) } ?? ".", &space) == 0 else { return false }
        return UInt64(space.f_bavail) * UInt64(space.f_frsize) < 16384
    }
}
