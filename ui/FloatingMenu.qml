// A small menu in the window's own look.
import QtQuick
import QtQuick.Templates as T

T.Menu {
    id: root

    implicitWidth: Math.max(Theme.px(180), contentItem.implicitWidth + leftPadding + rightPadding)
    implicitHeight: contentItem.implicitHeight + topPadding + bottomPadding
    padding: Theme.px(5)
    margins: Theme.px(6)
    overlap: 1

    contentItem: ListView {
        implicitHeight: contentHeight
        implicitWidth: Theme.px(170)
        model: root.contentModel
        interactive: contentHeight > height
        clip: interactive
        currentIndex: root.currentIndex
    }
    background: Rectangle {
        radius: Theme.codeRadius
        color: Theme.surface
        border.width: 1
        border.color: Theme.line
    }
}
