/// The engine's version, as manifests and `ciyao --version` state it.
public let engineVersion = "0.1.0"
