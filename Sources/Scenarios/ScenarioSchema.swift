import Biokinetics
import Declarations
import Foundation
import UnitModels
import WaterNetwork

/// The JSON Schema of scenario files, made from the same declarations that read them.
public enum ScenarioSchema {
    public static var json: String {
        let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? JSONSerialization.data(withJSONObject: document, options: options) else { return "{}\n" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    typealias Object = [String: Any]

    static var document: Object {
        let text: Object = ["type": "string"]
        let observed: Object = ["anyOf": [text, ["type": "object", "required": ["file"], "properties": described(["file": text, "sample": ["enum": ["total", "settled"]] as Object], ScenarioKeys.observed), "additionalProperties": false] as Object]]
        return [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Ciyao scenario", "type": "object", "required": ["ciyao"],
            "additionalProperties": false,
            "properties": described([
                "ciyao": ["const": 1] as Object, "title": text, "title-zh": text, "note": text,
                "extends": ["anyOf": [text, ["type": "array", "items": text] as Object]] as Object,
                "time": [
                    "type": "object", "additionalProperties": false,
                    "properties": described([
                        "start": text, "end": text, "report": text, "spin-up": text, "checkpoint": text,
                        "evaluate": ["type": "object", "properties": described(["from": text, "to": text], ScenarioKeys.evaluate), "additionalProperties": false] as Object,
                    ], ScenarioKeys.time),
                ] as Object,
                "components": ["enum": BiokineticCatalog.componentSets.map(\.name)] as Object,
                "initial": ["anyOf": [["const": "cold"] as Object, ["type": "object", "properties": ["steady-state": text, "checkpoint": text] as Object, "maxProperties": 1, "additionalProperties": false] as Object]] as Object,
                "tolerance": ["type": "number", "minimum": 1e-10, "maximum": 1e-2] as Object, "weather": ["type": "object"] as Object,
                "tables": ["type": "object", "additionalProperties": ["type": "object", "required": ["file"], "properties": described(["file": text, "type": text, "evidence": evidence, "source": text, "note": text], ScenarioKeys.table)] as Object] as Object,
                "nodes": ["type": "object", "additionalProperties": ["anyOf": declarations.map { node($0) } + [["type": "object", "not": ["required": ["type"]] as Object] as Object, ["type": "null"] as Object]] as Object] as Object,
                "sections": ["type": "object", "additionalProperties": ["type": ["object", "null"], "properties": described(["at": text, "standard": text, "title": text, "title-zh": text, "record": record, "observed": observed, "note": text], ScenarioKeys.section), "additionalProperties": false] as Object] as Object,
                "measures": ["type": "object", "additionalProperties": ["type": ["object", "null"], "properties": described(["from": text, "until": text, "active": ["enum": [true, false, "on", "off"] as [Any]] as Object, "cost": quantity, "life": quantity, "upkeep": quantity, "set": ["type": "object"] as Object, "title": text, "title-zh": text, "evidence": evidence, "source": text, "note": text], ScenarioKeys.measure), "additionalProperties": false] as Object] as Object,
                "prices": ["type": "object", "properties": prices, "additionalProperties": false] as Object,
                "emission-factors": ["anyOf": [["const": "default"] as Object, emissionFactors] as [Any]] as Object,
                "removal": ["type": "object", "additionalProperties": ["anyOf": [["type": "string"] as Object, removal] as [Any]] as Object] as Object,
                "standards": ["anyOf": [text, ["type": "array", "items": text] as Object]] as Object,
            ], ScenarioKeys.top),
        ]
    }

    /// The properties with what their keys mean.
    private static func described(_ properties: Object, _ keys: [KeyDeclaration]) -> Object {
        var result = properties
        for key in keys {
            guard var property = result[key.key] as? Object else { continue }
            property["description"] = key.meaning
            result[key.key] = property
        }
        return result
    }

    static var declarations: [UnitDeclaration] {
        var seen: Set<String> = []
        return (UnitCatalog.entries.map(\.declaration) + CompositeCatalog.entries.map { $0.declaration }).filter { seen.insert($0.kind).inserted }
    }

    private static var prices: Object {
        let plain: Object = ["evidence": evidence, "source": ["type": "string"] as Object, "note": ["type": "string"] as Object]
        func stated(_ keys: [KeyDeclaration]) -> Object {
            var result = plain
            for key in keys where result[key.key] == nil { result[key.key] = quantity }
            return result
        }
        var properties = stated(ScenarioKeys.prices)
        properties["chemicals"] = ["type": "object", "properties": described(stated(ScenarioKeys.chemicals), ScenarioKeys.chemicals), "additionalProperties": false] as Object
        return described(properties, ScenarioKeys.prices)
    }

    private static var emissionFactors: Object {
        let plain: Object = ["evidence": evidence, "source": ["type": "string"] as Object, "note": ["type": "string"] as Object]
        var properties = plain, chemicals = plain
        for declaration in EmissionFactors.declarations { properties[declaration.parameter.key] = quantity }
        for chemical in PriceList.chemicalNames { chemicals[chemical.name] = quantity }
        properties["chemicals"] = ["type": "object", "properties": described(chemicals, ScenarioKeys.chemicalFactors), "additionalProperties": false] as Object
        return ["type": "object", "properties": described(properties, ScenarioKeys.emissionFactors), "additionalProperties": false]
    }

    /// By substance what a source could keep back; beside the substances stand words on where the numbers come from.
    private static var removal: Object {
        let plain: Object = ["evidence": evidence, "source": ["type": "string"] as Object, "note": ["type": "string"] as Object]
        let terms: Object = ["type": "object", "properties": described(plain.merging(["least": quantity, "cost": quantity]) { $1 }, ScenarioKeys.removal), "additionalProperties": false]
        return ["type": "object", "properties": described(plain, ScenarioKeys.removal), "additionalProperties": terms]
    }

    private static var evidence: Object { ["enum": Evidence.allCases.map(\.rawValue)] }
    private static var record: Object { ["enum": [true, false, "all"] as [Any]] }
    private static var quantity: Object { ["type": ["string", "number", "object", "null"]] }

    private static func node(_ declaration: UnitDeclaration) -> Object {
        var properties: Object = [
            "type": ["const": declaration.kind, "description": declaration.summary] as Object, "title": ["type": "string"] as Object, "title-zh": ["type": "string"] as Object,
            "evidence": evidence, "source": ["type": "string"] as Object, "note": ["type": "string"] as Object, "record": record, "to": ["type": "string"] as Object,
            "outlets": ["type": "object"] as Object,
        ]
        if declaration.carriesQuality {
            properties["quality"] = ["type": "object"] as Object
            properties["fractions"] = ["type": "string"] as Object
        }
        if !declaration.hasInlet, !declaration.outlets.isEmpty {
            properties["water"] = ["enum": WaterFamily.allCases.map(\.rawValue)] as Object
            properties["sector"] = ["type": "string"] as Object
            properties["removal"] = removal
        }
        let type = properties["type"]
        properties = described(properties, ScenarioKeys.node)
        properties["type"] = type
        func describe(_ parameter: Parameter) -> Object {
            var words = "\(parameter.meaning) [\(parameter.kind.unit)]"
            if let value = parameter.defaultValue, !value.isNaN { words += ", default \(value)" }
            var object = quantity
            object["description"] = words
            return object
        }
        for parameter in declaration.parameters { properties[parameter.key] = describe(parameter) }
        for input in declaration.inputs { properties[input.key] = describe(input.parameter) }
        for option in declaration.options {
            var object: Object = ["description": option.meaning]
            switch option.form {
            case .choice(let words): object["enum"] = words
            case .count(let range): object["type"] = "integer"; object["minimum"] = range.lowerBound; object["maximum"] = range.upperBound
            case .flag: object["type"] = "boolean"
            case .node, .sensor, .text: object["type"] = "string"
            }
            properties[option.key] = object
        }
        return ["type": "object", "required": ["type"], "properties": properties, "additionalProperties": false]
    }
}
