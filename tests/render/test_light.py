import subprocess
import sys


def test_nothing_heavy_is_loaded_before_something_is_drawn_or_written() -> None:
    code = (
        "import sys, locality.render.pictures, locality.render.papers; "
        "print(*sorted({'altair', 'vl_convert', 'xlsxwriter', 'scipy', 'django', 'duckdb', "
        "'locality.statistics'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []
