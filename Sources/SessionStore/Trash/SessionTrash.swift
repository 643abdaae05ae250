/// Names of the trash.
enum SessionTrash {
    static let folderName = "trash"
}
