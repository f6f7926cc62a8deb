"""The refusals that documents of several kinds may end in."""

from toolkit.workbook.package import Refused

AS_TEXT = "请用 OCR 软件识别成文字并校对，或照着录入，或向单位要 Word 文件。"


def too_much() -> Refused:
    """The refusal of a document that holds more than any report does."""
    return Refused("oversized", "文件里的内容过多，不是正常的报告。", "请只交报告本身；网页请只保存报告正文。")


def pictures_only() -> Refused:
    """The refusal of a document that is a picture of its text."""
    return Refused("image-only", "这是扫描件（图片），里面没有文字，读不出数字。", AS_TEXT)


def locked() -> Refused:
    """The refusal of a document that needs a password to open."""
    return Refused("encrypted", "文件设了打开密码，读不出来。", "请取消打开密码，另存一份再交来。")


def not_installed() -> Refused:
    """The refusal where the libraries that read documents are missing."""
    told = "本机没有安装读取网页、Word 和 PDF 文件的部件。"
    return Refused("not-installed", told, "请运行 pip install 'gouji-toolkit[documents]'；纯文本（.txt）不需要安装。")
