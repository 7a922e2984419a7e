import ArgumentParser

struct Record: ParsableCommand { func run() throws {} }
