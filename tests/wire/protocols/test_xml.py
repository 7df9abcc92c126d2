import xml.etree.ElementTree as ET

from kms_teach.wire.protocols.xml import element, text

GAPS = [(0x00, 0x08), (0x0B, 0x0C), (0x0E, 0x1F), (0xD800, 0xDFFF), (0xFFFE, 0xFFFF)]  # XML 1.0, section 2.2


def test_what_xml_has_no_letter_for_becomes_the_replacement_character_and_nothing_else_does():
    lost = {number for first, last in GAPS for number in range(first, last + 1)}
    assert {number for number in range(0x110000) if text(chr(number)) == "\ufffd"} == lost | {0xFFFD}


def test_any_text_is_read_back_as_it_was():
    words = "a\t\r\n<&>\"' \u00e9 \U0001f511 \x7f\x85\u2028"
    assert ET.fromstring(element("Words", text(words))).text == words
