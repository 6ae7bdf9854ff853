/// Ways to split measured composites into the components of "asm2d".
enum ASM2dFractionations {
    static let all: [Fractionation] = []
}
