// WaterNetwork
