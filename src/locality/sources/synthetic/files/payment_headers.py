"""Headers of NHS Payments to General Practice as published in three years, and what they hold.

A header of money names the payment; ``total:`` and ``each:`` add payments up, the latter over
patients. The rest is about the practice.
"""

from __future__ import annotations

Headers = tuple[tuple[str, str], ...]

#: Payments of the main total, in the words of 2021-22 and 2022-23.
_MAIN: Headers = (
    ("Global Sum", "global_sum"),
    ("MPIG Correction factor", "correction_factor"),
    ("Balance of PMS Expenditure", "pms_balance"),
    ("Total QOF Payments", "qof"),
    ("Childhood Vaccination and Immunisation Scheme", "childhood_vaccination"),
    ("GP Extended Hours Access", "extended_hours"),
    ("Influenza and Pneumococcal Immunisations", "influenza_pneumococcal"),
    ("Learning Disabilities", "learning_disabilities"),
    ("Meningitis", "meningitis"),
    ("Minor Surgery", "minor_surgery"),
    ("Out Of Area in Hours Urgent Care", "out_of_area"),
    ("Pertussis", "pertussis"),
    ("Rotavirus and Shingles Immunisation", "rotavirus_shingles"),
    ("Services for Violent Patients", "violent_patients"),
    ("Medical Assessment Reviews", "medical_assessment_reviews"),
    ("Weight Management Service", "weight_management"),
    ("Local Incentive Schemes", "local_schemes"),
    ("Premises Payments", "premises"),
    ("Seniority", "seniority"),
    ("Doctors Retainer Scheme Payments", "retained_doctors"),
    ("Total Locum Allowances", "locum_allowances"),
    ("Appraisal - Appraiser Costs in Respect of Locums", "appraisal"),
    ("Prolonged Study Leave", "study_leave"),
    ("PCO Admin Other", "administered_other"),
    ("Information Management and Technology", "information_technology"),
    (
        "Non DES Item Pneumococcal Vaccine, Childhood Immunisation Main Programme",
        "childhood_pneumococcal",
    ),
    ("General Practice Transformation", "transformation"),
    ("PCN Participation", "network_participation"),
    ("Prescribing Fee Payments", "prescribing_fees"),
    ("Dispensing Fee Payments", "dispensing_fees"),
    ("Reimbursement of Drugs", "drugs_reimbursed"),
    ("winter Access Fund", "winter_access"),
    ("Other Payments", "other"),
)
_TOTAL = "Total NHS Payments to General Practice"
_DEDUCTIONS = "Deductions for Pensions, Levies and Prescription Charge Income"
_LATER_TOTALS: Headers = (
    (_TOTAL, "total:main"),
    (_DEDUCTIONS, "deductions"),
    (f"{_TOTAL} Minus Deductions", "total:main deductions"),
    (
        f"{_TOTAL} including covid vaccination, covid support and long covid payments",
        "total:main covid",
    ),
    (
        "Total NHS Payments including PCN Workforce, Leadership and Support",
        "total:main networks",
    ),
    (f"{_TOTAL} including Covid and PCN payments", "total:main covid networks"),
    (
        f"{_TOTAL} including Covid and PCN payments minus deductions",
        "total:main covid networks deductions",
    ),
)
NETWORKS: Headers = (
    ("PCN Leadership", "network_leadership"),
    ("PCN Support", "network_support"),
    ("PCN Extended Hours Access", "network_extended_hours"),
    ("PCN Workforce", "network_workforce"),
    ("PCN Investment and impact Fund", "network_investment_impact"),
    ("PCN Care Home Premium", "network_care_homes"),
    ("PCN Enhanced Access", "network_enhanced_access"),
)
COVID: Headers = (
    ("Covid Immunisation", "covid_vaccination"),
    ("Covid Support and Expansion", "covid_support"),
    ("Long Covid", "long_covid"),
)
_LATER_EACH: Headers = tuple(
    (f"Average payments per {people} patient including {what}", f"each:{people} {parts}")
    for what, parts in (
        ("PCN Workforce, Leadership and Support", "main networks"),
        ("covid vaccination, covid support and long covid payments", "main covid"),
    )
    for people in ("registered", "weighted")
)


def _about(region: str, board: str, name: str, kind: str, atypical: str) -> Headers:
    return (
        (f"{region} {'code' if region.endswith(')') else 'Code'}", "region_code"),
        (f"{region} Name", "region_name"),
        (f"{board} Code", "sub_icb_code"),
        (f"{board} {name}", "sub_icb_name"),
        ("PCN Code", "pcn_code"),
        ("PCN Name", "pcn_name"),
        ("Practice Code", "practice_code"),
        ("Practice Name", "practice_name"),
        ("Practice Address", "address"),
        ("Practice Postcode", "postcode"),
        ("Practice Open Date", "opened"),
        ("Practice Close Date", "closed"),
        ("Contract Type", "contract_type"),
        ("Dispensing Practice", "dispensing"),
        (f"Practice {kind}", "practice_type"),
        ("Practice Rurality", "rurality"),
        (f"Atypical {atypical}", "atypical"),
    )


def _people(registered: str, weighted: str, foot: str = "") -> Headers:
    return (
        (registered + foot, "registered"),
        (weighted + foot, "weighted"),
        (f"Average payments per registered patient{foot}", "each:registered main"),
        (f"Average payments per weighted patient{foot}", "each:weighted main"),
    )


def _older_money() -> Headers:
    """Return the payments of 2019-20, with the footnote digits and names of that year."""
    renamed = {
        "extended_hours": "Extended Hours Access4",
        "local_schemes": "Total Local Incentive Schemes",
        "appraisal": "Appraisal Costs ",
        "network_participation": "PCN Participation3",
    }
    later = {"medical_assessment_reviews", "weight_management", "winter_access"}
    kept = [(renamed.get(key, header), key) for header, key in _MAIN if key not in later]
    place = [key for _, key in kept].index("transformation")
    kept[place] = ("General Practice Forward View", "forward_view")
    return (
        *kept,
        (_TOTAL, "total:main"),
        (_DEDUCTIONS, "deductions"),
        (f"{_TOTAL} Minus Deductions2", "total:main deductions"),
    )


HEADERS: dict[int, Headers] = {
    2019: (
        *_about("NHS England and NHS Improvement Region", "CCG", "Name", "Type", "Characteristics"),
        *_people(
            "Average number of registered patients", "Average number of weighted patients", "1"
        ),
        *_older_money(),
    ),
    2021: (
        *_about("NHS England (Region)", "CCG", "NAME", "type", "characteristics"),
        *_people(
            "Number of Registered Patients (Last Known Figure)",
            "Number of Weighted Patients (Last Known Figure)",
        ),
        *_MAIN,
        *_LATER_TOTALS,
        *NETWORKS[:-1],
        *COVID,
        *_LATER_EACH,
    ),
    2022: (
        *_about("NHS England (Region)", "Sub ICB", "NAME", "type", "characteristics"),
        *_people("Average Number of Registered Patients", "Average Number of Weighted Patients"),
        *_MAIN,
        *_LATER_TOTALS,
        *NETWORKS,
        *COVID,
        *_LATER_EACH,
    ),
}  # fmt: skip
