-- From when and until when each practice could return counts, as far as files tell.
-- open_from is what ODS says; or else, for a practice first shown after the earliest extract,
-- the day after the last extract that lacks it; empty where it was there from the beginning.
-- open_until is what ODS says of a practice that the latest extract does not show; or else the
-- day before the first extract that no longer shows it (a practice that no extract shows is
-- taken to have ended before the earliest); empty while it stands.
-- Reads practice_map, ods_practices, members. Returns practice_code, open_from, open_until.
WITH extracts AS (
  SELECT
    as_at,
    LAG(as_at) OVER (ORDER BY as_at) AS earlier,
    LEAD(as_at) OVER (ORDER BY as_at) AS later
  FROM (SELECT DISTINCT as_at FROM practice_map) AS dates
),
shown AS (
  SELECT practice_code, MIN(as_at) AS first_shown, MAX(as_at) AS last_shown
  FROM practice_map
  GROUP BY practice_code
),
earliest AS (
  SELECT MIN(as_at) AS as_at FROM practice_map
),
ods AS (
  SELECT practice_code, open_date, close_date
  FROM (
    SELECT
      practice_code, open_date, close_date,
      ROW_NUMBER() OVER (PARTITION BY practice_code ORDER BY as_at DESC) AS newest
    FROM ods_practices
  ) AS numbered
  WHERE newest = 1
)
SELECT
  m.practice_code,
  COALESCE(o.open_date, CAST(f.earlier + INTERVAL '1' DAY AS DATE)) AS open_from,
  CASE
    WHEN s.practice_code IS NULL
      THEN COALESCE(o.close_date, CAST(e.as_at - INTERVAL '1' DAY AS DATE))
    WHEN l.later IS NOT NULL THEN COALESCE(o.close_date, CAST(l.later - INTERVAL '1' DAY AS DATE))
  END AS open_until
FROM members AS m
CROSS JOIN earliest AS e
LEFT JOIN shown AS s ON s.practice_code = m.practice_code
LEFT JOIN extracts AS f ON f.as_at = s.first_shown
LEFT JOIN extracts AS l ON l.as_at = s.last_shown
LEFT JOIN ods AS o ON o.practice_code = m.practice_code
WHERE m.kind = 'england'
ORDER BY m.practice_code
