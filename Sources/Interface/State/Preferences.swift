package import Conversation
package import Media

/// How a conversation is shown unless it was shown otherwise before.
package struct PaneDefaults: Sendable, Hashable {
    /// Which thoughts are open.
    package var thoughts = ThoughtDisplay.live
    /// Answers are shown as they were written, not laid out.
    package var isRaw = false

    package init() {}
}

/// What a person configured and the interface goes by.
package struct Preferences: Sendable, Hashable {
    /// How a person is told that a long answer ended while they looked elsewhere.
    package enum Notification: String, Sendable, Hashable, CaseIterable {
        /// A desktop notice where the terminal has them, else the bell.
        case auto
        case bell
        case off
    }

    /// A system prompt with a name.
    package struct Preset: Sendable, Hashable {
        package var name: String
        package var system: String
        /// The project's file that it comes from; nil for one's own.
        package var project: String?

        package init(name: String, system: String, project: String? = nil) {
            self.name = name
            self.system = system
            self.project = project
        }
    }

    package var pane = PaneDefaults()
    package var notification = Notification.auto
    package var presets: [Preset] = []
    /// Tokens after which an answer is cut; nil goes on to the end of the context.
    package var maxTokens: Int?
    /// How tokens are drawn in new sessions, whatever the model says.
    package var sampling = SamplingChoices()
    /// Tokens that a picture may take unless somebody says otherwise; nil leaves it to its kind.
    package var imageTokens: TokenBudget?
    /// The ssh connection that facet is reached by.
    package var remote: RemoteShell?
    /// The mouse is facet's from the start.
    package var takesMouse = false

    package init() {}
}
