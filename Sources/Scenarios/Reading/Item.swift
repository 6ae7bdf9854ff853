/// A value of a scenario file before anything is made of it, with its place. Scalars stay text until a declaration says what they are.
struct Item: Sendable {
    indirect enum Value: Sendable {
        case null
        case scalar(String)
        case mapping([Pair])
        case sequence([Item])
    }
    struct Pair: Sendable {
        var key: String
        var position: Position
        var value: Item
    }

    /// The column of a table that a cell stands in; its unit, where it has one, was put behind the cell's number.
    struct Column: Sendable {
        var name: String
        var unit: String?
        var position: Position
    }

    var value: Value
    var position: Position
    var column: Column?

    init(_ value: Value, at position: Position) {
        self.value = value
        self.position = position
    }

    var text: String? {
        if case .scalar(let text) = value { return text }
        return nil
    }
    var pairs: [Pair]? {
        if case .mapping(let pairs) = value { return pairs }
        return nil
    }
    var items: [Item]? {
        if case .sequence(let items) = value { return items }
        return nil
    }
    var isNull: Bool {
        if case .null = value { return true }
        return false
    }

    subscript(key: String) -> Item? { pairs?.first { $0.key == key }?.value }

    /// What it is, for messages.
    var description: String {
        switch value {
        case .null: "nothing"
        case .scalar(let text): text.count > 60 ? "\"\(text.prefix(60))…\"" : "\"\(text)\""
        case .mapping: "a mapping"
        case .sequence: "a list"
        }
    }

    /// The place of the deepest key of a path that exists, and the path up to there.
    func position(of path: [String]) -> Position {
        var item = self, place = position
        for key in path {
            guard let pair = item.pairs?.first(where: { $0.key == key }) else { break }
            place = pair.position
            item = pair.value
        }
        return place
    }
}
