import Testing
import TraceReport
