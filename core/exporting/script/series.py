"""Writes how the rows of a table are put in order and cut into windows."""

from __future__ import annotations

from core.exporting.script.writing import text, times
from core.spec import TableData, WindowsChoice

_CUT = """counts = np.bincount(series)
ends = np.cumsum(counts)
begins = ends - counts
length, horizon, stride = {length}, {horizon}, {stride}
starts = [
    np.arange(begin, end - length - horizon + 1, stride) for begin, end in zip(begins, ends)
]
starts = np.concatenate(starts)
answers = starts + length + horizon - 1
known = table[{targets}].notna().all(axis=1).to_numpy()[answers]
starts, answers = starts[known], answers[known]
places = starts[:, None] + np.arange(length)
rows, table = table, table.iloc[answers]"""


def lines(data: TableData, choice: WindowsChoice, targets: str) -> list[str]:
    """The lines that leave all `rows` in order, the `places` of each window's rows, and a `table` of its targets."""
    found = []
    if choice.group_by is not None:
        found.append(f'series = pd.factorize(table[{text(choice.group_by)}].astype("str").fillna(""))[0]')
    else:
        found.append("series = np.zeros(len(table), int)")
    order = 'np.argsort(series, kind="stable")'
    if choice.order_by is not None:
        column = (data.columns or {}).get(choice.order_by)
        found += times(choice.order_by, column.date_format if column else None)
        order = "np.lexsort((times.to_numpy(), series))"
    if choice.group_by is not None or choice.order_by is not None:
        found += [f"order = {order}", "table, series = table.iloc[order], series[order]"]
    sizes = {"length": choice.length, "horizon": choice.horizon, "stride": choice.stride}
    return [*found, _CUT.format(targets=targets, **sizes)]
