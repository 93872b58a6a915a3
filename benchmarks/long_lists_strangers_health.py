"""Strangers' documents of health: medicines and laboratory results."""

# ruff: noqa: E501 - lines of documents stand on one line

import random

from long_lists_strangers_paper import PEOPLE, Paper, Stranger


def medication(rows: int, rng: random.Random) -> Stranger:
    """Numbered medicines with dose and scheme; allergies and notes before and after are numbered as well."""
    paper = Paper()
    paper.add(
        "Discharge summary",
        f"Patient: {rng.choice(PEOPLE)}",
        "",
        "Allergies",
        "1. Penicillin",
        "2. Nuts",
        "",
        "Medication on discharge",
    )
    for number in range(1, rows + 1):
        drug = rng.choice(("Metformin", "Ramipril", "Bisoprolol", "Atorvastatin", "Pantoprazole", "Apixaban"))
        dose, scheme = (
            f"{rng.choice((2.5, 5, 10, 20, 40, 500))} mg",
            rng.choice(("1-0-0", "1-0-1", "0-0-1", "1-1-1")),
        )
        note = rng.choice((None, "with meals", "new", "dose reduced"))
        text = f"{number}. {drug} {dose}  {scheme}" + (f"  ({note})" if note else "")
        paper.row(text, {"drug": drug, "dose": dose, "scheme": scheme, "note": note}, "medications")
    paper.add("", "Follow-up", "1. Blood count in 2 weeks", "2. Cardiology in 3 months", "", "Dr. E. Horvat")
    return paper.done({"medications": "drug:text dose:text scheme:text note:text?"})


def lab_report(rows: int, rng: random.Random) -> Stranger:
    """Results by section with flags, ranges, results below the limit, and comments under some rows."""
    patient = rng.choice(PEOPLE)
    paper = Paper(
        40,
        lambda page: (f"City Laboratory   Patient: {patient}   Page {page}", ""),
        lambda page: ("* outside of the reference range",),
    )
    header = f"{'Test':<24}{'Result':>10}   {'Unit':<10}{'Reference':<14}Flag"
    left = rows
    while left:
        count = min(left, rng.randint(2, 14))
        left -= count
        paper.add(rng.choice(("HAEMATOLOGY", "CLINICAL CHEMISTRY", "HORMONES", "URINE")), header)
        for _ in range(count):
            test = f"{rng.choice(('Sodium', 'Potassium', 'TSH', 'Ferritin', 'Glucose', 'Hb', 'CRP'))} {rng.choice(('(serum)', '(plasma)', 'fasting', ''))}".strip()
            low, value = rng.randint(1, 40), round(rng.uniform(0.5, 90), 1)
            shown = f"<{value}" if rng.random() < 0.1 else f"{value}"
            flag = "" if low <= value <= low + 30 else "*"
            unit = rng.choice(("mmol/l", "µg/l", "g/dl", "%"))
            text = f"{test:<24}{shown:>10}   {unit:<10}{f'{low} - {low + 30}':<14}{flag}".rstrip()
            if rng.random() < 0.06:
                text += "\n    Comment: sample slightly haemolysed"
            item = {
                "test": test,
                "result": shown,
                "unit": unit,
                "reference_range": f"{low} - {low + 30}",
                "flag": flag or None,
            }
            paper.row(text, item, "results")
        paper.add("")
    paper.add("Validated by Dr. N. Lind")
    return paper.done(
        {"results": "test:text result:text unit:text reference_range:text flag:text?"}, {"patient": patient}
    )
