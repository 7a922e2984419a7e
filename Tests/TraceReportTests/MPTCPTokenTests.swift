import Testing
import TraceDecode

@testable import TraceReport

struct MPTCPTokenTests {
  /// The first 32 bits of SHA-256 and of SHA-1 over the key in network order, by sha256sum and sha1sum.
  @Test func aTokenIsTheBeginningOfTheKeysDigest() {
    #expect(MPTCPIdentity(key: 0x0102_0304_0506_0708, version: 1).derivedToken == 0x6684_0dda)
    #expect(MPTCPIdentity(key: 0x0102_0304_0506_0708, version: 0).derivedToken == 0xdd57_83bc)
    #expect(MPTCPIdentity(token: 7).derivedToken == 7)
    #expect(MPTCPIdentity().derivedToken == nil)
  }
}
