import Synchronization

/// A value that is made when it is first asked for, once, whichever thread asks.
final class Lazy<Value: Sendable>: Sendable {
    private enum Content: Sendable {
        case maker(@Sendable () -> Value)
        case made(Value)
    }

    private let content: Mutex<Content>

    init(_ maker: @escaping @Sendable () -> Value) { content = Mutex(.maker(maker)) }

    var value: Value {
        content.withLock { content in
            switch content {
            case .made(let value): return value
            case .maker(let maker):
                let value = maker()
                content = .made(value)
                return value
            }
        }
    }
}
