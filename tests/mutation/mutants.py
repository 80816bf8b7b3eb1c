"""All deliberate errors in gru_core, each with the tests that must notice it."""

from tests.mutation.kernel_mutants import KERNELS
from tests.mutation.learning_mutants import BACKWARD, LEARNING, TRANSLATING
from tests.mutation.run_mutants import FORWARD, HELD

MUTANTS = [
    *FORWARD,
    *(mutant._replace(goes_back=True) for mutant in BACKWARD),
    *(mutant._replace(is_held=True) for mutant in HELD),
    *(mutant._replace(learns=True) for mutant in LEARNING),
    *(mutant._replace(is_compiled=True) for mutant in KERNELS),
    *(mutant._replace(translates=True) for mutant in TRANSLATING),
]
