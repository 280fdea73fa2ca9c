-- Referral to treatment pathways by commissioner, specialty, part and weeks waited.
-- One row counts pathways (patients' waits, not patients). England leaves out commissioner NONC,
-- whose pathways are not English. An ICB is as published that month; rows without one are NHS
-- England's own commissioning, and count for England alone. Week -1 holds what has no time: new
-- periods, and pathways with an unknown start. No row is zero.
-- Reads waiting_rows. Returns period, code, kind, part, treatment_function, week, pathways.
WITH timed AS (
  SELECT
    period, commissioner_code, commissioner_parent_code, part, treatment_function, band, pathways
  FROM waiting_rows UNPIVOT (pathways FOR band IN (
    w000, w001, w002, w003, w004, w005, w006, w007, w008, w009,
    w010, w011, w012, w013, w014, w015, w016, w017, w018, w019,
    w020, w021, w022, w023, w024, w025, w026, w027, w028, w029,
    w030, w031, w032, w033, w034, w035, w036, w037, w038, w039,
    w040, w041, w042, w043, w044, w045, w046, w047, w048, w049,
    w050, w051, w052, w053, w054, w055, w056, w057, w058, w059,
    w060, w061, w062, w063, w064, w065, w066, w067, w068, w069,
    w070, w071, w072, w073, w074, w075, w076, w077, w078, w079,
    w080, w081, w082, w083, w084, w085, w086, w087, w088, w089,
    w090, w091, w092, w093, w094, w095, w096, w097, w098, w099,
    w100, w101, w102, w103, w104
  ))
),
untimed AS (
  SELECT
    period, commissioner_code, commissioner_parent_code, part, treatment_function,
    CASE WHEN part = 'new_periods' THEN total_all ELSE unknown_start END AS pathways
  FROM waiting_rows
),
counted AS (
  SELECT
    period, commissioner_code, commissioner_parent_code, part, treatment_function,
    CAST(SUBSTRING(band, 2, 3) AS INTEGER) AS week, pathways
  FROM timed
  WHERE pathways > 0
  UNION ALL
  SELECT
    period, commissioner_code, commissioner_parent_code, part, treatment_function,
    -1 AS week, pathways
  FROM untimed
  WHERE pathways > 0
),
placed AS (
  SELECT period, commissioner_code AS code, 'sub_icb' AS kind, part, treatment_function, week,
    pathways
  FROM counted
  WHERE commissioner_parent_code IS NOT NULL AND commissioner_code <> 'NONC'
  UNION ALL
  SELECT period, commissioner_parent_code AS code, 'icb' AS kind, part, treatment_function, week,
    pathways
  FROM counted
  WHERE commissioner_parent_code IS NOT NULL AND commissioner_code <> 'NONC'
  UNION ALL
  SELECT period, 'ENG' AS code, 'england' AS kind, part, treatment_function, week, pathways
  FROM counted
  WHERE commissioner_code <> 'NONC'
)
SELECT
  period, code, kind, part, treatment_function, CAST(week AS BIGINT) AS week,
  CAST(SUM(pathways) AS BIGINT) AS pathways
FROM placed
GROUP BY period, code, kind, part, treatment_function, week
ORDER BY period, code, kind, part, treatment_function, week
