import Biokinetics
import Declarations
import WaterNetwork

/// The benchmark BSM1 in open loop with its constant influent (Alex et al. 2018), built in code.
enum BSM1Chain {
    static let influent: [String: Double] = [
        "S_I": 30, "S_S": 69.5, "X_I": 51.2, "X_S": 202.32, "X_BH": 28.17, "S_NH": 31.56, "S_ND": 6.95, "X_ND": 10.59, "S_ALK": 7,
    ]

    static func chain(flow: Series = Series(constant: 18446), settler: [String: String] = ["composition": "memoryless", "flux-rule": "published"]) -> Chain {
        let volumes = [1000.0, 1000, 1333, 1333, 1333], kla = [0.0, 0, 240, 240, 84]
        var inputs = influent.mapValues { Series(constant: $0) }
        inputs["flow"] = flow
        var nodes = [Node(name: "influent", kind: "influent", inputs: inputs, outlets: [Outlet("out", to: .node("tank-1"))])]
        for tank in 1...5 {
            nodes.append(
                Node(
                    name: "tank-\(tank)", kind: "reactor",
                    quantities: ["volume": volumes[tank - 1], "kla": kla[tank - 1], "oxygen-saturation": 8, "temperature": 15],
                    options: ["temperature-mode": "fixed"], outlets: [Outlet("out", to: .node(tank < 5 ? "tank-\(tank + 1)" : "recycle"))]))
        }
        nodes.append(
            Node(name: "recycle", kind: "splitter", quantities: ["flow": 55338],
                 outlets: [Outlet("internal", to: .node("tank-1")), Outlet("forward", to: .node("settler"))]))
        nodes.append(
            Node(name: "settler", kind: "settler", quantities: ["area": 1500, "underflow": 18831], options: settler,
                 outlets: [Outlet("effluent", to: .outside), Outlet("underflow", to: .node("wasting"))]))
        nodes.append(
            Node(name: "wasting", kind: "splitter", quantities: ["flow": 385],
                 outlets: [Outlet("waste", to: .outside), Outlet("return", to: .node("tank-1"))]))
        let sections = [
            Section(name: "effluent", node: "settler", outlet: "effluent", record: .all),
            Section(name: "underflow", node: "settler", outlet: "underflow", record: .all),
        ]
        return Chain(componentSet: ASM1.componentSet, nodes: nodes, sections: sections)
    }

    /// Published steady state, tanks 1 to 5, in the order of the components; equal to the task group's MATLAB/Simulink values.
    static let tanks: [[Double]] = [
        [30, 2.808213117, 1149.125201, 82.13490787, 2551.765765, 148.3894295, 448.8518756, 0.004298443334, 5.369940104, 7.917884423, 1.216640469, 5.284889399, 4.927710309],
        [30, 1.458793991, 1149.125201, 76.38618684, 2553.385092, 148.3091411, 449.5227471, 6.313191115e-05, 3.661967287, 8.344414745, 0.8820647658, 5.029087339, 5.080174818],
        [30, 1.149541818, 1149.125201, 64.85492208, 2557.131431, 148.9412593, 450.4183549, 1.718377798, 6.540882082, 5.547945064, 0.8288868204, 4.392427698, 4.674790213],
        [30, 0.9953238893, 1149.125201, 55.69398175, 2559.18263, 149.527123, 451.314708, 2.428883774, 9.298998879, 2.967385307, 0.7667865615, 3.879010152, 4.293456173],
        [30, 0.8894927998, 1149.125201, 49.30558617, 2559.343657, 149.7971424, 452.2111326, 0.4909435164, 10.41522012, 1.733331465, 0.6882800048, 3.527175471, 4.125579381],
    ]
    /// Suspended solids of the settler's layers from the top.
    static let layers = [12.4969499, 18.11321326, 29.54022738, 68.97805067, 356.0747062, 356.0747062, 356.0747062, 356.0747062, 356.0747062, 6393.984421]
}
