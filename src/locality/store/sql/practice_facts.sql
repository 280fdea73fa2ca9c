-- What each practice is given: the ages and sex of its last list, and the last index of
-- deprivation. Empty where a file does not tell.
-- Reads members, age_sex, deprivation. Returns practice_code, aged_under_15, aged_65_to_74,
-- aged_75_and_over, female (shares from 0 to 1), deprivation.
WITH last AS (
  SELECT practice_code, MAX(as_at) AS as_at
  FROM age_sex
  GROUP BY practice_code
),
ages AS (
  SELECT
    a.practice_code,
    SUM(CASE WHEN a.age_from < 15 THEN a.patients ELSE 0 END) AS young,
    SUM(CASE WHEN a.age_from >= 65 AND a.age_from < 75 THEN a.patients ELSE 0 END) AS older,
    SUM(CASE WHEN a.age_from >= 75 THEN a.patients ELSE 0 END) AS old,
    SUM(CASE WHEN a.sex = 'FEMALE' THEN a.patients ELSE 0 END) AS women,
    SUM(a.patients) AS everyone
  FROM age_sex AS a
  INNER JOIN last AS l ON l.practice_code = a.practice_code AND l.as_at = a.as_at
  GROUP BY a.practice_code
),
deprived AS (
  SELECT practice_code, MAX(score) AS score
  FROM deprivation
  WHERE period = (SELECT MAX(period) FROM deprivation)
  GROUP BY practice_code
)
SELECT
  m.practice_code,
  CAST(a.young AS DOUBLE) / NULLIF(a.everyone, 0) AS aged_under_15,
  CAST(a.older AS DOUBLE) / NULLIF(a.everyone, 0) AS aged_65_to_74,
  CAST(a.old AS DOUBLE) / NULLIF(a.everyone, 0) AS aged_75_and_over,
  CAST(a.women AS DOUBLE) / NULLIF(a.everyone, 0) AS female,
  CAST(d.score AS DOUBLE) AS deprivation
FROM members AS m
LEFT JOIN ages AS a ON a.practice_code = m.practice_code
LEFT JOIN deprived AS d ON d.practice_code = m.practice_code
WHERE m.kind = 'england'
ORDER BY m.practice_code
