#if os(Linux)
  import CSystem

  /// The system-call filter: what is not on the list fails with EPERM (seccomp(2)).
  enum CallFilter {
    /// Installs it over all threads; the reason when the kernel will not have it.
    static func install() -> String? {
      guard flowlint_architecture() != 0 else { return "unknown architecture" }
      let program = assemble()
      guard let length = UInt16(exactly: program.count) else { return "program too long" }
      let status = program.withUnsafeBufferPointer { flowlint_set_filter($0.baseAddress, length) }
      return status == 0 ? nil : systemMessage(status)
    }

    // Classic BPF over `struct seccomp_data`: 32-bit call number at 0, architecture at 4, arguments from 16.
    private static let load: UInt16 = 0x20  // BPF_LD | BPF_W | BPF_ABS
    private static let jumpIfEqual: UInt16 = 0x15  // BPF_JMP | BPF_JEQ | BPF_K
    private static let jumpIfAnySet: UInt16 = 0x45  // BPF_JMP | BPF_JSET | BPF_K
    private static let answer: UInt16 = 0x06  // BPF_RET | BPF_K
    private static let allow: UInt32 = 0x7fff_0000
    private static let kill: UInt32 = 0x8000_0000
    private static let refuse: UInt32 = 0x0005_0000 | 1  // EPERM
    private static let absent: UInt32 = 0x0005_0000 | 38  // ENOSYS

    private static func assemble() -> [sock_filter] {
      func step(_ code: UInt16, _ k: UInt32, _ yes: UInt8 = 0, _ no: UInt8 = 0) -> sock_filter {
        sock_filter(code: code, jt: yes, jf: no, k: k)
      }
      var program = [
        step(load, 4), step(jumpIfEqual, flowlint_architecture(), 1, 0), step(answer, kill), step(load, 0),
      ]
      // Jumps reach 255 steps; each call therefore answers for itself.
      for call in allowedCalls {
        program.append(step(jumpIfEqual, call, 0, 1))
        program.append(step(answer, allow))
      }
      // The C library falls back to clone(2), whose flags a filter can see.
      program.append(step(jumpIfEqual, UInt32(bitPattern: flowlint_call_clone3), 0, 1))
      program.append(step(answer, absent))
      program.append(step(jumpIfEqual, UInt32(bitPattern: flowlint_call_clone), 0, 3))
      program.append(step(load, 16))
      program.append(step(jumpIfAnySet, flowlint_clone_thread, 0, 1))
      program.append(step(answer, allow))
      program.append(step(answer, refuse))
      return program
    }

    private static var allowedCalls: [UInt32] {
      withUnsafeBytes(of: flowlint_allowed_calls) { bytes in
        bytes.bindMemory(to: Int32.self).prefix { $0 >= 0 }.map { UInt32(bitPattern: $0) }
      }
    }
  }
#endif
