// A key that works everywhere in the window, and the words for it in the list of keys.
import QtQuick

Shortcut {
    required property string title
}
