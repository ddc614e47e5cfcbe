// A slider with the same number to type beside it. On a logarithmic one each step doubles.
import QtQuick

Item {
    id: root

    required property string label
    required property int value
    required property int from
    required property int to
    property bool logarithmic: false

    signal edited(int value)

    implicitHeight: field.implicitHeight

    ThemedSlider {
        id: slider

        width: root.width - field.width - Theme.px(16)
        from: root.toPosition(root.from)
        to: Math.max(root.toPosition(root.to), root.toPosition(root.from) + 1)
        value: root.toPosition(root.value)
        stepSize: 1
        snapMode: root.logarithmic ? ThemedSlider.NoSnap : ThemedSlider.SnapAlways
        enabled: root.to > root.from
        Accessible.name: root.label
        onMoved: root.edited(root.fromPosition(slider.value))
    }
    NumberField {
        id: field

        x: root.width - width
        width: Math.min(Theme.px(104), root.width)
        errorWidth: root.width
        label: root.label
        value: root.value
        from: root.from
        to: root.to
        onEdited: value => root.edited(value)
    }

    function toPosition(number: int): real {
        return root.logarithmic ? Math.log2(Math.max(1, number)) : number;
    }

    function fromPosition(position: real): int {
        const number = root.logarithmic ? Math.pow(2, Math.round(position)) : Math.round(position);
        return Math.min(root.to, Math.max(root.from, number));
    }
}
