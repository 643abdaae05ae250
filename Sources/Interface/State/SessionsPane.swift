/// The list of sessions at the left.
struct SessionsPane: Sendable {
    /// Newest first; nil before they were read once.
    private(set) var listings: [SessionListing]?
    private(set) var selection = 0
    /// What is to be selected once the list is there.
    private var awaited: String?
    /// Words the titles and tags have to hold; nil while no filter is typed or kept.
    private(set) var filter: String?
    /// Keys go into the filter.
    private(set) var isFiltering = false

    /// What the filter leaves.
    private(set) var visible: [SessionListing] = []

    var selected: SessionListing? { visible[safe: selection] }

    mutating func receive(_ new: [SessionListing]) {
        let id = awaited ?? selected?.id
        let place = selection
        awaited = nil
        listings = new
        narrow()
        // Where the selected one is gone, its neighbour takes its place.
        selection =
            visible.firstIndex { $0.id == id } ?? min(place, max(0, visible.count - 1))
    }

    /// Selects a session; before the list was read, as soon as it is.
    mutating func select(_ id: String) {
        if listings == nil { awaited = id }
        if let index = visible.firstIndex(where: { $0.id == id }) { selection = index }
    }

    /// Selects a session as soon as the list that is being read has it.
    mutating func await(_ id: String) { awaited = id }

    mutating func move(by distance: Int) {
        selection = (selection + distance).clamped(to: 0...max(0, visible.count - 1))
    }

    mutating func beginFilter() {
        isFiltering = true
        filter = filter ?? ""
    }

    /// Keys go to the list again; the filter stays.
    mutating func endFilter() {
        isFiltering = false
        if filter?.isEmpty == true { filter = nil }
    }

    mutating func clearFilter() {
        isFiltering = false
        filter = nil
        narrow()
    }

    mutating func type(_ text: String) {
        filter = (filter ?? "") + text
        narrow()
    }

    mutating func deleteBackward() {
        filter = filter.map { String($0.dropLast()) }
        narrow()
    }

    private mutating func narrow() {
        let listings = listings ?? []
        let query = filter ?? ""
        visible =
            query.isEmpty ? listings : FuzzyMatcher.sorted(listings, query: query) { $0.searchText }
        selection = 0
    }
}

extension SessionListing {
    /// The title and the tags, as the filter reads them.
    fileprivate var searchText: String { title + tags.map { " #\($0)" }.joined() }
}
