"""Pictures: each is a chart, the table it shows and one plain sentence that says the same.

One module a picture. The grammar is Vega-Lite, written with Altair once a process and filled
with data afterwards; the same specification is drawn by the browser (``.json()``) and, for print
and for readers without JavaScript, by the server (``.svg()``). Colours, shapes and type sizes
stand in ``theme`` and nowhere else.
"""

from locality.render.pictures.age_sex import age_sex
from locality.render.pictures.all_practices import all_practices
from locality.render.pictures.bundle import javascript
from locality.render.pictures.caterpillar import caterpillar
from locality.render.pictures.control_chart import control_chart
from locality.render.pictures.funnel import funnel
from locality.render.pictures.inequality import inequality
from locality.render.pictures.interval_strip import interval_strip, strip_key
from locality.render.pictures.need_components import need_components
from locality.render.pictures.of_table import of_table, png
from locality.render.pictures.peers import peers
from locality.render.pictures.picture import Picture
from locality.render.pictures.score_strip import score_key, score_strip
from locality.render.pictures.share_strip import share_key, share_strip
from locality.render.pictures.side_by_side import side_by_side
from locality.render.pictures.trend import trend

__all__ = [
    "Picture",
    "age_sex",
    "all_practices",
    "caterpillar",
    "control_chart",
    "funnel",
    "inequality",
    "interval_strip",
    "javascript",
    "need_components",
    "of_table",
    "peers",
    "png",
    "score_key",
    "score_strip",
    "share_key",
    "share_strip",
    "side_by_side",
    "strip_key",
    "trend",
]
