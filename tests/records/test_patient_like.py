"""What looks like a patient's details is stopped; what managers write every day is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.records.actions.refusing import Checking, Refusal
from locality.records.patient_like import patient_like

PASS = """
Patients aged 65 and over were invited.
Patients aged 45-64 have the lowest uptake.
People over 75 wait longest.
People aged 16 to 24 do not come.
Everyone aged 40 or over is offered a check.
A check for women aged 50 to 70.
For men aged 65 and older we hold a clinic.
Dr Patel will write to the ICB by 12 March 2027.
Mrs Jones chairs the panel.
Mr Smith, practice manager, will report on 3 May 2027.
Ms Green (finance) agreed.
Mrs Jones, 3 others and the lay member were there.
A 12-month pilot begins in April.
A 10-year plan was agreed.
A 3-year-old contract is to be renewed.
The 5 year old building leaks.
70 % of 72 practices answered.
We meet on 12/03/2027 and 14/04/2027.
The surgery is at 12 High Street, Larkmere, LK1 2AB.
Ring the surgery on 01632 960123.
The new number of the hub is 01632 960 999.
Patient numbers rose by 1,200.
The patient number is 8,400 weighted.
Patients' e-mail addresses are missing for 40 %.
NHS number coverage is 99 %.
The NHS number field was empty in 1,200 rows.
Hospital numbers of referrals fell from 1200 to 1100.
GP, 2 nurses and a pharmacist share the work.
PCN, 14 practices, was asked.
QOF, 2026-27, pays more.
HR, 3 posts, is stretched.
The ICB, 42 of them before, agreed.
Aged 65 years and over: 2,300.
Age 75+ register.
The over 65s and the under 5s.
A man's health day was held.
A ladies' clinic will open.
Born out of the 2024 review, this rule is kept.
The plan was born on a walk.
Dr Alder, 12 sessions a week, can take it on.
Dr Cole, 45 years in practice, retires.
A GP aged 60 may retire.
We lost 3 GPs aged 55 to 60.
A patient said that she waited six weeks.
A patient with diabetes could not book.
The patient group met on 3 June 2026.
Two patients rang on 12 May and were not answered.
The child health team moves.
A baby clinic runs on Mondays.
A 15 minute appointment is enough.
A 2 year follow-up is planned.
One 30-minute slot a day for a nurse.
The 8 to 8 hub opens.
Action: 14 letters to 14 practices by 31/03/2027.
Mr Firth to send £50,000 statement.
Mrs Holt at NHS Larkmere ICB will chair.
Ms Kelp of Larkmere House, 1 Dale Road, will minute.
Reference 2026-014 and A-2026-003.
Version 2.10.1 of the template, dated 01/04/2026.
Weighted list 12,345; raw list 11,998.
Ages 0-4, 5-16, 17-35.
Men aged 60 and over who smoke.
The mean age of patients is 41 years.
An 85 year old building cannot be let.
This 3 year rolling plan was agreed.
Children aged 2 and 3 are due their flu vaccine.
The woman's group aged well.
""".strip().splitlines()

STOP = """
DOB 12/03/1951
dob: 12.3.51
D.O.B. 12-03-1951
Date of birth 1951-03-12
Date of birth: 12 March 1951
born on 12 March 1951
born 12/03/1951
Born 3rd Feb 1948 in the village
birthdate 01/01/2001
Her date of birth is 4 May 1962.
Hospital number A1234567
Hospital no. 1234567
hosp no 998 877 66
NHS no: 943 476 59
NHS number 4857773456
MRN number 123456
Patient ID 445566
Patient no 12345678
EMIS no 55512
emis number: 55512
CHI number 0101011234
A 72-year-old man fell.
a 72 year old lady waited
A frail 81 year old woman was sent home
This 45yr old male came twice
the 9-year-old girl was seen
our 34 year old patient rang
one 101-year-old pensioner
a 3 year old boy
A 6 yr old child had a rash
72yo lady with chest pain
a 72 yo male
54 y/o female, no allergies
81 years old woman could not book
38 year-old father of two
A lady aged 83 could not get through.
a woman, aged 44, was told to wait
the patient aged 67 was missed
A gentleman, age 90, waited outside
one man who is aged 71
a young mother aged 19 rang
Mrs Jones, 72, fell in the car park.
Mr Smith (81) was sent home
Mr John Smith (45) rang
Miss Green, aged 34, waited
Ms Brown is 56 years old and rang
Mrs O'Brien 77 yrs, no answer
Mr A. Smith, 64, died
Mrs Jones (born 12/03/1951)
Mrs Jones, b. 12.03.51
Mr Smith, born 3 May 1948, rang.
AB, 64, fell
J.S. (72) waited
JS (72M) attended
A.B., 58, was referred late
KT, 33, missed her smear
Mrs Jones of 12 High Street, LK1 2AB
Mr Smith, 3 Mill Lane, Larkmere LK12 3CD
Miss Green who lives at 4 The Close, LK2 4EF
Mr Brown at Flat 2, 9 Quay, LK1 1AA
patient's mobile 07700 900123
patient phone number: 07700 900 123
patient's e-mail is jane@example.org
the patient telephone 01632 960123
""".strip().splitlines()


@pytest.mark.parametrize("text", PASS)
def test_what_managers_write_passes(text: str) -> None:
    assert patient_like(text) is None


@pytest.mark.parametrize("text", STOP)
def test_what_looks_like_a_patient_is_stopped(text: str) -> None:
    assert patient_like(text) is not None


def test_there_are_sixty_of_each() -> None:
    assert len(PASS) >= 60 and len(STOP) >= 60


def test_the_sentence_says_what_was_seen_masked_and_what_to_do() -> None:
    with pytest.raises(Refusal) as refused, Checking() as check:
        check.words("text", "She rang. DOB 12/03/1951. No answer.", "the note")
    said = refused.value.sentence
    assert "a date of birth" in said and "1951" not in said and "DOB" in said
    assert "was not saved" in said and "“a patient”" in said


@given(st.sampled_from(PASS), st.sampled_from(PASS))
def test_passing_texts_pass_together(first: str, second: str) -> None:
    assert patient_like(f"{first}\n{second}") is None


@given(st.sampled_from(PASS), st.sampled_from(STOP), st.sampled_from(PASS))
def test_one_among_others_is_found(before: str, stopped: str, after: str) -> None:
    assert patient_like(f"{before}\n{stopped}\n{after}") is not None


@pytest.mark.parametrize(
    "text",
    ["a " * 2_500, "Mr " + "Aa " * 1_700, "patient no " + "1 " * 2_500, "A." * 2_500,
     "Mr A, " + "x" * 5_000, "born " * 1_000, "a 7 " * 1_250, "patient's " * 500],
)  # fmt: skip
def test_no_text_makes_it_slow(text: str) -> None:
    # A pattern that runs away would hang here for minutes.
    assert patient_like(text) is None or patient_like(text[:40]) is not None
