print("ciyao")
