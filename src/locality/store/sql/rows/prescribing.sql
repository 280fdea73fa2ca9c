-- What each practice prescribed in a month, by chemical substance.
-- One row counts items dispensed, their quantity and cost in pounds. A sum over no number is empty.
-- Reads prescribing_rows. Returns period, practice_code, chemical, paragraph, section, items,
-- quantity, nic, actual_cost.
SELECT
  period,
  practice_code,
  SUBSTRING(bnf_code, 1, 9) AS chemical,
  SUBSTRING(bnf_code, 1, 6) AS paragraph,
  SUBSTRING(bnf_code, 1, 4) AS section,
  CAST(SUM(items) AS BIGINT) AS items,
  SUM(quantity) AS quantity,
  SUM(nic) AS nic,
  SUM(actual_cost) AS actual_cost
FROM prescribing_rows
GROUP BY
  period, practice_code, SUBSTRING(bnf_code, 1, 9), SUBSTRING(bnf_code, 1, 6),
  SUBSTRING(bnf_code, 1, 4)
ORDER BY period, practice_code, chemical
