import WaterNetwork

/// Nodes that several cases build.
enum WaterNode {
    static func pond(_ quantities: [String: Double], cells: Int, to target: Outlet.Target = .outside) -> Node {
        Node(name: "pond", kind: "pond", quantities: quantities, options: ["cells": "\(cells)"], outlets: [Outlet("out", to: target)])
    }
}
