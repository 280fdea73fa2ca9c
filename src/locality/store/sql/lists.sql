-- Registered patients of each practice at each date.
-- A published list size comes first; where none was published for a practice and date,
-- the sum over its age bands stands in.
-- Reads list_sizes, age_sex. Returns as_at, practice_code, sub_icb_code, patients, missing.
WITH summed AS (
  SELECT as_at, practice_code, SUM(patients) AS patients
  FROM age_sex
  GROUP BY as_at, practice_code
)
SELECT as_at, practice_code, sub_icb_code, patients, missing
FROM list_sizes
UNION ALL
SELECT
  summed.as_at,
  summed.practice_code,
  CAST(NULL AS VARCHAR) AS sub_icb_code,
  CAST(summed.patients AS BIGINT) AS patients,
  CAST(NULL AS VARCHAR) AS missing
FROM summed
LEFT JOIN list_sizes AS listed
  ON listed.as_at = summed.as_at AND listed.practice_code = summed.practice_code
WHERE listed.practice_code IS NULL
ORDER BY as_at, practice_code
