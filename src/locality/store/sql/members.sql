-- Today's boundaries: every practice under each organisation that sums it.
-- A practice counts in its last known PCN, place and sub-ICB; the sub-ICB in its latest ICB and
-- region. A practice that no map shows takes the sub-ICB of its latest list, or else of ODS,
-- where a map knows that sub-ICB. Code U (unallocated) is never an organisation.
-- A practice is whoever a publication of practices counts; other tables add nobody.
-- Reads practice_map, places, list_sizes, age_sex, ods_practices, qof_registers, qof_overall,
-- qof_achievement, qof_in_year, weighted_populations, payment_practices, workforce_patients,
-- online_consultations, iif, groups. Returns code, kind, practice_code.
WITH practices AS (
  SELECT practice_code FROM practice_map
  UNION
  SELECT practice_code FROM list_sizes
  UNION
  SELECT practice_code FROM age_sex
  UNION
  SELECT practice_code FROM qof_registers
  UNION
  SELECT practice_code FROM weighted_populations
  UNION
  SELECT practice_code FROM qof_in_year
  UNION
  SELECT practice_code FROM qof_overall
  UNION
  SELECT practice_code FROM qof_achievement
  UNION
  SELECT organisation_code AS practice_code FROM iif WHERE kind = 'practice'
  UNION
  SELECT practice_code FROM payment_practices
  UNION
  SELECT practice_code FROM workforce_patients
  UNION
  SELECT practice_code FROM online_consultations
),
last_pcn AS (
  SELECT
    practice_code, pcn_code,
    ROW_NUMBER() OVER (PARTITION BY practice_code ORDER BY as_at DESC) AS newest
  FROM practice_map
  WHERE pcn_code IS NOT NULL
),
last_place AS (
  SELECT
    practice_code, place_code,
    ROW_NUMBER() OVER (PARTITION BY practice_code ORDER BY from_date DESC) AS newest
  FROM places
),
-- the latest ICB and region of a sub-ICB: those of most of its practices, if they differ
sub_icbs AS (
  SELECT sub_icb_code, as_at, icb_code, region_code, COUNT(*) AS practices
  FROM practice_map
  WHERE sub_icb_code <> 'U'
  GROUP BY sub_icb_code, as_at, icb_code, region_code
),
latest_sub_icbs AS (
  SELECT
    sub_icb_code, icb_code, region_code,
    ROW_NUMBER() OVER (
      PARTITION BY sub_icb_code
      ORDER BY as_at DESC, practices DESC, icb_code NULLS LAST, region_code NULLS LAST
    ) AS newest
  FROM sub_icbs
),
sub_icb_evidence AS (
  SELECT practice_code, sub_icb_code, as_at, 1 AS preference FROM practice_map
  UNION ALL
  SELECT practice_code, sub_icb_code, as_at, 2 AS preference FROM list_sizes
  UNION ALL
  SELECT practice_code, sub_icb_code, as_at, 3 AS preference FROM ods_practices
),
last_sub_icb AS (
  SELECT
    e.practice_code, s.sub_icb_code, s.icb_code, s.region_code,
    ROW_NUMBER() OVER (
      PARTITION BY e.practice_code ORDER BY e.preference, e.as_at DESC
    ) AS newest
  FROM sub_icb_evidence AS e
  INNER JOIN practices AS p ON p.practice_code = e.practice_code
  INNER JOIN latest_sub_icbs AS s ON s.sub_icb_code = e.sub_icb_code AND s.newest = 1
),
placed AS (
  SELECT pcn_code AS code, 'pcn' AS kind, practice_code
  FROM last_pcn
  WHERE newest = 1
  UNION ALL
  SELECT place_code AS code, 'place' AS kind, practice_code
  FROM last_place
  WHERE newest = 1
  UNION ALL
  SELECT sub_icb_code AS code, 'sub_icb' AS kind, practice_code
  FROM last_sub_icb
  WHERE newest = 1
  UNION ALL
  SELECT icb_code AS code, 'icb' AS kind, practice_code
  FROM last_sub_icb
  WHERE newest = 1
  UNION ALL
  SELECT region_code AS code, 'region' AS kind, practice_code
  FROM last_sub_icb
  WHERE newest = 1
  UNION ALL
  SELECT 'ENG' AS code, 'england' AS kind, practice_code
  FROM practices
  UNION ALL
  SELECT DISTINCT code, 'group' AS kind, practice_code
  FROM groups
)
SELECT code, kind, practice_code
FROM placed
WHERE code IS NOT NULL AND code <> 'U'
ORDER BY kind, code, practice_code
