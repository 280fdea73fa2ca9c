-- What each practice prescribed in a month, by chemical substance.
-- One row counts items dispensed, their quantity (in units that differ from one presentation to
-- another) and their cost in pounds. A sum over no number is empty. Sums are rounded to the five
-- decimals that are published, so that they do not depend on the order of adding. Dressings and
-- appliances have no chemical: theirs are the first nine of eleven signs.
-- Reads prescribing_rows. Returns period, practice_code, chemical, paragraph, section, items,
-- quantity, nic, actual_cost.
WITH counted AS (
  SELECT
    period,
    practice_code,
    SUBSTRING(bnf_code, 1, 9) AS chemical,
    CAST(SUM(items) AS BIGINT) AS items,
    ROUND(SUM(quantity), 5) AS quantity,
    ROUND(SUM(nic), 5) AS nic,
    ROUND(SUM(actual_cost), 5) AS actual_cost
  FROM prescribing_rows
  GROUP BY period, practice_code, SUBSTRING(bnf_code, 1, 9)
)
SELECT
  period,
  practice_code,
  chemical,
  SUBSTRING(chemical, 1, 6) AS paragraph,
  SUBSTRING(chemical, 1, 4) AS section,
  items,
  quantity,
  nic,
  actual_cost
FROM counted
ORDER BY period, practice_code, chemical
