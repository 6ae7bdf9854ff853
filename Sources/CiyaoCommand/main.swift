import ArgumentParser

CiyaoCommand.main()
