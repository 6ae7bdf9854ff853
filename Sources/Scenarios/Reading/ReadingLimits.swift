/// How much of anything is read. Past these there is an error in place of a machine that swaps; all lie far beyond what a region needs.
enum ReadingLimits {
    /// Bytes of a YAML file and of a table.
    static let yamlBytes = 10 << 20, tableBytes = 100 << 20
    /// How deep values of a YAML file nest, and how many there are.
    static let yamlDepth = 64, yamlValues = 200_000
    /// Cells of a table.
    static let cells = 5_000_000
    /// How many files extend one another in a row.
    static let extensions = 32
    static let nodes = 10_000
    /// States of the whole chain: every substance in every cell.
    static let states = 1_000_000
    /// Characters of a unit, and of a word that is compared with what could have been meant; words that it is compared with.
    static let unitCharacters = 64, wordCharacters = 64, words = 5000
    /// Characters of a message.
    static let messageCharacters = 2000
}
