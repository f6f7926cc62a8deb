"""An empty Word document laid out as official papers are (GB/T 9704): its page, styles, fonts and page numbers."""

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import OxmlElement, parse_xml
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import BaseStyle, ParagraphStyle
from lxml import etree

from toolkit.publish.outline import DRAFT

TEXT_WIDTH = Mm(210 - 28 - 26)
TABLE_INSET = Pt(2)
TABLE_TEXT, SMALL_TABLE_TEXT = "表格文字", "表格小字"

_SONG, _FANGSONG, _HEI, _PLAIN_SONG = "方正小标宋简体", "仿宋_GB2312", "黑体", "宋体"
_STAND_INS = {
    _SONG: "方正小标宋_GBK,小标宋体,华文中宋,STZhongsong,宋体,SimSun",
    _FANGSONG: "仿宋,FangSong,华文仿宋,STFangsong,方正仿宋_GBK",
    _HEI: "SimHei,方正黑体_GBK,微软雅黑",
    _PLAIN_SONG: "SimSun,方正书宋_GBK",
}
_TYPE = 16
_KEPT_PARTS = ("styles", "settings", "officeDocument", "core-properties")
_OTHER_STYLES = "w:docDefaults | w:latentStyles | w:style[not(@w:default) and @w:styleId != 'TableGrid']"
_WATERMARK = (  # as Word itself writes one
    '<w:pict xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">'
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
    'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
    '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
    '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/>'
    '<v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>'
    '<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" '
    'o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
    '<v:shape id="PowerPlusWaterMarkObject1" o:spid="_x0000_s2049" type="#_x0000_t136" alt="" '
    'style="position:absolute;margin-left:0;margin-top:0;width:400pt;height:200pt;rotation:315;z-index:-251658752;'
    "mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;"
    'mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="#c00000" stroked="f">'
    f'<v:fill opacity=".2"/><v:textpath style="font-family:&quot;{_PLAIN_SONG}&quot;;font-size:1pt" '
    f'string="{DRAFT}"/></v:shape></w:pict>'
)


def empty_document() -> Document:
    """A document without text, with all that the text is laid out by and nothing else of the library's own template."""
    document = docx.Document()
    for links in (document.part.rels, document.part.package.rels):
        for name in [name for name, link in links.items() if not link.reltype.endswith(_KEPT_PARTS)]:
            del links[name]
    settings = document.settings.element
    _set(settings.xpath("w:characterSpacingControl"), val="compressPunctuation")
    _set(settings.xpath("w:compat/w:compatSetting[@w:name='compatibilityMode']"), val="15")
    _set(settings.xpath("w:themeFontLang"), eastAsia="zh-CN")
    _add_fonts(document)
    _add_styles(document)
    _lay_out_page(document)
    return document


def mark_as_draft(document: Document) -> None:
    """Mark every page above its text, as every program prints it, and across it, as it is seen from afar."""
    header = document.sections[0].header.paragraphs[0]
    header.style = document.styles["Header"]
    header.add_run(DRAFT)
    header.add_run()._r.append(parse_xml(_WATERMARK))


def element(tag: str, **values: str) -> etree._Element:
    """An element for which the library has no method."""
    return OxmlElement(f"w:{tag}", {qn(f"w:{name}"): value for name, value in values.items()})


def _set(elements: list[etree._Element], **values: str) -> None:
    """Set attributes of the one element that was found."""
    (found,) = elements
    for name, value in values.items():
        found.set(qn(f"w:{name}"), value)


