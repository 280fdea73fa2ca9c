-- Who belonged to whom, from one date to another.
-- Each practice_map extract stands until the next one; a place stands from the day its locality
-- says. Consecutive equal rows are one row. A practice that an extract no longer shows ends the
-- day before that extract; if it comes back, a new row begins.
-- Reads practice_map, places. Returns practice_code, valid_from, valid_to (empty while it
-- stands), pcn_code, place_code, sub_icb_code, icb_code, region_code.
WITH extracts AS (
  SELECT as_at, LEAD(as_at) OVER (ORDER BY as_at) AS next_as_at
  FROM (SELECT DISTINCT as_at FROM practice_map) AS dates
),
shown AS (
  SELECT
    m.practice_code, m.as_at, e.next_as_at,
    m.pcn_code, m.sub_icb_code, m.icb_code, m.region_code
  FROM practice_map AS m
  INNER JOIN extracts AS e ON e.as_at = m.as_at
),
place_spans AS (
  SELECT
    practice_code, place_code, from_date,
    LEAD(from_date) OVER (PARTITION BY practice_code ORDER BY from_date) AS next_from_date
  FROM places
),
-- the days on which a row may begin: the extract itself, and each change of place within it
beginnings AS (
  SELECT practice_code, as_at, as_at AS starts_on FROM shown
  UNION
  SELECT s.practice_code, s.as_at, p.from_date AS starts_on
  FROM shown AS s
  INNER JOIN place_spans AS p
    ON p.practice_code = s.practice_code
    AND p.from_date > s.as_at
    AND (s.next_as_at IS NULL OR p.from_date < s.next_as_at)
),
pieces AS (
  SELECT
    b.practice_code,
    b.starts_on,
    COALESCE(
      LEAD(b.starts_on) OVER (PARTITION BY b.practice_code, b.as_at ORDER BY b.starts_on),
      s.next_as_at
    ) AS ends_before,
    s.pcn_code, p.place_code, s.sub_icb_code, s.icb_code, s.region_code
  FROM beginnings AS b
  INNER JOIN shown AS s ON s.practice_code = b.practice_code AND s.as_at = b.as_at
  LEFT JOIN place_spans AS p
    ON p.practice_code = b.practice_code
    AND p.from_date <= b.starts_on
    AND (p.next_from_date IS NULL OR p.next_from_date > b.starts_on)
),
marked AS (
  SELECT
    *,
    CASE
      WHEN LAG(ends_before) OVER by_day = starts_on
        AND LAG(pcn_code) OVER by_day IS NOT DISTINCT FROM pcn_code
        AND LAG(place_code) OVER by_day IS NOT DISTINCT FROM place_code
        AND LAG(sub_icb_code) OVER by_day IS NOT DISTINCT FROM sub_icb_code
        AND LAG(icb_code) OVER by_day IS NOT DISTINCT FROM icb_code
        AND LAG(region_code) OVER by_day IS NOT DISTINCT FROM region_code
        THEN 0
      ELSE 1
    END AS begins
  FROM pieces
  WINDOW by_day AS (PARTITION BY practice_code ORDER BY starts_on)
),
runs AS (
  SELECT
    *,
    SUM(begins) OVER (
      PARTITION BY practice_code ORDER BY starts_on
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS run
  FROM marked
)
SELECT
  practice_code,
  MIN(starts_on) AS valid_from,
  CASE
    WHEN COUNT(ends_before) = COUNT(*)
      THEN CAST(MAX(ends_before) - INTERVAL '1' DAY AS DATE)
  END AS valid_to,
  pcn_code, place_code, sub_icb_code, icb_code, region_code
FROM runs
GROUP BY practice_code, run, pcn_code, place_code, sub_icb_code, icb_code, region_code
ORDER BY practice_code, valid_from
