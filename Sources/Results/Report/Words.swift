/// The same thing said in English and in Chinese.
struct Words: Encodable, Sendable, Equatable {
    var en: String
    var zh: String

    init(_ en: String, _ zh: String) { (self.en, self.zh) = (en, zh) }
    init(_ both: String) { (en, zh) = (both, both) }
}

/// The trade's words in both languages, for what files call by one name.
enum Glossary {
    /// A type of node.
    static func kind(_ kind: String) -> Words { kinds[kind].map { Words($0.en, $0.zh) } ?? Words(kind) }

    /// A type of node in English, of so many.
    static func plural(_ type: String, _ count: Int) -> String {
        let word = kind(type).en
        return count == 1 || word.hasSuffix("s") ? word : word + "s"
    }

    /// Where substances go to, or come from, other than with water.
    static func sink(_ sink: String) -> Words { sinks[sink].map { Words(sink, $0) } ?? Words(sink) }

    /// A family of water.
    static func water(_ family: String) -> Words { waters[family].map { Words($0.en, $0.zh) } ?? Words(family) }

    /// What no source brings.
    static func origin(_ name: String) -> Words { origins[name].map { Words(name, $0) } ?? fate(name) }

    /// Where matter ends.
    static func fate(_ name: String) -> Words { fates[name].map { Words($0.en, $0.zh) } ?? sink(name) }

    /// Of what labels follow.
    static func substance(_ name: String) -> Words {
        ["N": Words("nitrogen", "氮"), "P": Words("phosphorus", "磷"), "COD": Words("organic COD", "有机物(COD)")][name] ?? Words(name)
    }

    static func evidence(_ name: String) -> Words { evidences[name].map { Words(name, $0) } ?? Words(name) }

    /// A class of water: `V`, `worse than V`.
    static func grade(_ name: String) -> Words {
        name.hasPrefix("worse than ") ? Words(name, "劣\(name.dropFirst("worse than ".count)) 类") : Words("class \(name)", "\(name) 类")
    }

    /// What compliance.csv calls the basis, e.g. `monthly-mean, settled, target`.
    static func basis(_ basis: String) -> Words {
        Words(basis, basis.split(separator: ", ").map { bases[String($0)] ?? String($0) }.joined(separator: ","))
    }

    private static let bases = ["monthly-mean": "月均值", "daily-composite": "日混合样", "settled": "沉降 30 min 水样", "total": "原样", "target": "目标值"]

    private static let kinds: [String: (en: String, zh: String)] = [
        "a2o": ("A2O plant", "A2O 污水处理厂"), "activated-carbon": ("activated carbon", "活性炭"), "biofilm-reactor": ("biofilm reactor", "生物膜池"),
        "catchment": ("catchment", "汇水区"), "chemical-dosing": ("dosing", "加药"), "denitrification-filter": ("denitrifying filter", "反硝化滤池"),
        "dewatering": ("dewatering", "污泥脱水"), "disinfection": ("disinfection", "消毒"), "enterprise": ("enterprise", "企业"), "headwater": ("headwater", "河源"),
        "heater": ("heat exchange", "换热"), "high-rate-clarifier": ("high-rate clarifier", "高效沉淀池"), "impoundment": ("impoundment", "水库/蓄水"),
        "influent": ("influent", "进水"), "interceptor": ("interceptor", "截流管"), "junction": ("junction", "汇流点"), "livestock": ("livestock farm", "养殖场"),
        "outfall": ("outfall", "排污口"), "oxidation-ditch": ("oxidation ditch", "氧化沟"), "ozone-contactor": ("ozone contactor", "臭氧接触池"),
        "pond": ("pond", "氧化塘"), "primary-clarifier": ("primary clarifier", "初沉池"), "reach": ("river reach", "河段"), "reactor": ("reactor", "反应池"),
        "settlement": ("settlement", "村镇"), "settler": ("settler", "二沉池"), "splitter": ("splitter", "分水"), "tank": ("tank", "调蓄池/管网"),
        "thickener": ("thickener", "污泥浓缩"), "wasting": ("wasting", "排泥"), "withdrawal": ("withdrawal", "取水"), "works": ("works", "工业企业"),
        "weather": ("weather", "气象"), "prices": ("prices", "价格"), "measures": ("measures", "工程措施"),
    ]

    private static let sinks = [
        "air": "大气", "oxidation": "氧化", "N2": "氮气", "sediment": "底泥", "sludge": "污泥", "rain": "降雨", "chemicals": "药剂", "oxygen supplied": "供氧", "oxygen released": "析氧",
        "wastewater made": "产生废水", "washing water": "冲洗水", "wash-off": "冲刷", "spilled": "泄漏", "spent carbon": "废炭", "snow and losses": "积雪与损失",
        "rain on the yard": "厂区降雨", "not tracked": "未追踪", "methane": "甲烷", "lateral inflow": "侧向入流", "irrigation": "灌溉", "fields": "还田",
        "excreted": "排泄", "dredged": "清淤", "deposition": "沉降", "evaporation": "蒸发", "seepage": "渗漏", "ice": "冰", "built": "新建容积", "harvested": "收割",
        "hauled": "外运", "reuse": "回用", "ground": "地下", "air in": "大气输入", "air out": "逸入大气", "sediment oxygen demand": "底泥耗氧", "benthic release": "底泥释放", "sediment carbon": "底泥碳", "sorbed phosphate": "吸附磷", "made": "内部生成", "not collected": "未收集", "septic sludge": "化粪池污泥", "hauled to fields": "还田外运", "decayed in pits": "粪坑分解", "other ions": "其他离子", "precipitate": "沉淀物",
    ]

    private static let waters: [String: (en: String, zh: String)] = [
        "industrial": ("industrial wastewater", "工业废水"), "urban-sewage": ("urban sewage", "城镇生活污水"), "rural-sewage": ("rural sewage", "农村生活污水"),
        "livestock": ("livestock wastewater", "畜禽养殖废水"), "black-odorous": ("black-odorous water", "黑臭水体"), "river-sewage": ("river sewage", "入河排污"), "runoff": ("runoff", "降雨径流"),
        "background": ("the rivers' own", "河道本底"), "other": ("other", "其他"),
    ]

    private static let origins = ["initial contents": "初始存量", "bed release": "底泥释放", "dosing": "投加药剂", "in-situ production": "内部生成"]

    private static let fates: [String: (en: String, zh: String)] = [
        "section": ("past the section", "通过断面"), "below the section": ("joins below the section", "断面以下汇入"), "held": ("still held", "期末留存"), "held in beds": ("held in beds", "底泥留存"),
        "rebuilt": ("changed sizes", "容积变化"), "steps": ("left open by steps", "步长余差"), "N2": ("to nitrogen gas", "转为氮气"), "oxidised by O2": ("oxidised by oxygen", "被氧气氧化"),
        "oxidised by NO3": ("oxidised by nitrate", "被硝酸盐氧化"),
    ]

    private static let evidences = [
        "measured": "实测", "permit": "许可", "design": "设计", "literature": "文献", "assumed": "假定", "default": "缺省", "not stated": "未说明",
    ]
}
