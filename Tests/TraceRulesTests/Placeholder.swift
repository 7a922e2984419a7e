import Testing
import TraceRules
