// How freely the model chooses its words, in words; none is taken where the numbers are others.
import QtQuick

SegmentedChoice {
    label: qsTr("Style")
    options: [qsTr("Focused"), qsTr("Balanced"), qsTr("Creative")]
}