def _add_fonts(document: Document) -> None:
    """The table of fonts: the Chinese ones, each with what to take where it is not installed."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{instead}"/><w:charset w:val="86"/></w:font>'
        for name, instead in _STAND_INS.items()
    )
    table = f"<w:fonts {nsdecls('w')}>{fonts}</w:fonts>".encode()
    part = Part(PackURI("/word/fontTable.xml"), CONTENT_TYPE.WML_FONT_TABLE, table, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FONT_TABLE)


def _add_styles(document: Document) -> None:
    styles, aligned = document.styles, WD_ALIGN_PARAGRAPH
    for each in styles.element.xpath(_OTHER_STYLES):
        styles.element.remove(each)
    normal = _set_type(styles["Normal"], _FANGSONG, _TYPE)
    normal.font.name, normal.paragraph_format.widow_control = "Times New Roman", True
    normal.element.rPr.append(element("lang", val="zh-CN", eastAsia="zh-CN"))
    title = _style(document, "Title", _SONG, 22, aligned.CENTER, 36, after=24)
    heading = _style(document, "Heading 1", _HEI, _TYPE, aligned.LEFT, 28, before=12, after=6)
    body = _style(document, "Body Text", _FANGSONG, _TYPE, aligned.JUSTIFY, 28)
    signature = _style(document, "Signature", _FANGSONG, _TYPE, aligned.RIGHT, 28, before=28)
    date = _style(document, "Date", _FANGSONG, _TYPE, aligned.RIGHT, 28)
    for style, edge, letters in (
        (heading, "firstLine", 2), (body, "firstLine", 2), (signature, "right", 2), (date, "right", 4),
    ):  # fmt: skip
        _indent(style, edge, letters)
    title.next_paragraph_style = heading.next_paragraph_style = body
    for style in (title, heading, signature):
        style.paragraph_format.keep_with_next = style.paragraph_format.keep_together = True
    heading.element.pPr.append(element("outlineLvl", val="0"))
    _style(document, TABLE_TEXT, _FANGSONG, 10.5, aligned.CENTER, 16)
    _style(document, SMALL_TABLE_TEXT, _FANGSONG, 9, aligned.CENTER, 13)
    for edge, width in {"top": Pt(0.75), "bottom": Pt(0.75), "left": TABLE_INSET, "right": TABLE_INSET}.items():
        _set(styles["Table Grid"].element.xpath(f"w:tblPr/w:tblCellMar/w:{edge}"), w=str(width.twips))
    _style(document, "Footer", _PLAIN_SONG, 14, aligned.CENTER)
    header = _style(document, "Header", _HEI, 26, aligned.CENTER)
    header.font.bold, header.font.color.rgb = True, RGBColor(0xC0, 0, 0)
    header.element.rPr.find(qn("w:color")).addnext(element("spacing", val="200"))


def _style(
    document: Document, name: str, chinese: str, points: float, alignment: WD_ALIGN_PARAGRAPH,
    leading: int | None = None, *, before: int = 0, after: int = 0,
) -> ParagraphStyle:  # fmt: skip
    """A new style whose lines are exactly so many points high, or as high as its letters."""
    added = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name.isascii())
    style = _set_type(added, chinese, points)
    style.base_style, style.quick_style = document.styles["Normal"], True
    style.paragraph_format.alignment, style.paragraph_format.line_spacing = alignment, leading and Pt(leading)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    return style


def _set_type(style: BaseStyle, chinese: str, points: float) -> ParagraphStyle:
    assert isinstance(style, ParagraphStyle)
    style.font.size = Pt(points)
    style.element.rPr.get_or_add_rFonts().set(qn("w:eastAsia"), chinese)
    return style


def _indent(style: ParagraphStyle, edge: str, letters: int) -> None:
    """Indent by so many letters, of whatever size they may be made later."""
    values = {edge: str(Pt(letters * _TYPE).twips), f"{edge}Chars": str(letters * 100)}
    _set([style.element.get_or_add_pPr().get_or_add_ind()], **values)


def _lay_out_page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(25)
    footer = section.footer.paragraphs[0]
    footer.style = document.styles["Footer"]
    footer.add_run("— ")
    number = element("fldSimple", instr=" PAGE ")
    number.append(footer.add_run("1")._r)
    footer._p.append(number)
    footer.add_run(" —")
