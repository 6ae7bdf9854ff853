// Ciyao
