import Testing
import TraceDecode
