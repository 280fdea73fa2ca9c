-- Every organisation that any file has named, with its latest name and list.
-- A practice's status is what ODS says, unless a later extract speaks: shown there means active;
-- missing there, after ODS called it active, means not known. Other organisations are active
-- while the latest extract shows them. Their list is the sum over members at the latest date.
-- Reads practice_map, ods_practices, list_sizes, age_sex, places, groups, lists, members.
-- Returns code, kind, name, first_seen, last_seen, open_date, close_date, status, patients,
-- patients_as_at.
WITH seen AS (
  SELECT practice_code AS code, as_at FROM practice_map
  UNION
  SELECT practice_code AS code, as_at FROM list_sizes
  UNION
  SELECT practice_code AS code, as_at FROM age_sex
),
seen_between AS (
  SELECT code, MIN(as_at) AS first_seen, MAX(as_at) AS last_seen FROM seen GROUP BY code
),
latest_extract AS (
  SELECT MAX(as_at) AS as_at FROM seen
),
latest_map AS (
  SELECT MAX(as_at) AS as_at FROM practice_map
),
ods AS (
  SELECT *
  FROM (
    SELECT
      practice_code AS code, as_at, open_date, close_date, status, is_gp_practice,
      ROW_NUMBER() OVER (PARTITION BY practice_code ORDER BY as_at DESC) AS newest
    FROM ods_practices
  ) AS numbered
  WHERE newest = 1
),
practice_codes AS (
  SELECT practice_code AS code FROM members WHERE kind = 'england'
  UNION
  SELECT code FROM ods WHERE is_gp_practice
),
practice_names AS (
  SELECT code, name
  FROM (
    SELECT
      code, name,
      ROW_NUMBER() OVER (PARTITION BY code ORDER BY as_at DESC, preference, name) AS newest
    FROM (
      SELECT practice_code AS code, practice_name AS name, as_at, 1 AS preference
      FROM practice_map
      UNION ALL
      SELECT practice_code AS code, practice_name AS name, as_at, 2 AS preference
      FROM ods_practices
    ) AS named
    WHERE name IS NOT NULL
  ) AS numbered
  WHERE newest = 1
),
latest_lists AS (
  SELECT code, patients, as_at
  FROM (
    SELECT
      practice_code AS code, patients, as_at,
      ROW_NUMBER() OVER (PARTITION BY practice_code ORDER BY as_at DESC) AS newest
    FROM lists
    WHERE patients IS NOT NULL
  ) AS numbered
  WHERE newest = 1
),
practices AS (
  SELECT
    p.code,
    'practice' AS kind,
    COALESCE(n.name, p.code) AS name,
    s.first_seen,
    s.last_seen,
    o.open_date,
    o.close_date,
    CASE
      WHEN o.as_at >= e.as_at OR (o.as_at IS NOT NULL AND e.as_at IS NULL) THEN o.status
      WHEN s.last_seen = e.as_at THEN 'active'
      WHEN o.status <> 'active' THEN o.status
      ELSE 'not known'
    END AS status,
    l.patients,
    l.as_at AS patients_as_at
  FROM practice_codes AS p
  CROSS JOIN latest_extract AS e
  LEFT JOIN ods AS o ON o.code = p.code
  LEFT JOIN practice_names AS n ON n.code = p.code
  LEFT JOIN seen_between AS s ON s.code = p.code
  LEFT JOIN latest_lists AS l ON l.code = p.code
),
mapped AS (
  SELECT pcn_code AS code, 'pcn' AS kind, pcn_name AS name, as_at FROM practice_map
  UNION ALL
  SELECT sub_icb_code AS code, 'sub_icb' AS kind, sub_icb_name AS name, as_at FROM practice_map
  UNION ALL
  SELECT icb_code AS code, 'icb' AS kind, icb_name AS name, as_at FROM practice_map
  UNION ALL
  SELECT region_code AS code, 'region' AS kind, region_name AS name, as_at FROM practice_map
  UNION ALL
  SELECT 'ENG' AS code, 'england' AS kind, 'England' AS name, as_at FROM seen
  UNION ALL
  SELECT place_code AS code, 'place' AS kind, place_name AS name, from_date AS as_at FROM places
  UNION ALL
  SELECT code, 'group' AS kind, name, CAST(NULL AS DATE) AS as_at FROM groups
),
others AS (
  SELECT
    code, kind,
    MAX(CASE WHEN newest = 1 THEN name END) AS name,
    MIN(as_at) AS first_seen,
    MAX(as_at) AS last_seen
  FROM (
    SELECT
      code, kind, name, as_at,
      ROW_NUMBER() OVER (
        PARTITION BY code, kind
        ORDER BY CASE WHEN name IS NULL THEN 1 ELSE 0 END, as_at DESC NULLS LAST, name
      ) AS newest
    FROM mapped
    WHERE code IS NOT NULL AND code <> 'U'
  ) AS numbered
  GROUP BY code, kind
),
summing AS (
  SELECT m.code, m.kind, l.as_at, SUM(l.patients) AS patients
  FROM members AS m
  INNER JOIN lists AS l ON l.practice_code = m.practice_code
  WHERE l.patients IS NOT NULL
  GROUP BY m.code, m.kind, l.as_at
),
summed AS (
  SELECT code, kind, as_at, patients
  FROM (
    SELECT
      *, ROW_NUMBER() OVER (PARTITION BY code, kind ORDER BY as_at DESC) AS newest
    FROM summing
  ) AS numbered
  WHERE newest = 1
),
having_members AS (
  SELECT DISTINCT code, kind FROM members
)
SELECT
  code, kind, name, first_seen, last_seen, open_date, close_date, status,
  CAST(patients AS BIGINT) AS patients, patients_as_at
FROM practices
UNION ALL
SELECT
  o.code,
  o.kind,
  COALESCE(o.name, o.code) AS name,
  o.first_seen,
  o.last_seen,
  CAST(NULL AS DATE) AS open_date,
  CAST(NULL AS DATE) AS close_date,
  CASE
    WHEN o.kind IN ('england', 'group') THEN 'active'
    WHEN o.kind = 'place' AND h.code IS NOT NULL THEN 'active'
    WHEN o.kind <> 'place' AND o.last_seen = latest_map.as_at THEN 'active'
    ELSE 'closed'
  END AS status,
  CAST(s.patients AS BIGINT) AS patients,
  s.as_at AS patients_as_at
FROM others AS o
CROSS JOIN latest_map
LEFT JOIN summed AS s ON s.code = o.code AND s.kind = o.kind
LEFT JOIN having_members AS h ON h.code = o.code AND h.kind = o.kind
ORDER BY kind, code
