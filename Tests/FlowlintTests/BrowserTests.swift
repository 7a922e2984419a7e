import Foundation
import TestSupport
import Testing

/// The browser that tests open reports in.
private enum Browser {
  /// nil where there is none.
  static let path: String? = {
    let environment = ProcessInfo.processInfo.environment
    if let given = environment["CHROMIUM"] { return given }
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    for name in ["chromium", "chromium-browser", "google-chrome", "chrome"] {
      for folder in folders where FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)") {
        return "\(folder)/\(name)"
      }
    }
    return nil
  }()
}

/// The HTML report in a browser; skipped where no Chromium is found (CHROMIUM names one).
@Suite(.enabled(if: Browser.path != nil), .serialized) struct BrowserTests {
  /// Opens a report with a script of ours in it, and returns what that script says.
  private static func run(_ captures: [String], width: Int, script: String) throws -> [String: Any] {
    let folder = try TemporaryFolder()
    let file = folder.file("report.html")
    let made = try Flowlint.run(captures + ["--output", "html:\(file.path)"])
    #expect(made.status == 0)
    var text = try String(contentsOf: file, encoding: .utf8)
    let watch = """
      <script>
      const troubles = [];
      addEventListener("error", (event) => troubles.push(String(event.message)));
      addEventListener("unhandledrejection", (event) => troubles.push(String(event.reason)));
      addEventListener("securitypolicyviolation", (event) => troubles.push(event.violatedDirective));
      for (const name of ["error", "warn"]) console[name] = (...words) => troubles.push(words.join(" "));
      Element.prototype.setPointerCapture = () => {};
      </script>
      """
    text = text.replacing("<body>\n", with: "<body>\n" + watch, maxReplacements: 1)
    text = text.replacing(
      "</body>",
      with: """
        <script>
        setTimeout(() => {
          const said = {};
          try { (() => {\(script)})(); } catch (error) { troubles.push("test: " + error.stack); }
          said.troubles = troubles;
          const pre = document.createElement("pre");
          pre.id = "said";
          pre.textContent = "SAID" + btoa(unescape(encodeURIComponent(JSON.stringify(said)))) + "DIAS";
          document.body.append(pre);
        }, 1500);
        </script></body>
        """)
    try Data(text.utf8).write(to: file)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Browser.path ?? "")
    process.arguments = [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(folder.file("profile").path)",
      "--window-size=\(width),900", "--virtual-time-budget=8000", "--dump-dom", file.absoluteString,
    ]
    let output = folder.file("dom")
    try Data().write(to: output)
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let dom = try String(contentsOf: output, encoding: .utf8)
    let coded = try #require(dom.firstMatch(of: /SAID([A-Za-z0-9+\/=]+)DIAS/)?.1, "the page said nothing")
    let data = try #require(Data(base64Encoded: String(coded)))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private static let walk = """
    const q = (selector) => document.querySelector(selector);
    const all = (selector) => [...document.querySelectorAll(selector)];
    const span = () => page.graph.t1 - page.graph.t0;
    const key = (name) => page.graph.frame.dispatchEvent(new KeyboardEvent("keydown", { key: name, cancelable: true }));
    const pointer = (type, x, more) => page.graph.frame.dispatchEvent(new PointerEvent(type, { clientX: page.graph.frame.getBoundingClientRect().left + x, clientY: page.graph.frame.getBoundingClientRect().top + 120, pointerId: 1, button: 0, bubbles: true, ...more }));
    const inked = () => { const c = q(".graph canvas:nth-of-type(2)"); const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data; let n = 0; for (let i = 3; i < d.length; i += 4) if (d[i]) n++; return n; };
    said.captures = all("#capture option").length;
    said.findings = all(".finding").length;
    said.wide = document.documentElement.scrollWidth - innerWidth;
    said.inked = inked();
    said.full = span();
    key("+"); said.zoomed = span();
    const before = page.graph.t0; key("ArrowRight"); said.panned = page.graph.t0 > before;
    key("0"); said.reset = span();
    pointer("pointerdown", 200); pointer("pointermove", 260); pointer("pointerup", 260); said.dragged = span();
    pointer("pointermove", 220); said.tip = !q(".tip").hidden;
    page.graph.frame.dispatchEvent(new MouseEvent("dblclick")); said.again = span();
    const layer = q(".legend button"); layer.click(); said.layer = layer.getAttribute("aria-pressed"); said.less = inked();
    q("#theme").click(); q("#theme").click(); said.theme = document.documentElement.dataset.theme;
    q(".finding:last-of-type summary").click();
    const open = all(".finding")[0]; said.ladder = open.querySelectorAll(".ladder tbody tr").length;
    const search = q("#findings input"); search.value = "no such thing"; search.dispatchEvent(new Event("input")); said.none = all(".finding").length;
    search.value = ""; search.dispatchEvent(new Event("input")); said.back = all(".finding").length;
    const select = q("#capture"); select.value = "1"; select.dispatchEvent(new Event("change"));
    said.flows = all(".flows tbody tr").length;
    const head = all(".flows th button").find((button) => button.textContent === "flow");
    head.click(); const up = all(".flows tbody tr").map((row) => row.dataset.flow).join();
    head.click(); said.sorted = up + " " + all(".flows tbody tr").map((row) => row.dataset.flow).join();
    said.sort = head.parentElement.getAttribute("aria-sort");
    const filter = q("#flows input"); filter.value = "refus reset"; filter.dispatchEvent(new Event("input"));
    filter.value = "41000"; filter.dispatchEvent(new Event("input")); said.filtered = all(".flows tbody tr[data-flow]").length;
    all(".flows tbody tr").find((row) => row.dataset.flow === "2").click();
    said.panel = q(".flow h3").textContent; said.census = all(".census .card").length;
    dispatchEvent(new Event("beforeprint")); said.printed = all("details:not([open])").length; dispatchEvent(new Event("afterprint"));
    """

  @Test(arguments: [1280, 390])
  func aPersonCanUseTheReport(width: Int) throws {
    let said = try Self.run(
      ["lab/loss_2.pcap", "lab/tw_reuse_lower_isn.pcap"], width: width, script: Self.walk)
    func number(_ name: String) -> Double { (said[name] as? NSNumber)?.doubleValue ?? -1 }
    #expect(said["troubles"] as? [String] == [])
    #expect(number("captures") == 2)
    #expect(number("findings") == 9)
    #expect(number("wide") <= 0)
    #expect(number("inked") > 500)
    #expect(number("zoomed") < number("full") * 0.51)
    #expect(said["panned"] as? Bool == true)
    #expect(abs(number("reset") - number("full")) < 1)
    #expect(number("dragged") < number("full") * 0.5)
    #expect(said["tip"] as? Bool == true)
    #expect(abs(number("again") - number("full")) < 1)
    #expect(said["layer"] as? String == "false")
    #expect(number("less") < number("inked"))
    #expect(said["theme"] as? String == "dark")
    #expect(number("ladder") == 4)
    #expect(number("none") == 0)
    #expect(number("back") == 9)
    #expect(number("flows") == 2)
    #expect(said["sorted"] as? String == "1,2 2,1")
    #expect(said["sort"] as? String == "descending")
    #expect(number("filtered") == 2)
    #expect((said["panel"] as? String)?.hasPrefix("Flow 2:") == true)
    #expect(number("census") == 2)
    #expect(number("printed") == 0)
  }
}
