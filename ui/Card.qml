// A framed group on a page.
import QtQuick

Rectangle {
    id: root

    default property alias content: column.data
    property int padding: Theme.px(18)

    implicitHeight: column.height + 2 * root.padding
    radius: Theme.cardRadius
    color: Theme.surface
    border.width: 1
    border.color: Theme.line

    Column {
        id: column

        x: root.padding
        y: root.padding
        width: root.width - 2 * root.padding
        spacing: Theme.px(12)
    }
}
