/// The standard files that are part of the binary. Adding one: its file under Standards/, and its line here.
enum EmbeddedStandards {
    static let all: [(name: String, bytes: [UInt8])] = [
        ("gb3838-2002.yaml", PackageResources.gb3838_2002_yaml),
        ("gb18918-2002.yaml", PackageResources.gb18918_2002_yaml),
        ("db14-1928-2019.yaml", PackageResources.db14_1928_2019_yaml),
    ]
}
