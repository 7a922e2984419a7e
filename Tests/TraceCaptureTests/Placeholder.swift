import Testing
import TraceCapture
