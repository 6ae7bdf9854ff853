// UnitModels
