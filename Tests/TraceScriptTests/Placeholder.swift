import Testing
import TraceScript
