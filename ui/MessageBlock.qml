// One block of a message: a paragraph or code. (Bound components do not work in a Loader before Qt 6.5.)
import QtQuick
import Tercet

Loader {
    id: root

    required property int kind
    required property string text
    required property string html
    required property string language
    required property bool live
    required property bool pale

    signal copyTextRequested(string text)
    signal menuRequested(TextEdit source)

    sourceComponent: root.kind === MessageBlocks.Kind.Code ? code : paragraph

    Component {
        id: paragraph

        TextBlock {
            html: root.html
            live: root.live
            color: root.pale ? Theme.muted : Theme.text
            onMenuRequested: source => root.menuRequested(source)
        }
    }
    Component {
        id: code

        CodeBlock {
            code: root.text
            language: root.language
            live: root.live
            ink: root.pale ? Theme.muted : Theme.text
            onCopyRequested: root.copyTextRequested(root.text)
            onMenuRequested: source => root.menuRequested(source)
        }
    }
}
