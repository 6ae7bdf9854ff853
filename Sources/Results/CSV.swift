/// RFC 4180 with LF, no comments, no byte-order mark; numbers as the shortest text that reads back equal.
public enum CSV {
    public static func cell(_ text: String) -> String {
        text.contains { $0 == "," || $0 == "\"" || $0 == "\n" } ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }

    public static func number(_ value: Double) -> String {
        // What has decayed to where digits are lost is nothing.
        if value.isSubnormal { return "0" }
        if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
        return value.isFinite ? "\(value)" : ""
    }

    public static func row(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\n" }
}
