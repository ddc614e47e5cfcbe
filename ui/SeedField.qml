// Random, or a seed of up to 64 bits. Text, because such numbers do not fit a number of the window's language.
import QtQuick

Item {
    id: root

    required property string value

    signal edited(string text)

    readonly property string largest: "18446744073709551615"
    readonly property bool valid: root.isSeed(field.text)

    implicitHeight: field.height + (error.visible ? error.implicitHeight + Theme.px(4) : 0)

    ThemedField {
        id: field

        width: Math.min(Theme.px(220), root.width)
        text: root.value
        wrong: !root.valid
        placeholderText: qsTr("a new one each time")
        inputMethodHints: Qt.ImhDigitsOnly
        Accessible.name: qsTr("Seed")
        Accessible.description: error.text
        onTextEdited: {
            if (root.isSeed(field.text))
                root.edited(field.text.trim());
        }
    }
    UiText {
        id: error

        anchors.top: field.bottom
        anchors.topMargin: Theme.px(4)
        width: root.width
        text: root.valid ? "" : qsTr("Enter digits only, at most %1, or leave it empty").arg(root.largest)
        color: Theme.danger
        font.pixelSize: Theme.figureSize
        wrapMode: Text.Wrap
        visible: text.length > 0
    }

    onValueChanged: {
        if (field.text.trim() !== root.value)
            field.text = root.value;
    }

    function isSeed(text: string): bool {
        const digits = text.trim();
        return digits === "" || (/^\d{1,20}$/.test(digits)
            && (digits.length < root.largest.length || digits <= root.largest));
    }
}
