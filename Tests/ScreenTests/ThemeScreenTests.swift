import Conversation
import Interface
import TerminalCore
import Testing

@Suite struct ThemeScreenTests {
    private static func theme(_ name: String, _ shade: UInt8, _ back: UInt8) -> Theme {
        Theme(
            name: name,
            appearance: back > 127 ? .light : .dark,
            background: RGB(back, back, back),
            text: RGB(shade, shade, shade),
            paintsBackground: true,
            styles: [:]
        )
    }

    private let themes = [theme("coal", 200, 0), theme("snow", 10, 250), theme("sand", 20, 230)]

    private func scene(isNamed: Bool = false, setBy: String? = nil) -> Scene {
        var scene = Scene()
        scene.state.themeChoice = ThemeChoice(
            dark: themes[0],
            light: themes[1],
            named: isNamed ? themes[0] : nil,
            setBy: setBy
        )
        scene.state.theme = themes[0]
        return scene
    }

    /// The background of the screen's first cell.
    private func background(_ scene: inout Scene) -> Color {
        scene.frame().surface[0, 0].style.background
    }

    private func open(_ scene: inout Scene, _ argument: String = "") {
        scene.say("/theme \(argument)")
        scene.send(.themesListed(themes, wanted: argument))
    }

    private func remembered(_ scene: Scene) -> [String] {
        scene.effects.compactMap { if case .rememberTheme(let name) = $0 { name } else { nil } }
    }

    @Test("the terminal's background decides while the theme is auto, and only then")
    func backgrounds() {
        var scene = scene()
        scene.send(.input(.background(red: 255, green: 255, blue: 255)))
        #expect(scene.state.theme.name == "snow")
        scene.send(.input(.background(red: 20, green: 24, blue: 30)))
        #expect(scene.state.theme.name == "coal")
        var named = self.scene(isNamed: true)
        named.send(.input(.background(red: 255, green: 255, blue: 255)))
        #expect(named.state.theme.name == "coal")
    }

    @Test("on a background of the other kind a theme paints its own; mono has nothing to paint")
    func fitting() {
        var coal = themes[0]
        coal.paintsBackground = false
        coal.styles = [.user: Style(.rgb(9, 9, 9))]
        let white = RGB(255, 255, 255)
        #expect(coal.fitting(white).paintsBackground)
        #expect(coal.fitting(white)[.text].background == .rgb(0, 0, 0))
        #expect(!coal.fitting(RGB(20, 20, 20)).paintsBackground)
        #expect(!coal.fitting(nil).paintsBackground)
        let mono = Theme(name: "mono", styles: [.user: Style(.terminal, on: .terminal, .bold)])
        #expect(!mono.fitting(white).paintsBackground)
    }

    @Test("the list shows each theme on the screen; Esc goes back")
    func previewing() {
        var scene = scene()
        open(&scene)
        #expect(scene.text.contains("> auto  coal or snow, by the background"))
        #expect(background(&scene) == .rgb(0, 0, 0))
        scene.press(KeyPress(.down), KeyPress(.down))
        #expect(background(&scene) == .rgb(250, 250, 250))
        // What the terminal says meanwhile waits.
        scene.send(.input(.background(red: 0, green: 0, blue: 0)))
        #expect(background(&scene) == .rgb(250, 250, 250))
        scene.type("sand")
        #expect(background(&scene) == .rgb(230, 230, 230))
        scene.press(KeyPress(.escape))
        #expect(scene.state.theme.name == "coal")
        #expect(scene.state.overlay == nil && remembered(scene).isEmpty)
    }

    @Test("Enter takes the theme and remembers it; the background decides no more")
    func taking() {
        var scene = scene()
        open(&scene)
        scene.type("sand")
        scene.press(KeyPress(.enter))
        #expect(scene.text.contains("The theme is sand from now on."))
        #expect(remembered(scene) == ["sand"])
        scene.send(.input(.background(red: 255, green: 255, blue: 255)))
        #expect(scene.state.theme.name == "sand")
        open(&scene, "auto")
        #expect(scene.state.theme.name == "snow")
        #expect(remembered(scene) == ["sand", "auto"])
    }

    @Test("a theme is taken by its name; a wrong one gets a suggestion")
    func naming() {
        var scene = scene()
        open(&scene, "snwo")
        #expect(scene.text.contains("There is no theme \"snwo\". Did you mean \"snow\"?"))
        #expect(scene.state.theme.name == "coal")
        open(&scene, "snow")
        #expect(scene.state.theme.name == "snow")
        #expect(remembered(scene) == ["snow"])
    }

    @Test("where the configuration sets the theme, a choice says that it cannot last")
    func configured() {
        var scene = scene(isNamed: true, setBy: "$FACET_THEME")
        open(&scene, "snow")
        #expect(
            scene.text.contains(
                "The theme is snow until facet ends; $FACET_THEME sets it at every start."
            )
        )
        #expect(remembered(scene).isEmpty)
    }
}
