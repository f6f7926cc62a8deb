"""What the command `issue` prints: what was found of last year, and which workbooks went out."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from toolkit.cli.screen import plain
from toolkit.collection.issuing import Delivery, Outcome
from toolkit.collection.prior import Priors

_LISTED = 10


def delivery_lines(deliveries: Sequence[Delivery], folder: Path) -> Iterator[str]:
    """How many workbooks were issued, and what kept the others from it."""
    grouped = {outcome: [each for each in deliveries if each.outcome is outcome] for outcome in Outcome}
    written, kept = len(grouped[Outcome.WRITTEN]), len(grouped[Outcome.KEPT])
    yield f"已下发 {written} 份，在 {folder}；此前下发的 {kept} 份没有变化。"
    if altered := grouped[Outcome.ALTERED]:
        yield f"下发后在原处改动过、没有动的 {len(altered)} 份：{_named(each.path.name for each in altered)}。"
        yield "填好的请用 gouji collect 收取；要换回空白的，请加 --only 单位 --force。"
    if stale := grouped[Outcome.STALE]:
        yield f"名册或上年数有变、没有重新下发的 {len(stale)} 份：{_named(each.path.name for each in stale)}。"
        yield "要重新下发的，请加 --force（可用 --only 只写几个单位），并告诉单位以新的为准。"
    for each in grouped[Outcome.TAKEN]:
        yield f"没有下发：“{plain(str(each.path))}”已经有别的文件，没有覆盖；请移走，或加 --force。"


def prior_lines(priors: Priors) -> Iterator[str]:
    """What was found of last year, and what was not."""
    yield f"上年数：{len(priors.figures)} 家有，{len(priors.without)} 家没有。"
    if priors.without:
        yield f"没有上年数的：{_named(member.agency.name for member in priors.without)}。"
    if priors.derived:
        yield f"上年数由前身单位接过来的：{_named(member.agency.name for member in priors.derived)}。"
    yield from (f"上年数：{plain(remark)}" for remark in priors.remarks)


def _named(names: Iterable[str]) -> str:
    found = [plain(name) for name in names]
    return "、".join(found[:_LISTED]) + (f" 等 {len(found)} 家" if len(found) > _LISTED else "")
