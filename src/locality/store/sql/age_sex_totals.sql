-- Registered patients by sex and age band, summed over each organisation's members (today's
-- boundaries), at each date.
-- Reads members, age_sex. Returns code, kind, as_at, sex, age_from, patients.
SELECT
  m.code, m.kind, a.as_at, a.sex, a.age_from, CAST(SUM(a.patients) AS BIGINT) AS patients
FROM members AS m
INNER JOIN age_sex AS a ON a.practice_code = m.practice_code
GROUP BY m.code, m.kind, a.as_at, a.sex, a.age_from
ORDER BY m.kind, m.code, a.as_at, a.sex, a.age_from
